// What will be remembered of each resource once the plan is carried out.
#include "planner/bindings.h"
#include "planner/draft.h"
#include "planner/selection.h"

namespace weir {
namespace {

bool leaves_a_resource(const Step& step) {
  return step.action == Action::kCreate || step.action == Action::kUpdate ||
         step.action == Action::kUndelete;
}

/// What a class is about comes and goes without anybody's leave. On a server without a control
/// plane nothing but roles is ever made, or ended.
bool is_remembered(const Wish& wish) {
  if (wish.declaration->is_of_class) return false;
  return wish.declaration->takes_requests || wish.declaration->is_made_in_sql;
}

/// It stays as it is: what is remembered of it may still have to follow.
bool stays_without_a_step(const Draft& draft, const std::set<Address>& with_steps,
                          const Wish& wish) {
  const bool is_refused = wish.record == nullptr && !wish.declaration->lifecycle.adopt;
  return draft.fates[draft.wishes.index_of(wish)] == Fate::kStays && wish.live != nullptr &&
         !is_refused && !with_steps.contains(wish.declaration->address);
}

/// It has no step of its own, and is there after this plan.
bool comes_along(const Draft& draft, const std::set<Address>& with_steps, const Wish& wish) {
  return draft.fates[draft.wishes.index_of(wish)] == Fate::kMade && wish.live == nullptr &&
         !with_steps.contains(wish.declaration->address);
}

/// The steps of a plan that bring along what has none.
class Bringers {
 public:
  explicit Bringers(std::vector<Step>& steps) {
    for (Step& step : steps) {
      const bool makes = step.action == Action::kCreate || step.action == Action::kExecute;
      if (makes) by_address_[step.address] = &step;
    }
  }

  /// The one that makes what `wish` comes along with, or null.
  Step* of(const Wish& wish) const {
    Address above = wish.declaration->address.parent();
    if (wish.declaration->is_made_in_sql) return at(above.singleton(inside_kind().collection));
    for (; !above.is_root(); above = above.parent()) {
      if (Step* step = at(above)) return step;
    }
    return nullptr;
  }

 private:
  Step* at(const Address& address) const {
    const auto step = by_address_.find(address);
    return step == by_address_.end() ? nullptr : step->second;
  }

  std::unordered_map<Address, Step*> by_address_;
};

}  // namespace

Record record_of(const Wish& wish) {
  const Declaration& declaration = *wish.declaration;
  Record record = {.address = declaration.address,
                   .kind = std::string(declaration.kind->name),
                   .remote_name = wish.remote_name,
                   .fields = wish.wanted,
                   .is_protected = declaration.lifecycle.protect,
                   .on_remove = declaration.lifecycle.on_remove};
  if (wish.live != nullptr) {
    record.remote_name = wish.live->name;
    record.uid = wish.live->uid;
    record.create_time = wish.live->create_time;
  }
  return record;
}

namespace {

/// What has no step of its own.
void remember_the_rest(Draft& draft, const std::set<Address>& with_steps) {
  const Bringers bringers(draft.plan.steps);
  for (const Wish& wish : draft.wishes.all()) {
    if (!is_remembered(wish) || !is_selected(draft.options, wish.declaration->address)) continue;
    Record record = record_of(wish);
    if (comes_along(draft, with_steps, wish)) {
      Step* bringer = bringers.of(wish);
      if (bringer != nullptr) bringer->brings.push_back(std::move(record));
      continue;
    }
    const bool is_known = wish.record != nullptr && *wish.record == record;
    if (stays_without_a_step(draft, with_steps, wish) && !is_known) {
      draft.plan.adoptions.push_back(std::move(record));
    }
  }
}

/// Entries that stand there already are not what the step makes.
void adopt_entries(Draft& draft, Record record, const Observed* live) {
  const Field* field = live == nullptr ? nullptr : bindings_in(*live->kind);
  if (field == nullptr) return;
  Document& entries = record.fields[std::string(field->name)];
  entries = entries_in_force(*field, entries, value_of(live->fields, *field));
  if (!entries.empty()) draft.plan.adoptions.push_back(std::move(record));
}

}  // namespace

void remember(Draft& draft) {
  std::set<Address> with_steps;
  for (Step& step : draft.plan.steps) {
    with_steps.insert(step.address);
    const Wish* wish = draft.wishes.find(step.address);
    if (wish == nullptr || !leaves_a_resource(step) || draft.options.is_destroy) continue;
    if (wish->declaration->is_of_class) {
      if (wish->record != nullptr) step.record = *wish->record;
      continue;
    }
    step.record = record_of(*wish);
    if (wish->record == nullptr) adopt_entries(draft, *step.record, wish->live);
    // Of what is made now nothing is known yet.
    if (step.action == Action::kCreate) step.record->uid = step.record->create_time = "";
  }
  if (!draft.fates.empty()) remember_the_rest(draft, with_steps);
}

}  // namespace weir
