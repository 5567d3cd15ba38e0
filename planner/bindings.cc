#include "planner/bindings.h"

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "core/value.h"
#include "planner/identify.h"
#include "planner/request.h"

namespace weir {
namespace {

std::string key_of(const Document& entry) {
  return text_at(entry, "resource_key");
}

Document list_of(const Document* entry) {
  return entry == nullptr ? Document::array() : Document::array({*entry});
}

/// A list may be missing altogether.
const Document& list_or_none(const Document& list) {
  static const Document none = Document::array();
  return list.is_array() ? list : none;
}

Reason reason_of(const Document* applied, const Document& wanted, const Document* found) {
  if (applied == nullptr) return found == nullptr ? Reason::kNew : Reason::kAdopted;
  const Document* before = binding_under(list_or_none(*applied), key_of(wanted));
  return before != nullptr && *before == wanted ? Reason::kDrift : Reason::kManifestChanged;
}

/// Only what leads where it was led is still what was applied.
bool is_still_ours(const Document& applied, const Document& found) {
  return target_of_binding(applied) == target_of_binding(found);
}

/// The keys that changes are about, each with the entry that it has afterwards, or null.
std::map<std::string, const Document*> outcome_of(const std::vector<FieldChange>& changes) {
  std::map<std::string, const Document*> outcome;
  for (const FieldChange& change : changes) {
    for (const Document& entry : list_or_none(change.before)) outcome[key_of(entry)] = nullptr;
    for (const Document& entry : list_or_none(change.after)) outcome[key_of(entry)] = &entry;
  }
  return outcome;
}

/// As the service wants it. What the manifest says nothing of stays.
Document wire_of(const Field& field, const Document& entry, const Document* there) {
  Document body = Document::object();
  put_value(body, field, Document::array({entry}), {});
  Document wire = at_path(body, field.sent_as)->front();
  const bool is_described = there != nullptr && there->contains("description");
  if (is_described && !wire.contains("description")) {
    wire["description"] = there->at("description");
  }
  return wire;
}

Document merged(const Field& field, const std::vector<FieldChange>& changes,
                const Document& resources) {
  std::map<std::string, const Document*> outcome = outcome_of(changes);
  Document list = Document::array();
  for (const Document& there : list_or_none(resources)) {
    const auto change = outcome.find(text_at(there, "name"));
    if (change == outcome.end()) {
      list.push_back(there);
    } else if (change->second != nullptr) {
      list.push_back(wire_of(field, *change->second, &there));
      outcome.erase(change);
    }
  }
  for (const auto& [key, entry] : outcome) {
    if (entry != nullptr) list.push_back(wire_of(field, *entry, nullptr));
  }
  return list;
}

Document shown_resources(const Observed& observed, const Field& field) {
  const Document* resources = at_path(observed.facts, field.observed_at);
  return resources == nullptr ? Document::array() : *resources;
}

}  // namespace

const Field* bindings_in(const Kind& kind) {
  const auto found = std::ranges::find(kind.fields, Type::kBindings, &Field::type);
  return found == kind.fields.end() ? nullptr : &*found;
}

std::vector<FieldChange> binding_changes(const Field& field, const Document& wanted,
                                         const Document* applied, const Document& shown) {
  std::vector<FieldChange> changes;
  const Document& there = list_or_none(shown);
  for (const Document& entry : list_or_none(wanted)) {
    const Document* found = binding_under(there, key_of(entry));
    if (is_in_force(field, Document::array({entry}), there)) continue;
    changes.push_back({.field = &field,
                       .before = list_of(found),
                       .after = Document::array({entry}),
                       .reason = reason_of(applied, entry, found)});
  }
  static const Document nothing;
  for (const Document& entry : list_or_none(applied == nullptr ? nothing : *applied)) {
    if (binding_under(list_or_none(wanted), key_of(entry)) != nullptr) continue;
    const Document* found = binding_under(there, key_of(entry));
    if (found == nullptr || !is_still_ours(entry, *found)) continue;
    changes.push_back({.field = &field,
                       .before = list_of(found),
                       .after = Document::array(),
                       .reason = Reason::kNoLongerDeclared});
  }
  return changes;
}

std::vector<FieldChange> binding_drift(const Field& field, const Document& applied,
                                       const Document& shown) {
  std::vector<FieldChange> changes;
  for (const Document& entry : list_or_none(applied)) {
    if (is_in_force(field, Document::array({entry}), list_or_none(shown))) continue;
    changes.push_back({.field = &field,
                       .before = Document::array({entry}),
                       .after = list_of(binding_under(list_or_none(shown), key_of(entry))),
                       .reason = Reason::kDrift});
  }
  return changes;
}

Document entries_before(const std::vector<FieldChange>& changes) {
  Document entries = Document::array();
  for (const FieldChange& change : changes) {
    for (const Document& entry : list_or_none(change.before)) entries.push_back(entry);
  }
  return entries;
}

Document entries_about(const std::vector<FieldChange>& changes, const Document& shown) {
  Document entries = Document::array();
  for (const FieldChange& change : changes) {
    for (const auto& [key, outcome] : outcome_of({change})) {
      const Document* found = binding_under(list_or_none(shown), key);
      if (found != nullptr) entries.push_back(*found);
    }
  }
  return entries;
}

bool may_be_ours(const std::vector<FieldChange>& changes, const Document& shown) {
  return std::ranges::all_of(changes, [&](const FieldChange& change) {
    const Document now = entries_about({change}, shown);
    if (now == change.before) return true;
    return now.size() == change.after.size() && is_in_force(*change.field, change.after, now);
  });
}

std::vector<Document> entries_led_away(const FieldChange& change) {
  std::vector<Document> led_away;
  if (change.field->type != Type::kBindings) return led_away;
  for (const Document& entry : list_or_none(change.before)) {
    const Document* after = binding_under(list_or_none(change.after), key_of(entry));
    const bool stays = after != nullptr && target_of_binding(*after) == target_of_binding(entry);
    if (!stays) led_away.push_back(entry);
  }
  return led_away;
}

Document entries_in_force(const Field& field, const Document& wanted, const Document& shown) {
  Document there = Document::array();
  for (const Document& entry : list_or_none(wanted)) {
    if (is_in_force(field, Document::array({entry}), list_or_none(shown))) there.push_back(entry);
  }
  return there;
}

std::vector<std::string> targets_of(const Document& list) {
  std::vector<std::string> targets;
  for (const Document& entry : list_or_none(list)) {
    std::string target = target_of_binding(entry);
    if (!target.empty()) targets.push_back(std::move(target));
  }
  return targets;
}

Request binding_request(const Kind& kind, const std::string& remote_name,
                        const std::vector<FieldChange>& changes, const Document& resources) {
  const Field& field = *bindings_in(kind);
  return list_request(kind, remote_name, field, merged(field, changes, resources));
}

bool changes_bindings(const Step& step) {
  return step.action == Action::kUpdate && step.request && bindings_in(*step.kind) != nullptr;
}

Request binding_request_for(const Step& step, const Observed& found) {
  return binding_request(*step.kind, step.remote_name, step.changes,
                         shown_resources(found, *bindings_in(*step.kind)));
}

std::optional<Record> record_of_bound(const Record* before, const std::optional<Record>& intended,
                                      const Observed& found) {
  const Field& field = *bindings_in(*found.kind);
  const std::string name(field.name);
  std::map<std::string, Document> ours;
  const auto keep = [&](const Record* record) {
    if (record == nullptr) return;
    const Document& shown = value_of(found.fields, field);
    for (const Document& entry : entries_in_force(field, value_of(record->fields, field), shown)) {
      ours[key_of(entry)] = entry;
    }
  };
  keep(before);
  keep(intended ? &*intended : nullptr);
  if (!intended && (before == nullptr || ours.empty())) return std::nullopt;
  Record record = intended ? *intended : *before;
  record.fields[name] = Document::array();
  for (auto& [key, entry] : ours) record.fields[name].push_back(std::move(entry));
  return record;
}

}  // namespace weir
