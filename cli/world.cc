#include "cli/world.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>

#include <fmt/format.h>

#include "cli/patterns.h"
#include "cli/secrets.h"
#include "core/error.h"
#include "planner/identify.h"
#include "providers/lakebase/api_provider.h"
#include "providers/lakebase/kinds.h"
#include "providers/postgres/postgres_databases.h"

namespace weir {
namespace {

constexpr std::size_t kDefaultParallelism = 10;
constexpr std::size_t kMostParallelism = 64;

std::optional<std::int64_t> number_in(const std::string& text, std::int64_t least,
                                      std::int64_t most) {
  std::int64_t number = 0;
  const char* end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, number);
  const bool is_number = parsed.ec == std::errc{} && parsed.ptr == end;
  if (!is_number || number < least || number > most) return std::nullopt;
  return number;
}

constexpr std::int64_t kLargestNumber = 1'000'000'000;

std::size_t parallelism_of(const Invocation& invocation) {
  std::string text = invocation.options.value("parallelism");
  std::string_view origin = "-parallelism";
  if (text.empty()) {
    text = invocation.variable("WEIR_PARALLELISM").value_or("");
    origin = "WEIR_PARALLELISM";
  }
  if (text.empty()) return kDefaultParallelism;
  const auto number = number_in(text, 1, kMostParallelism);
  if (!number) {
    throw UsageError(
        fmt::format("{} {}: expected a number from 1 to {}", origin, text, kMostParallelism));
  }
  return static_cast<std::size_t>(*number);
}

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

/// What nobody could see is neither as declared nor drifted.
InsideViews all_seen(InsideViews views) {
  for (const auto& [inside, view] : views) {
    if (view.has_failed) throw Error(fmt::format("{}: {}", inside.text(), view.withheld));
  }
  return views;
}

std::set<std::string> set_of(const std::vector<std::string>& texts) {
  return {texts.begin(), texts.end()};
}

}  // namespace

World::World(const Invocation& invocation, const http::Suggestion& suggestion)
    : parallelism_(parallelism_of(invocation)),
      password_of_(
          [&invocation](const SecretSource& source) { return given_secret(invocation, source); }),
      workspace_(configuration_of(invocation, suggestion), timing_for(invocation)),
      provider_(std::make_unique<ApiProvider>(workspace_)) {}

World::~World() = default;

Provider& World::provider() {
  return *provider_;
}

Performer& World::performer() {
  return *provider_;
}

Databases& World::databases() {
  if (!databases_) databases_ = postgres::databases_of(workspace_);
  return *databases_;
}

LookOptions World::look_options(Wake wake) const {
  return {.wake = wake,
          .parallelism = parallelism_,
          .password_of = password_of_,
          .meanwhile = meanwhile_};
}

InsideViews World::look_into_databases(Manifest& manifest, const Records& records,
                                       const Observations& observations, Wake wake) {
  add_undeclared(manifest, records);
  if (manifest.insides.empty()) return {};
  return all_seen(weir::look_into_databases(manifest, records, observations, lakebase_catalogue(),
                                            databases(), look_options(wake)));
}

InsideViews World::look_again_into_databases(const Plan& plan) {
  return all_seen(weir::look_again(plan, databases(), look_options(Wake::kAlways)));
}

Observations World::observe(Manifest& manifest, const Records& records, Confirm confirm) {
  return weir::observe(manifest, records, *provider_, lakebase_catalogue(),
                       {.parallelism = parallelism_, .confirm = confirm, .meanwhile = meanwhile_});
}

Observations World::look_into(const Plan& plan, Observations observations) {
  return weir::look_into(plan, std::move(observations), *provider_, lakebase_catalogue(),
                         {.parallelism = parallelism_, .meanwhile = meanwhile_});
}

void World::meet() {
  if (workspace_.workspace_id().empty()) {
    workspace_.get("/api/2.0/postgres/projects", {{"page_size", "1"}});
  }
}

void World::sign(Plan& plan) const {
  plan.host = workspace_.host();
  plan.workspace_id = workspace_.workspace_id();
  plan.requests = workspace_.request_count();
  if (databases_) plan.queries = databases_->round_trips();
}

http::Suggestion suggestion_of(const Manifest& manifest) {
  std::string origin = "the manifest";
  if (!manifest.environment.empty()) origin += "'s environment " + manifest.environment;
  return {.origin = origin, .host = manifest.workspace.host, .profile = manifest.workspace.profile};
}

std::optional<std::int64_t> whole_number_in(const std::string& text, std::int64_t least) {
  return number_in(text, least, kLargestNumber);
}

PlanOptions plan_options(const Invocation& invocation) {
  const Options& flags = invocation.options;
  PlanOptions options{.now = time_of_run(invocation),
                      .may_prune = !flags.has("no-prune") && flags.value("prune") != "false",
                      .is_destroy = flags.has("destroy"),
                      .allow_destroy = set_of(flags.values("allow-destroy")),
                      .max_destroys = {},
                      .only = globs_of(flags, "only"),
                      .except = globs_of(flags, "except")};
  const std::string most = flags.value("max-destroys");
  if (most.empty()) return options;
  options.max_destroys = whole_number_in(most, 0);
  if (!options.max_destroys) {
    throw UsageError(fmt::format("-max-destroys {}: expected a number from 0 on", most));
  }
  return options;
}

Wake wake_of(const Invocation& invocation, Wake usually) {
  const std::string when = invocation.options.value("wake");
  if (when.empty()) return usually;
  if (when == "never") return Wake::kNever;
  return when == "always" ? Wake::kAlways : Wake::kAuto;
}

Plan plan_for(World& world, Loaded& loaded, const Records& records, const PlanOptions& options,
              Wake wake) {
  Observations observations = world.observe(loaded.manifest, records);
  const InsideViews insides =
      options.is_destroy ? InsideViews()
                         : world.look_into_databases(loaded.manifest, records, observations, wake);
  const auto planned = [&] {
    return make_plan(loaded.manifest, records, observations, lakebase_catalogue(), options,
                     insides);
  };
  Plan plan = planned();
  const bool ends_something = std::ranges::any_of(plan.steps, &Step::is_destructive);
  if (ends_something) {
    observations = world.look_into(plan, std::move(observations));
    plan = planned();
  }
  world.sign(plan);
  plan.manifest_hash = hash_of(loaded);
  return plan;
}

Records records_as_declared(const Manifest& manifest, const Observations& observations) {
  Records records;
  const Wishes wishes(manifest, {}, observations, lakebase_catalogue());
  for (const Wish& wish : wishes.all()) {
    records.emplace(wish.declaration->address, record_of(wish));
  }
  for (const Inside& inside : manifest.insides) {
    const Address address = address_of_inside(inside);
    records.emplace(address,
                    Record{.address = address,
                           .kind = std::string(inside_kind().name),
                           .remote_name = "",
                           .fields = fields_of_inside(inside, named_wishes(inside, manifest))});
  }
  return records;
}

}  // namespace weir
