// A PostgreSQL server without a control plane as the target.
#include <fmt/format.h>

#include "cli/secrets.h"
#include "cli/target.h"
#include "core/error.h"
#include "providers/postgres/fixed_routes.h"
#include "providers/postgres/postgres_databases.h"
#include "providers/postgres/server_provider.h"

namespace weir {
namespace {

/// How often somebody asks how far a request is, where there are none.
constexpr double kPace = 10;

class ServerTarget : public Target {
 public:
  ServerTarget(const Secret& url, const std::string& branch)
      : databases_(
            std::make_unique<postgres::FixedRoutes>(std::map<std::string, Secret>{{branch, url}})),
        provider_(databases_, branch, url) {}

  Provider& provider() override { return provider_; }
  Performer& performer() override { return provider_; }
  Databases& databases() override { return databases_; }
  Entrances& entrances() override { return databases_; }
  Lakehouse* lakehouse() override { return nullptr; }
  std::size_t round_trips() const override { return databases_.round_trips(); }
  std::string host() const override { return provider_.server(); }
  std::string workspace_id() const override { return ""; }
  double pace() const override { return kPace; }
  Duration longest_change() const override { return kLongestRequest; }
  void meet() override {}
  std::string login() const override { return ""; }
  std::optional<Duration> clock_skew() const override { return std::nullopt; }

 private:
  postgres::PostgresDatabases databases_;
  // Last: it uses the databases.
  postgres::ServerProvider provider_;
};

}  // namespace

std::unique_ptr<Target> server_target(const Invocation& invocation, const ServerChoice& server) {
  const std::string profile = invocation.options.value("profile");
  if (!profile.empty()) {
    throw UsageError(
        fmt::format("-profile {} names a workspace, and the manifest is for a server here: leave "
                    "-profile away, or choose another environment",
                    harmless(profile)));
  }
  return std::make_unique<ServerTarget>(postgres_url(invocation, server.url, "the server"),
                                        server.branch);
}

}  // namespace weir
