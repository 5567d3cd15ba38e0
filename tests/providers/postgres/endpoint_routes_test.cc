// What is asked of a workspace before somebody can connect, and how often.
#include "providers/postgres/endpoint_routes.h"

#include <future>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/support/fake_timing.h"
#include "tests/support/loopback_server.h"

namespace weir::postgres {
namespace {

using test::FakeTiming;
using test::Peer;

/// A workspace whose branches all have one endpoint.
class Service {
 public:
  explicit Service(const FakeTiming& timing) : timing_(timing) {}

  http::Workspace workspace(const std::map<std::string, std::string>& more = {}) const {
    std::map<std::string, std::string> variables = {{"DATABRICKS_HOST", server_.url()},
                                                    {"DATABRICKS_TOKEN", "dapi-canary"}};
    variables.insert(more.begin(), more.end());
    return http::Workspace(http::resolve_configuration({}, [variables](const std::string& name) {
      const auto found = variables.find(name);
      return found == variables.end() ? std::string() : found->second;
    }));
  }
  int count(const std::string& part) {
    return requests_.with([&](const std::vector<std::string>& all) {
      return static_cast<int>(std::count_if(all.begin(), all.end(), [&](const std::string& one) {
        return one.find(part) != std::string::npos;
      }));
    });
  }

  std::string token_answer = R"({{"token":"token-{}","expire_time":"{}"}})";
  std::string me = R"({"userName":"jane@example.com"})";
  int status = 200;

 private:
  std::string body_for(const std::string& request) {
    if (request.find("/scim/") != std::string::npos) return me;
    if (request.find("/credentials") != std::string::npos) {
      return fmt::format(fmt::runtime(token_answer), count("POST"),
                         timestamp_text(timing_.now + std::chrono::hours(1)));
    }
    const std::string start = "/api/2.0/postgres/";
    const std::size_t place = request.find(start) + start.size();
    const std::string list = request.substr(place, request.find('?') - place);
    return fmt::format(
        R"({{"endpoints":[{{"name":"{}/primary","status":{{"endpoint_type":"ENDPOINT_TYPE_READ_WRITE",)"
        R"("hosts":{{"host":"primary.example"}}}}}}]}})",
        list);
  }
  void serve(Peer& peer) {
    const std::string request = peer.read_request();
    if (request.empty()) return;
    requests_.with([&](std::vector<std::string>& all) { all.push_back(request); });
    const bool is_token = request.find("/credentials") != std::string::npos;
    peer.send(test::answer(is_token ? status : 200, body_for(request)));
  }

