#include "cli/world.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "cli/patterns.h"
#include "cli/secrets.h"
#include "core/error.h"
#include "engine/source_observer.h"
#include "planner/branch_classes.h"
#include "planner/identify.h"
#include "planner/retirements.h"
#include "providers/lakebase/kinds.h"

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

std::set<std::string> set_of(const std::vector<std::string>& texts) {
  return {texts.begin(), texts.end()};
}

/// Whatever is there may be somebody else's as well: no state says who made a database or a role.
void refuse_end_of_server(const Manifest& manifest) {
  if (!manifest.server.is_made()) return;
  throw Error(
      "weir ends nothing on a server without a control plane: take from the manifest what is to be "
      "taken back and apply that, then drop databases with dropdb and roles with dropuser");
}

}  // namespace

World::World(const Invocation& invocation, std::unique_ptr<Target> target)
    : parallelism_(parallelism_of(invocation)),
      password_of_(
          [&invocation](const SecretSource& source) { return given_secret(invocation, source); }),
      target_(std::move(target)) {}

InsideViews World::look(const Manifest& manifest, const std::vector<InsideQuestion>& questions,
                        bool may_be_forbidden) {
  if (questions.empty()) return {};
  InsideViews views = weir::look_into_databases(
      manifest, questions, target_->databases(),
      {.parallelism = parallelism_, .password_of = password_of_, .meanwhile = meanwhile_});
  for (const auto& [inside, view] : views) {
    // What nobody could see is neither as declared nor drifted.
    if (may_be_forbidden && view.is_forbidden) continue;
    if (view.has_failed) throw Error(fmt::format("{}: {}", inside.text(), view.withheld));
  }
  return views;
}

InsideViews World::look_into_databases(Manifest& manifest, const Records& records,
                                       const Observations& observations, Wake wake) {
  add_undeclared(manifest, records);
  return look(manifest,
              questions_about(manifest, records, observations, lakebase_catalogue(), wake));
}

InsideViews World::look_into_all_databases(const Observations& observations, Wake wake) {
  const auto questions = questions_about_all(observations, lakebase_catalogue(), wake);
  if (questions.empty()) return {};
  return weir::look_into_databases({}, questions, target_->databases(),
                                   {.parallelism = parallelism_, .meanwhile = meanwhile_});
}

InsideViews World::look_again_into_databases(const Plan& plan) {
  return look({}, questions_about_scripts(plan));
}

void World::look_into_databases(const Manifest& manifest, const Plan& plan,
                                const Observations& observations, Wake wake, InsideViews& seen) {
  // A role may have nothing in a database that keeps us out, and whether it does shows at its end.
  seen.merge(look(
      {},
      questions_about_retirements(manifest, plan, observations, lakebase_catalogue(), seen, wake),
      true));
}

Observations World::observe(Manifest& manifest, const Records& records, Confirm confirm) {
  return weir::observe(manifest, records, target_->provider(), lakebase_catalogue(),
                       {.parallelism = parallelism_, .confirm = confirm, .meanwhile = meanwhile_});
}

Observations World::look_into(const Plan& plan, Observations observations) {
  return weir::look_into(plan, std::move(observations), target_->provider(), lakebase_catalogue(),
                         {.parallelism = parallelism_, .meanwhile = meanwhile_});
}

void World::look_at_sources(Plan& plan) {
  Lakehouse* lakehouse = target_->lakehouse();
  if (lakehouse == nullptr) return;
  check_sources(plan, look_up(questions_about_sources(plan), *lakehouse, parallelism_, meanwhile_));
}

void World::sign(Plan& plan) const {
  plan.host = target_->host();
  plan.workspace_id = target_->workspace_id();
  plan.requests = target_->provider().request_count();
  plan.queries = target_->round_trips();
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
                      .replace = set_of(flags.values("replace")),
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
  if (options.is_destroy) refuse_end_of_server(loaded.manifest);
  Observations observations = world.observe(loaded.manifest, records);
  if (!options.is_destroy) {
    keep_to_classes(loaded.manifest, observations, options.replace);
    enforce_classes(loaded.manifest, records, observations, options.now);
  }
  InsideViews insides =
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
    world.look_into_databases(loaded.manifest, plan, observations, wake, insides);
    plan = planned();
  }
  world.look_at_sources(plan);
  world.sign(plan);
  plan.manifest_hash = hash_of(loaded);
  return plan;
}

Records records_as_declared(const Manifest& manifest, const Observations& observations) {
  Records records;
  const Wishes wishes(manifest, {}, observations, lakebase_catalogue());
  for (const Wish& wish : wishes.all()) {
    // Roles on a server are there or not with the statements that make them.
    const Declaration& declaration = *wish.declaration;
    if (declaration.is_made_in_sql && !declaration.takes_requests) continue;
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
