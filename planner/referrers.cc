// Who refers to what: nothing ends while something that stays needs it, and nothing needs what is
// not there.
#include <fmt/format.h>

#include "core/value.h"
#include "planner/bindings.h"
#include "planner/draft.h"

namespace weir {
namespace {

struct Referrer {
  const Observed* observed = nullptr;
  const Field* field = nullptr;
  std::string entry = {};  ///< of a list: its key
};

class Referrers {
 public:
  explicit Referrers(const Draft& draft) : draft_(draft) {
    for (const Step& step : draft.plan.steps) {
      for (const FieldChange& change : step.changes) {
        if (step.action != Action::kUpdate) continue;
        if (change.field->type == Type::kReference) {
          moved_.insert(key(step.remote_name, *change.field));
        }
        for (const Document& entry : entries_led_away(change)) {
          moved_.insert(key(step.remote_name, *change.field) + " " +
                        text_at(entry, "resource_key"));
        }
      }
    }
    for (const auto& [name, observed] : draft.observations.all()) {
      // What is bound elsewhere is told, and keeps nobody from anything.
      if (!observed.is_deleted() && !is_of_others(draft_, observed)) note(observed);
    }
  }

  /// "projects/shop/branches/dev (from), …": those that are there still when `step` is to end it.
  std::string of(const Step& step) const {
    std::string names;
    const auto found = by_target_.find(step.remote_name);
    if (found == by_target_.end()) return names;
    for (const Referrer& referrer : found->second) {
      if (!stays(referrer, step.remote_name)) continue;
      names += fmt::format("{}{} ({}{}{})", names.empty() ? "" : ", ", referrer.observed->name,
                           referrer.field->name, referrer.entry.empty() ? "" : ".", referrer.entry);
    }
    return names;
  }

 private:
  static std::string key(const std::string& name, const Field& field) {
    return name + " " + std::string(field.name);
  }

  void note(const Observed& observed) {
    for (const Field& field : observed.kind->fields) {
      const Document& value = value_of(observed.fields, field);
      if (field.type == Type::kBindings) note_bound(observed, field, value);
      if (field.type != Type::kReference || !value.is_string()) continue;
      const std::string target =
          draft_.wishes.name_of(field, value.get<std::string>(), parent_of_name(observed.name));
      by_target_[target].push_back({.observed = &observed, .field = &field});
    }
  }

  /// Whatever a database is in takes it along.
  void note_bound(const Observed& observed, const Field& field, const Document& entries) {
    if (!entries.is_array()) return;
    for (const Document& entry : entries) {
      for (std::string name = target_of_binding(entry); !name.empty();
           name = parent_of_name(name)) {
        by_target_[name].push_back(
            {.observed = &observed, .field = &field, .entry = text_at(entry, "resource_key")});
      }
    }
  }

  bool stays(const Referrer& referrer, const std::string& target) const {
    const std::string& name = referrer.observed->name;
    const bool goes = draft_.ending.contains(name) || goes_with_another(draft_, name) ||
                      name.starts_with(target + "/");
    const std::string moved =
        key(name, *referrer.field) + (referrer.entry.empty() ? "" : " " + referrer.entry);
    return !goes && !moved_.contains(moved);
  }

  const Draft& draft_;
  std::unordered_map<std::string, std::vector<Referrer>> by_target_;
  std::unordered_set<std::string> moved_;
};

/// The remote names that a change makes a resource refer to.
std::vector<std::string> needs_of(const Draft& draft, const Step& step, const FieldChange& change) {
  if (change.is_open) return {open_at(change)};
  if (change.field->type == Type::kBindings) return targets_of(change.after);
  if (change.field->type != Type::kReference || !change.after.is_string()) return {};
  return {draft.wishes.name_of(*change.field, change.after.get<std::string>(),
                               parent_of_name(step.remote_name))};
}

/// The wish that a value refers to, when the plan leaves it alone and it is not there.
const Wish* missing_target(const Draft& draft, const Step& step, const FieldChange& change) {
  for (const std::string& name : needs_of(draft, step, change)) {
    const Wish* target = draft.wishes.named(name);
    if (target == nullptr || target->live != nullptr || draft.fates.empty()) continue;
    if (draft.fates[draft.wishes.index_of(*target)] == Fate::kLeft) return target;
  }
  return nullptr;
}

}  // namespace

void note_needs(Draft& draft) {
  for (Step& step : draft.plan.steps) {
    if (step.is_destructive() || step.action == Action::kForget) continue;
    const auto need = [&](const std::string& name) {
      const Observed* there = draft.observations.find(name);
      const bool stays = there != nullptr && !there->is_deleted() && !draft.ending.contains(name) &&
                         !goes_with_another(draft, name);
      if (stays) step.precondition.needs[name] = there->uid;
    };
    need(parent_of_name(step.remote_name));
    for (const FieldChange& change : step.changes) {
      for (const std::string& name : needs_of(draft, step, change)) need(name);
    }
  }
}

void check_references(Draft& draft) {
  const Referrers referrers(draft);
  for (const Step& step : draft.plan.steps) {
    if (step.is_destructive()) {
      const std::string names = referrers.of(step);
      if (names.empty()) continue;
      draft.refuse("P010", step.address, step.place,
                   "cannot be deleted while others need it: " + names,
                   "change or delete those first, or leave it as it is");
    }
    for (const FieldChange& change : step.changes) {
      const Wish* target = missing_target(draft, step, change);
      if (target == nullptr) continue;
      draft.refuse("P013", step.address, step.place,
                   fmt::format("its {} is {}, which is not there and is not made by this plan",
                               change.field->name, target->declaration->address.text()),
                   "name another one, or see above why that one is left alone");
    }
  }
}

}  // namespace weir
