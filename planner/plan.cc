#include "planner/plan.h"

#include <array>

namespace weir {

std::string_view text_of(Reason reason) {
  static constexpr std::array<std::string_view, 7> kTexts = {
      "new",     "manifest changed", "drift", "adopted", "no longer declared",
      "renewed", "branch class"};
  return kTexts.at(static_cast<std::size_t>(reason));
}

std::string_view text_of(Action action) {
  static constexpr std::array<std::string_view, 7> kTexts = {
      "create", "update", "delete", "purge", "undelete", "forget", "execute"};
  return kTexts.at(static_cast<std::size_t>(action));
}

std::string_view text_of(Notice::Type type) {
  static constexpr std::array<std::string_view, 9> kTexts = {
      "expires_soon", "expired", "left_as_it_is", "kept_on_removal", "defaults_do_not_reach",
      "policy",       "inside",  "not_seen",      "changed_unseen"};
  return kTexts.at(static_cast<std::size_t>(type));
}

bool is_unseen(const Notice& notice) {
  return notice.type == Notice::Type::kNotSeen || notice.type == Notice::Type::kChangedUnseen;
}

std::vector<std::string> dropped_schemas(const Script& script) {
  std::vector<std::string> schemas;
  const Document* ends = at_path(script.wishes, "ends");
  if (ends == nullptr) return schemas;
  for (const Document& end : *ends) schemas.push_back(text_at(end, "name"));
  return schemas;
}

Counts count(const Plan& plan) {
  Counts counts = {.adopt = plan.adopted, .drifted = plan.drift.size()};
  for (const Step& step : plan.steps) {
    if (step.is_replacement && step.is_destructive()) ++counts.replace;
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
      case Action::kForget:
        ++counts.forget;
        break;
      case Action::kExecute:
        if (!step.script) break;
        counts.statements += step.script->statements.size();
        counts.destroy += dropped_schemas(*step.script).size();
        break;
    }
  }
  return counts;
}

}  // namespace weir
