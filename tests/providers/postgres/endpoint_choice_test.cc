#include "providers/postgres/endpoint_choice.h"

#include <gtest/gtest.h>

#include "providers/postgres/name_service.h"

namespace weir::postgres {
namespace {

Observed an_endpoint(const std::string& id, const std::string& type = "read_write",
                     const std::string& host = "host.example") {
  Observed endpoint{.name = "projects/shop/branches/dev/endpoints/" + id};
  endpoint.fields["type"] = type;
  endpoint.facts["hosts"] = {{"host", host}};
  return endpoint;
}

TEST(EndpointChoice, PrefersThePrimaryAmongThoseThatWrite) {
  const EndpointChoice choice =
      choose_endpoint({an_endpoint("alpha"), an_endpoint("primary", "read_write", "p.example"),
                       an_endpoint("aaa", "read_only")});
  EXPECT_EQ(choice.endpoint, "projects/shop/branches/dev/endpoints/primary");
  EXPECT_EQ(choice.host, "p.example");
  EXPECT_EQ(choose_endpoint({an_endpoint("b"), an_endpoint("a")}).endpoint,
            "projects/shop/branches/dev/endpoints/a");
}

TEST(EndpointChoice, SaysWhyThereIsNone) {
  EXPECT_EQ(choose_endpoint({}).problem, "it has no endpoint that writes");
  EXPECT_TRUE(choose_endpoint({an_endpoint("reader", "read_only")}).may_pass);
  EXPECT_EQ(choose_endpoint({an_endpoint("primary", "read_write", "")}).problem,
            "its endpoint primary has no host yet");
  Observed disabled = an_endpoint("primary");
  disabled.fields["disabled"] = true;
  EXPECT_EQ(choose_endpoint({disabled}).problem,
            "its endpoint primary is disabled, and no connection wakes it");
  EXPECT_FALSE(choose_endpoint({disabled}).may_pass);
}

TEST(EndpointChoice, RefusesAHostThatWouldLeadLibpqElsewhere) {
  for (const char* host : {"/tmp", "@abstract", "a.example,b.example", "a b", "a'b", "a\nb"}) {
    const EndpointChoice choice = choose_endpoint({an_endpoint("primary", "read_write", host)});
    EXPECT_EQ(choice.endpoint, "") << host;
    EXPECT_FALSE(choice.problem.empty()) << host;
  }
}

TEST(NameService, GivesLibpqAHostForEachAddress) {
  PostgresKeywords keywords = {{"host", "db.example"}, {"hostaddr", ""}};
  const LookUp two = [](const std::string&) { return Addresses{.numeric = {"10.0.0.1", "::1"}}; };
  EXPECT_EQ(add_addresses(keywords, two), "");
  EXPECT_EQ(keywords.at("host"), "db.example,db.example");
  EXPECT_EQ(keywords.at("hostaddr"), "10.0.0.1,::1");
}

TEST(NameService, LeavesAddressesAndSocketsAlone) {
  const LookUp never = [](const std::string&) { return Addresses{.problem = "was asked"}; };
  for (const char* host : {"127.0.0.1", "::1", "/run/postgresql", "a.example,b.example", ""}) {
    PostgresKeywords keywords = {{"host", host}};
    EXPECT_EQ(add_addresses(keywords, never), "") << host;
  }
  PostgresKeywords said = {{"host", "db.example"}, {"hostaddr", "10.0.0.1"}};
  EXPECT_EQ(add_addresses(said, never), "");
  PostgresKeywords name = {{"host", "db.example"}};
  EXPECT_EQ(add_addresses(name, never), "was asked");
}

TEST(NameService, KnowsTheNameOfThisMachine) {
  EXPECT_FALSE(look_up("localhost").numeric.empty());
  EXPECT_NE(look_up("nothing.invalid").problem, "");
}

}  // namespace
}  // namespace weir::postgres
