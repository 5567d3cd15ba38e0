#include "planner/diff.h"

#include <algorithm>
#include <iterator>
#include <map>

#include "core/value.h"
#include "planner/bindings.h"
#include "planner/expiry.h"

namespace weir {
namespace {

const Document& applied_value(const Record* record, const Field& field) {
  static const Document nothing;
  return record == nullptr ? nothing : value_of(record->fields, field);
}

bool is_ignored(const Declaration& declaration, const Field& field) {
  const auto& ignored = declaration.lifecycle.ignore;
  return std::find(ignored.begin(), ignored.end(), field.name) != ignored.end();
}

/// The principal of an entry, "user:ana@example.com".
std::string principal_of(const Document& entry) {
  for (const auto& [key, value] : entry.items()) {
    if (key != "level" && value.is_string()) return key + ":" + value.get<std::string>();
  }
  return "";
}

/// Equal by meaning, and equal to what was recorded for a field whose wish depends on the time.
bool holds(const Field& field, const Wish& wish, const Document& wanted, const Document& applied,
           const Document& observed, Instant now) {
  if (field.type == Type::kExpiry) return is_expiry_in_force(field, wish, observed, now);
  if (field.type == Type::kPermissions) {
    return merged_permissions(wanted, applied, observed) == observed;
  }
  return is_in_force(field, wanted, observed);
}

Reason reason_of(const Field& field, const Wish& wish, const Document& wanted,
                 const Document& applied) {
  if (wish.declaration->is_of_class) {
    return on_expiry(*wish.declaration) == OnExpiry::kRenew ? Reason::kRenewed : Reason::kOfClass;
  }
  if (wish.record == nullptr) return Reason::kAdopted;
  if (wish.follows == &field && applied.is_null()) return Reason::kDrift;
  return applied == wanted ? Reason::kDrift : Reason::kManifestChanged;
}

FieldChange change_of_wanted(const Field& field, const Wish& wish, const Document& observed,
                             Instant now) {
  const Document& wanted = value_of(wish.wanted, field);
  const Document& applied = applied_value(wish.record, field);
  FieldChange change = {.field = &field,
                        .before = observed,
                        .after = wanted,
                        .reason = reason_of(field, wish, wanted, applied),
                        .needs_replacement = field.on_change == OnChange::kReplace};
  if (field.type == Type::kPermissions) {
    change.after = merged_permissions(wanted, applied, observed);
  }
  const bool renews = field.type == Type::kExpiry && wanted.contains("ttl") &&
                      on_expiry(*wish.declaration) == OnExpiry::kRenew;
  if (renews) {
    change.after = renewed(wanted, now);
    const bool is_as_applied = wish.record == nullptr || applied == wanted;
    if (is_as_applied && is_explained_by_time(wanted, observed, now)) {
      change.reason = Reason::kRenewed;
    }
  }
  return change;
}

void append(std::vector<FieldChange> more, std::vector<FieldChange>& changes) {
  changes.insert(changes.end(), std::make_move_iterator(more.begin()),
                 std::make_move_iterator(more.end()));
}

/// A field that was applied and is declared no longer.
void release(const Field& field, const Document& observed, Difference& difference) {
  if (field.type == Type::kPermissions) return;
  const auto written = parse_document(field.reset_to);
  const auto reset =
      field.reset_to.empty()
          ? std::variant<Document, std::string>(std::string())
          : read_value(field, written ? *written : Document(std::string(field.reset_to)));
  const auto* value = std::get_if<Document>(&reset);
  if (value == nullptr || field.on_change != OnChange::kUpdate) {
    difference.released.push_back(&field);
  } else if (!is_in_force(field, *value, observed)) {
    difference.changes.push_back({.field = &field,
                                  .before = observed,
                                  .after = *value,
                                  .reason = Reason::kNoLongerDeclared});
  }
}

/// A field that is wanted.
void compare_wanted(const Field& field, const Wish& wish, const Document& shown, Instant now,
                    Difference& difference) {
  const Document& wanted = value_of(wish.wanted, field);
  const Document& applied = applied_value(wish.record, field);
  const bool is_hidden = field.observed_at.empty() || (field.may_be_hidden && shown.is_null());
  // What answers do not show is compared with what was applied; before that with nothing.
  const bool is_so = is_hidden ? wish.record == nullptr || applied == wanted
                               : holds(field, wish, wanted, applied, shown, now);
  if (is_so) return;
  const Document& before = is_hidden ? applied : shown;
  difference.changes.push_back(change_of_wanted(field, wish, before, now));
}

}  // namespace

bool Difference::needs_replacement() const {
  return std::any_of(changes.begin(), changes.end(),
                     [](const FieldChange& change) { return change.needs_replacement; });
}

Difference diff(const Wish& wish, const Observed& observed, Instant now) {
  Difference difference;
  for (const Field& field : observed.kind->fields) {
    if (field.on_change == OnChange::kLocal || is_ignored(*wish.declaration, field)) continue;
    const Document& wanted = value_of(wish.wanted, field);
    const Document& applied = applied_value(wish.record, field);
    const Document& shown = value_of(observed.fields, field);
    if (field.type == Type::kBindings) {
      const Document* before = wish.record == nullptr ? nullptr : &applied;
      append(binding_changes(field, wanted, before, shown), difference.changes);
      continue;
    }
    if (wanted.is_null()) {
      if (!applied.is_null()) release(field, shown, difference);
      continue;
    }
    compare_wanted(field, wish, shown, now, difference);
  }
  return difference;
}

std::vector<FieldChange> initial_changes(const Wish& wish) {
  std::vector<FieldChange> changes;
  for (const Field& field : wish.declaration->kind->fields) {
    if (field.on_change == OnChange::kLocal) continue;
    const Document& wanted = value_of(wish.wanted, field);
    if (!wanted.is_null()) changes.push_back({.field = &field, .after = wanted});
  }
  return changes;
}

std::vector<FieldChange> changes_to_implied(const Wish& wish) {
  std::vector<FieldChange> changes;
  for (FieldChange& change : initial_changes(wish)) {
    const Field& field = *change.field;
    // Capacities, suspension and settings come from the project's defaults; these never do.
    const bool is_made_empty =
        field.type == Type::kExpiry || field.type == Type::kBoolean || field.type == Type::kGroup;
    const bool is_so = is_made_empty && is_in_force(field, change.after,
                                                    observe_value(field, Document::object(), {}));
    if (field.on_change == OnChange::kUpdate && !is_so) changes.push_back(std::move(change));
  }
  return changes;
}

std::vector<FieldChange> drift(const Record& record, const Observed& observed, const Wish* wish,
                               Instant now) {
  std::vector<FieldChange> changes;
  for (const Field& field : observed.kind->fields) {
    const bool is_followed = wish != nullptr && wish->follows == &field;
    const Document& applied = value_of(is_followed ? wish->wanted : record.fields, field);
    const bool is_compared = field.on_change != OnChange::kLocal && !field.observed_at.empty() &&
                             !applied.is_null() &&
                             (wish == nullptr || !is_ignored(*wish->declaration, field));
    if (!is_compared) continue;
    const Document& shown = value_of(observed.fields, field);
    if (field.may_be_hidden && shown.is_null()) continue;
    if (field.type == Type::kBindings) {
      append(binding_drift(field, applied, shown), changes);
      continue;
    }
    bool is_same = is_in_force(field, applied, shown);
    // A renewal moves the end that was recorded; that is no drift.
    if (field.type == Type::kExpiry && wish != nullptr &&
        value_of(wish->wanted, field) == applied) {
      const bool is_renewed = on_expiry(*wish->declaration) == OnExpiry::kRenew &&
                              is_explained_by_time(applied, shown, now);
      is_same = is_same || is_renewed || is_expiry_in_force(field, *wish, shown, now);
    }
    if (is_same) continue;
    changes.push_back(
        {.field = &field, .before = applied, .after = shown, .reason = Reason::kDrift});
  }
  return changes;
}

Document merged_permissions(const Document& wanted, const Document& applied,
                            const Document& observed) {
  std::map<std::string, Document> merged;
  for (const Document& entry : observed) merged[principal_of(entry)] = entry;
  for (const Document& entry : applied) merged.erase(principal_of(entry));
  for (const Document& entry : wanted) merged[principal_of(entry)] = entry;
  Document entries = Document::array();
  for (auto& [principal, entry] : merged) entries.push_back(std::move(entry));
  return entries;
}

Document wanted_fields_of(const Observed& observed) {
  Document fields = Document::object();
  for (const Field& field : observed.kind->fields) {
    const Document& shown = value_of(observed.fields, field);
    if (field.on_change != OnChange::kLocal && !shown.is_null()) {
      fields[std::string(field.name)] = shown;
    }
  }
  return fields;
}

}  // namespace weir