  const FakeTiming& timing_;
  http::Guarded<std::vector<std::string>> requests_;
  test::LoopbackServer server_{[this](Peer& peer) { serve(peer); }};
};

DatabasePlace place_in(const std::string& branch) {
  return {.branch = "projects/shop/branches/" + branch, .database = "app"};
}

std::string refusal(const std::function<void()>& action) {
  try {
    action();
    return "nothing was refused";
  } catch (const Error& error) {
    return error.what();
  }
}

TEST(EndpointRoutes, LeadToTheEndpointThatWritesAsWhoeverIsSignedIn) {
  FakeTiming timing;
  Service service(timing);
  http::Workspace workspace = service.workspace();
  EndpointRoutes routes(workspace, {}, timing.timing());
  const Route route = routes.route_to(place_in("dev"));
  const auto& keywords = route.address.keywords;
  EXPECT_EQ(keywords.at("host"), "primary.example");
  EXPECT_EQ(keywords.at("port"), "5432");
  EXPECT_EQ(keywords.at("user"), "jane@example.com");
  EXPECT_EQ(keywords.at("dbname"), "app");
  EXPECT_EQ(keywords.at("sslmode"), "verify-full");
  EXPECT_EQ(keywords.at("options"), "");
  EXPECT_EQ(routes.key_to(place_in("dev")).password.reveal(), "token-1");
  EXPECT_EQ(service.count(R"({"endpoint":"projects/shop/branches/dev/endpoints/primary"})"), 1);
}

TEST(EndpointRoutes, AskOnceForWhatManyThreadsWant) {
  FakeTiming timing;
  Service service(timing);
  http::Workspace workspace = service.workspace();
  EndpointRoutes routes(workspace, {}, timing.timing());
  std::vector<std::future<Key>> threads;
  threads.reserve(20);
  for (int number = 0; number < 20; ++number) {
    threads.push_back(std::async(std::launch::async, [&routes, number] {
      const DatabasePlace place = place_in(number % 2 == 0 ? "dev" : "staging");
      routes.route_to(place);
      return routes.key_to(place);
    }));
  }
  for (auto& thread : threads) EXPECT_FALSE(thread.get().password.is_empty());
  EXPECT_EQ(service.count("POST"), 2);
  EXPECT_EQ(service.count("/endpoints?"), 2);
  EXPECT_EQ(service.count("/scim/"), 1);
}

TEST(EndpointRoutes, MintATokenAnewBeforeItEnds) {
  FakeTiming timing;
  Service service(timing);
  http::Workspace workspace = service.workspace();
  EndpointRoutes routes(workspace, {}, timing.timing());
  routes.key_to(place_in("dev"));
  timing.now += std::chrono::minutes(30);
  EXPECT_EQ(routes.key_to(place_in("dev")).password.reveal(), "token-1");
  timing.now += std::chrono::minutes(15);
  EXPECT_EQ(routes.key_to(place_in("dev")).password.reveal(), "token-2");
}

TEST(EndpointRoutes, MintARefusedTokenAnewOnceForAllWhoHadIt) {
  FakeTiming timing;
  Service service(timing);
  http::Workspace workspace = service.workspace();
  EndpointRoutes routes(workspace, {}, timing.timing());
  const Secret refused = routes.key_to(place_in("dev")).password;
  EXPECT_TRUE(routes.renew(place_in("dev"), refused));
  EXPECT_TRUE(routes.renew(place_in("dev"), refused));
  EXPECT_EQ(routes.key_to(place_in("dev")).password.reveal(), "token-2");
  EXPECT_EQ(service.count("POST"), 2);
}

TEST(EndpointRoutes, AskAgainForAnEndpointThatDidNotAnswer) {
  FakeTiming timing;
  Service service(timing);
  http::Workspace workspace = service.workspace();
  EndpointRoutes routes(workspace, {}, timing.timing());
  routes.doubt(place_in("dev"));
  routes.key_to(place_in("dev"));
  routes.doubt(place_in("dev"));
  routes.key_to(place_in("dev"));
  EXPECT_EQ(service.count("/endpoints?"), 2);
  EXPECT_EQ(service.count("POST"), 1);
}

TEST(EndpointRoutes, RefuseAnswersWithoutWhatTheyNeed) {
  FakeTiming timing;
  Service service(timing);
  http::Workspace workspace = service.workspace();
  service.me = "{}";
  EXPECT_NE(refusal([&] {
              EndpointRoutes(workspace, {}, timing.timing()).route_to(place_in("dev"));
            }).find("does not say who is signed in"),
            std::string::npos);
  service.me = R"({"userName":"jane@example.com"})";
  service.token_answer = "{{}}";
  EXPECT_NE(refusal([&] {
              EndpointRoutes(workspace, {}, timing.timing()).key_to(place_in("dev"));
            }).find("gave no token"),
            std::string::npos);
  service.token_answer = R"({{"token":"a\nb canary"}})";
  const std::string said =
      refusal([&] { EndpointRoutes(workspace, {}, timing.timing()).key_to(place_in("dev")); });
  EXPECT_NE(said, "nothing was refused");
  EXPECT_EQ(said.find("canary"), std::string::npos) << said;
}

TEST(EndpointRoutes, ReadTheirSettingsFromTheEnvironment) {
  FakeTiming timing;
  const Service service(timing);
  EXPECT_EQ(read_endpoint_settings(service.workspace()).port, "5432");
  EXPECT_EQ(read_endpoint_settings(service.workspace({{"PGPORT", "1"}})).port, "5432");
  const auto set = service.workspace(
      {{"WEIR_POSTGRES_PORT", "15432"}, {"WEIR_POSTGRES_CA", "/proc/self/status"}});
  EXPECT_EQ(read_endpoint_settings(set).port, "15432");
  EXPECT_EQ(read_endpoint_settings(set).authorities, "/proc/self/status");
  EXPECT_EQ(
      read_endpoint_settings(service.workspace({{"SSL_CERT_FILE", "/proc/self/stat"}})).authorities,
      "/proc/self/stat");
  for (const char* port : {"0", "65536", "x", "5432 "}) {
    EXPECT_NE(refusal([&] {
                read_endpoint_settings(service.workspace({{"WEIR_POSTGRES_PORT", port}}));
              }).find("WEIR_POSTGRES_PORT"),
              std::string::npos)
        << port;
  }
  EXPECT_NE(refusal([&] {
              read_endpoint_settings(service.workspace({{"WEIR_POSTGRES_CA", "/no/such"}}));
            }).find("cannot be read"),
            std::string::npos);
}

}  // namespace
}  // namespace weir::postgres
