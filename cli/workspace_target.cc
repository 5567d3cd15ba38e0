// A workspace as the target, at the address that flags, environment, manifest and profiles name.
#include <algorithm>
#include <array>
#include <chrono>

#include <fmt/format.h>

#include "cli/target.h"
#include "core/error.h"
#include "providers/http/configuration.h"
#include "providers/http/workspace.h"
#include "providers/lakebase/api_provider.h"
#include "providers/postgres/postgres_databases.h"

namespace weir {
namespace {

/// A flag beats what a file suggests, which beats the environment and the profile file. Only a
/// profile can be suggested so; a host is compared.
http::Configuration configuration_of(const Invocation& invocation,
                                     const http::Suggestion& suggestion) {
  std::map<std::string, std::string> given;
  const std::string profile = invocation.options.value("profile");
  if (!profile.empty()) given["profile"] = profile;
  return http::resolve_configuration(
      given, [&](const std::string& name) { return invocation.getenv(name).value_or(""); },
      suggestion);
}

/// Says on standard error why people wait: at once, and then now and then, whichever of the
/// requests under way it is about.
class Teller {
 public:
  explicit Teller(const Invocation& invocation) : invocation_(invocation) {}

  void operator()(const std::string& why) const {
    const auto now = std::chrono::steady_clock::now();
    const bool is_due = next_.with([&](std::chrono::steady_clock::time_point& next) {
      if (now < next) return false;
      next = now + kPause;
      return true;
    });
    if (is_due) note(invocation_, harmless(why) + "\n");
  }

 private:
  static constexpr std::chrono::seconds kPause{10};

  const Invocation& invocation_;
  mutable http::Guarded<std::chrono::steady_clock::time_point> next_;
};

/// -verbose, or WEIR_LOG with a level that tells as much.
bool is_watched(const Invocation& invocation) {
  if (invocation.options.has("verbose")) return true;
  const std::string level = invocation.variable("WEIR_LOG").value_or("off");
  constexpr std::array<std::string_view, 6> kLevels = {"trace", "debug", "info",
                                                       "warn",  "error", "off"};
  const auto* found = std::ranges::find(kLevels, level);
  if (found == kLevels.end()) {
    throw ConfigurationError(fmt::format("WEIR_LOG is \"{}\"; write one of {}, or unset it",
                                         harmless(level), fmt::join(kLevels, ", ")));
  }
  return found - kLevels.begin() < 2 && !invocation.is_quiet();
}

/// "GET /api/2.0/postgres/projects 200 34 ms"; never a query, which may hold what people wrote.
std::string exchange_line(const http::Exchange& exchange) {
  const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(exchange.took);
  const std::string status =
      exchange.status == 0 ? "no answer" : fmt::format("{}", exchange.status);
  const std::string again =
      exchange.attempts == 1 ? "" : fmt::format(", {} attempts", exchange.attempts);
  return fmt::format("{} {} {} {} ms{}\n", exchange.method, harmless(exchange.path), status,
                     took.count(), again);
}

http::Timing timing_for(const Invocation& invocation) {
  http::Timing timing = http::Timing::real();
  // Shared: copies of the timing speak with one voice.
  timing.tell = [teller = std::make_shared<Teller>(invocation)](const std::string& why) {
    (*teller)(why);
  };
  if (is_watched(invocation)) {
    timing.watch = [&invocation](const http::Exchange& exchange) {
      report(invocation, exchange_line(exchange));
    };
  }
  return timing;
}

class WorkspaceTarget : public Target {
 public:
  WorkspaceTarget(const Invocation& invocation, const http::Suggestion& suggestion,
                  Patience patience)
      : patience_(patience),
        workspace_(configuration_of(invocation, suggestion), timing_for(invocation)),
        provider_(workspace_) {}

  Provider& provider() override { return provider_; }
  Performer& performer() override { return provider_; }
  Databases& databases() override { return inside(); }
  Entrances& entrances() override { return inside(); }
  Lakehouse* lakehouse() override { return &provider_; }
  std::size_t round_trips() const override { return databases_ ? databases_->round_trips() : 0; }
  std::string host() const override { return workspace_.host(); }
  std::string workspace_id() const override { return workspace_.workspace_id(); }
  double pace() const override { return workspace_.pace(); }
  Duration longest_change() const override { return workspace_.longest_change(); }
  std::string login() const override { return workspace_.login(); }
  std::optional<Duration> clock_skew() const override { return workspace_.clock_skew(); }
  void meet() override {
    if (!workspace_.workspace_id().empty()) return;
    workspace_.get("/api/2.0/postgres/projects", {{"page_size", "1"}});
  }

 private:
  postgres::PostgresDatabases& inside() {
    if (!databases_) databases_ = postgres::databases_of(workspace_, options());
    return *databases_;
  }

  postgres::Options options() const {
    postgres::Options options;
    if (patience_ == Patience::kNone) options.patience = Duration(0);
    return options;
  }

  const Patience patience_;
  http::Workspace workspace_;
  ApiProvider provider_;
  // Last: they use the workspace. Made when they are needed.
  std::unique_ptr<postgres::PostgresDatabases> databases_;
};

}  // namespace

std::unique_ptr<Target> workspace_target(const Invocation& invocation,
                                         const http::Suggestion& suggestion, Patience patience) {
  return std::make_unique<WorkspaceTarget>(invocation, suggestion, patience);
}

}  // namespace weir
