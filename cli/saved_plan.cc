#include "cli/saved_plan.h"

#include <algorithm>

#include <fmt/format.h>

#include "core/error.h"
#include "core/file_text.h"
#include "planner/identify.h"
#include "planner/plan_file.h"
#include "providers/lakebase/kinds.h"

namespace weir {
namespace {

constexpr std::size_t kLargestPlan = std::size_t{256} << 20U;

/// What something is bound to stands elsewhere.
void add_needs(const Step& step, Records& records) {
  for (const auto& [name, uid] : step.precondition.needs) {
    const auto address = Address::parse(name);
    const Kind* kind = address ? kind_at(lakebase_catalogue(), *address) : nullptr;
    if (kind == nullptr) continue;
    records.try_emplace(
        *address,
        Record{.address = *address, .kind = std::string(kind->name), .remote_name = name});
  }
}

/// What the steps touch, as if it were recorded: enough to see it again without the manifest.
Records records_of(const Plan& plan) {
  Records records;
  for (const Step& step : plan.steps) {
    records[step.address] = {.address = step.address,
                             .kind = std::string(step.kind->name),
                             .remote_name = step.remote_name};
    if (step.kind->is_foreign) add_needs(step, records);
  }
  return records;
}

}  // namespace

std::vector<Stale> stale_steps(World& world, const Plan& plan) {
  Manifest nothing;
  return find_stale(plan, world.look_into(plan, world.observe(nothing, records_of(plan))));
}

std::vector<Stale> stale_scripts(World& world, const Plan& plan) {
  const bool has_scripts =
      std::ranges::any_of(plan.steps, [](const Step& step) { return step.script.has_value(); });
  if (!has_scripts) return {};
  return find_stale_scripts(plan, world.look_again_into_databases(plan));
}

Plan read_saved_plan(const std::string& path) {
  const FileText read = read_file_text(path, kLargestPlan);
  if (read.problem.empty()) return load_plan(read.text, lakebase_catalogue());
  throw ConfigurationError(
      fmt::format("the plan file {} cannot be read: {}{}", path, read.problem,
                  read.is_missing ? fmt::format("; weir plan -out {} makes it", path) : ""));
}

}  // namespace weir
