#include "planner/selection.h"

#include <algorithm>
#include <set>

#include "core/glob.h"
#include "planner/synced_tables.h"

namespace weir {
namespace {

bool is_named(const std::vector<std::string>& globs, const Address& address) {
  return std::any_of(globs.begin(), globs.end(),
                     [&](const std::string& glob) { return names(glob, address); });
}

/// Steps come after those that they need, so one pass back marks all that are needed.
void mark_needed(const Plan& plan, std::vector<bool>& is_chosen) {
  for (std::size_t index = plan.steps.size(); index-- > 0;) {
    if (!is_chosen[index]) continue;
    for (const std::size_t first : plan.steps[index].after) is_chosen[first] = true;
  }
}

/// What copies get when they are there belongs to those that are chosen.
void choose_after_sync(const Plan& plan, std::vector<bool>& is_chosen) {
  for (std::size_t index = 0; index < plan.steps.size(); ++index) {
    if (!is_after_sync(plan.steps[index])) continue;
    const auto& after = plan.steps[index].after;
    is_chosen[index] = is_chosen[index] || std::ranges::any_of(after, [&](std::size_t each) {
                         return is_chosen[each] && plan.steps[each].action == Action::kCreate &&
                                plan.steps[each].kind->is_a("synced_table");
                       });
  }
}

/// Nothing ends that is to be made anew and is not.
void drop_halves(const Plan& plan, std::vector<bool>& is_chosen) {
  std::set<Address> made;
  for (std::size_t index = 0; index < plan.steps.size(); ++index) {
    if (is_chosen[index] && plan.steps[index].action == Action::kCreate) {
      made.insert(plan.steps[index].address);
    }
  }
  for (std::size_t index = 0; index < plan.steps.size(); ++index) {
    const Step& step = plan.steps[index];
    const bool is_half = step.is_replacement && step.is_destructive();
    if (is_half && !made.contains(step.address)) is_chosen[index] = false;
  }
}

void drop_dependents(const Plan& plan, std::vector<bool>& is_chosen) {
  for (std::size_t index = 0; index < plan.steps.size(); ++index) {
    const auto& after = plan.steps[index].after;
    if (std::any_of(after.begin(), after.end(),
                    [&](std::size_t each) { return !is_chosen[each]; })) {
      is_chosen[index] = false;
    }
  }
}

}  // namespace

bool names(std::string_view glob, const Address& address) {
  for (Address part = address; !part.is_root(); part = part.parent()) {
    if (matches_glob(glob, part.text())) return true;
  }
  return false;
}

bool is_excluded(const PlanOptions& options, const Address& address) {
  return is_named(options.except, address);
}

bool is_selected(const PlanOptions& options, const Address& address) {
  return (options.only.empty() || is_named(options.only, address)) &&
         !is_excluded(options, address);
}

void select_steps(Plan& plan, const PlanOptions& options) {
  if (options.only.empty() && options.except.empty()) return;
  std::vector<bool> is_chosen(plan.steps.size(), true);
  for (std::size_t index = 0; index < plan.steps.size(); ++index) {
    const Address& address = plan.steps[index].address;
    is_chosen[index] = options.only.empty() || is_named(options.only, address);
  }
  choose_after_sync(plan, is_chosen);
  mark_needed(plan, is_chosen);
  for (std::size_t index = 0; index < plan.steps.size(); ++index) {
    if (is_excluded(options, plan.steps[index].address)) is_chosen[index] = false;
  }
  drop_dependents(plan, is_chosen);
  drop_halves(plan, is_chosen);
  drop_dependents(plan, is_chosen);
  std::vector<std::size_t> places(plan.steps.size());
  std::vector<Step> chosen;
  for (std::size_t index = 0; index < plan.steps.size(); ++index) {
    if (!is_chosen[index]) continue;
    places[index] = chosen.size();
    chosen.push_back(std::move(plan.steps[index]));
    for (std::size_t& first : chosen.back().after) first = places[first];
  }
  plan.steps = std::move(chosen);
}

}  // namespace weir
