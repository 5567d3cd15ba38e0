// Who refers to what: nothing ends while something that stays needs it, and nothing needs what is
// not there.
#include <fmt/format.h>

#include "planner/draft.h"

namespace weir {
namespace {

struct Referrer {
  const Observed* observed = nullptr;
  const Field* field = nullptr;
};

class Referrers {
 public:
  explicit Referrers(const Draft& draft) : draft_(draft) {
    for (const Step& step : draft.plan.steps) {
      for (const FieldChange& change : step.changes) {
        if (change.field->type == Type::kReference && step.action == Action::kUpdate) {
          moved_.insert(key(step.remote_name, *change.field));
        }
      }
    }
    for (const auto& [name, observed] : draft.observations.all()) {
      if (!observed.is_deleted()) note(observed);
    }
  }

  /// "projects/shop/branches/dev (from), …": those that are there still when `step` is to end it.
  std::string of(const Step& step) const {
    std::string names;
    const auto found = by_target_.find(step.remote_name);
    if (found == by_target_.end()) return names;
    for (const Referrer& referrer : found->second) {
      if (!stays(referrer, step.remote_name)) continue;
      names += fmt::format("{}{} ({})", names.empty() ? "" : ", ", referrer.observed->name,
                           referrer.field->name);
    }
    return names;
  }

 private:
  static std::string key(const std::string& name, const Field& field) {
    return name + " " + std::string(field.name);
  }

  void note(const Observed& observed) {
    for (const Field& field : observed.kind->fields) {
      if (field.type != Type::kReference) continue;
      const Document& value = value_of(observed.fields, field);
      if (!value.is_string()) continue;
      const std::string target =
          draft_.wishes.name_of(field, value.get<std::string>(), parent_of_name(observed.name));
      by_target_[target].push_back({.observed = &observed, .field = &field});
    }
  }

  bool stays(const Referrer& referrer, const std::string& target) const {
    const std::string& name = referrer.observed->name;
    const bool goes = draft_.ending.contains(name) || goes_with_another(draft_, name) ||
                      name.starts_with(target + "/");
    return !goes && !moved_.contains(key(name, *referrer.field));
  }

  const Draft& draft_;
  std::unordered_map<std::string, std::vector<Referrer>> by_target_;
  std::unordered_set<std::string> moved_;
};

/// The remote name that a change makes a resource refer to; "" when it makes none.
std::string target_of(const Draft& draft, const Step& step, const FieldChange& change) {
  if (change.field->type != Type::kReference || !change.after.is_string()) return "";
  return draft.wishes.name_of(*change.field, change.after.get<std::string>(),
                              parent_of_name(step.remote_name));
}

/// The wish that a value refers to, when the plan leaves it alone and it is not there.
const Wish* missing_target(const Draft& draft, const Step& step, const FieldChange& change) {
  const Wish* target = draft.wishes.named(target_of(draft, step, change));
  if (target == nullptr || target->live != nullptr || draft.fates.empty()) return nullptr;
  return draft.fates[draft.wishes.index_of(*target)] == Fate::kLeft ? target : nullptr;
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
      need(change.is_open ? open_at(change) : target_of(draft, step, change));
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
