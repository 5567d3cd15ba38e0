// What becomes of something that other tools make, and of which only entries of a list are ours.
#include <fmt/format.h>

#include "core/value.h"
#include "planner/bindings.h"
#include "planner/diff.h"
#include "planner/draft.h"
#include "planner/reasons.h"
#include "planner/selection.h"

namespace weir {
namespace {

void refuse_absent(Draft& draft, const Wish& wish) {
  const Declaration& declaration = *wish.declaration;
  draft.refuse("P020", declaration.address, declaration.place,
               fmt::format("there is no {} {} in the workspace, and weir makes none",
                           declaration.kind->name, declaration.id),
               "deploy it first, or correct its name: the key, or id: below it");
}

bool is_asked_to_be_anew(Draft& draft, const Wish& wish) {
  const Declaration& declaration = *wish.declaration;
  if (!draft.options.replace.contains(declaration.address.text())) return false;
  draft.refuse("P020", declaration.address, declaration.place,
               "cannot be made anew by weir, which makes and ends none",
               "deploy it anew with the tool that made it");
  return true;
}

/// Entries under its keys may not be taken over.
bool is_refused_adoption(Draft& draft, const Wish& wish, const Field& field) {
  if (wish.record != nullptr || wish.declaration->lifecycle.adopt) return false;
  bool is_refused = false;
  for (const Document& entry : value_of(wish.wanted, field)) {
    const std::string key = text_at(entry, "resource_key");
    if (binding_under(value_of(wish.live->fields, field), key) == nullptr) continue;
    draft.refuse("P008", wish.declaration->address, wish.declaration->place,
                 fmt::format("{}.{} exists already, was never applied, and lifecycle.adopt is "
                             "false",
                             field.name, key),
                 "set lifecycle.adopt: true to take it over, or choose another resource_key");
    is_refused = true;
  }
  return is_refused;
}

/// Somebody has put something else under a key that was ours.
void note_taken(Draft& draft, const Wish& wish, const Field& field) {
  if (wish.record == nullptr) return;
  const Document& shown = value_of(wish.live->fields, field);
  for (const FieldChange& change :
       binding_drift(field, value_of(wish.record->fields, field), shown)) {
    const std::string key = text_at(change.before.front(), "resource_key");
    const bool is_wanted = binding_under(value_of(wish.wanted, field), key) != nullptr;
    const bool leads_elsewhere =
        !change.after.empty() &&
        target_of_binding(change.before.front()) != target_of_binding(change.after.front());
    if (is_wanted || !leads_elsewhere) continue;
    draft.notice(Notice::Type::kLeftAsItIs, *wish.declaration,
                 fmt::format("{}.{} is no longer declared, and stays: somebody has bound it to "
                             "something else",
                             field.name, key));
  }
}

}  // namespace

Fate decide_bound(Draft& draft, const Wish& wish) {
  if (wish.live == nullptr) {
    if (is_selected(draft.options, wish.declaration->address)) refuse_absent(draft, wish);
    return Fate::kLeft;
  }
  const Field* field = bindings_in(*wish.declaration->kind);
  if (field == nullptr || is_asked_to_be_anew(draft, wish)) return Fate::kLeft;
  if (is_refused_adoption(draft, wish, *field)) return Fate::kLeft;
  std::vector<FieldChange> changes = diff(wish, *wish.live, draft.options.now).changes;
  note_taken(draft, wish, *field);
  if (changes.empty()) {
    if (wish.record == nullptr) ++draft.plan.adopted;
    return Fate::kStays;
  }
  Step& step = draft.add_step(Action::kUpdate, wish, reasons_of(changes));
  step.changes = std::move(changes);
  step.precondition = precondition_of(*wish.live, step.changes);
  step.request = binding_request_for(step, *wish.live);
  return Fate::kStays;
}

}  // namespace weir
