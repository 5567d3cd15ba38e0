#include "planner/plan.h"

#include <array>

namespace weir {

std::string_view text_of(Reason reason) {
  static constexpr std::array<std::string_view, 6> kTexts = {
      "new", "manifest changed", "drift", "adopted", "no longer declared", "renewed"};
  return kTexts.at(static_cast<std::size_t>(reason));
}

std::string_view text_of(Action action) {
  static constexpr std::array<std::string_view, 7> kTexts = {
      "create", "update", "delete", "purge", "undelete", "adopt", "forget"};
  return kTexts.at(static_cast<std::size_t>(action));
}

Counts count(const Plan& plan) {
  Counts counts = {.adopt = plan.adopted, .drifted = plan.drift.size()};
  for (const Step& step : plan.steps) {
    // A replacement is one change for people, though it takes two steps.
    if (step.is_replacement) {
      if (step.is_destructive()) ++counts.replace;
      continue;
    }
    switch (step.action) {
      case Action::kCreate:
        ++counts.create;
        break;
      case Action::kUpdate:
        ++counts.update;
        break;
      case Action::kDelete:
      case Action::kPurge:
        ++counts.destroy;
        break;
      case Action::kUndelete:
        ++counts.undelete;
        break;
      case Action::kAdopt:
        ++counts.adopt;
        break;
      case Action::kForget:
        ++counts.forget;
        break;
    }
  }
  return counts;
}

}  // namespace weir
