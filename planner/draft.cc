#include "planner/draft.h"

#include <algorithm>

#include <fmt/format.h>

#include "planner/bindings.h"

namespace weir {

NameOf Draft::name_of(const std::string& parent) const {
  return [this, parent](const Field& field, const std::string& value) {
    const std::string name = wishes.name_of(field, value, parent);
    const Kind* kind = catalogue.find(field.refers_to);
    const bool is_plain = kind != nullptr && kind->api->is_plain;
    return is_plain ? unescape_segment(name.substr(name.rfind('/') + 1)) : name;
  };
}

void Draft::notice(Notice::Type type, const Declaration& declaration, std::string text) {
  plan.notices.push_back({.type = type,
                          .address = declaration.address,
                          .text = std::move(text),
                          .place = declaration.place});
}

void Draft::refuse(std::string rule, const Address& address, const Place& place,
                   std::string message, std::string hint) {
  plan.refusals.push_back({.severity = Severity::kError,
                           .rule = std::move(rule),
                           .address = address.text(),
                           .message = std::move(message),
                           .hint = std::move(hint),
                           .place = place});
}

Step& Draft::add_step(Action action, const Wish& wish, std::string why) {
  const Kind& kind = *wish.declaration->kind;
  plan.steps.push_back({.action = action,
                        .address = wish.declaration->address,
                        .kind = &kind,
                        .remote_name = wish.remote_name,
                        .why = std::move(why),
                        .lock = lock_of(kind, wish.remote_name),
                        .place = wish.declaration->place});
  return plan.steps.back();
}

bool goes_with_another(const Draft& draft, const std::string& remote_name) {
  for (std::string above = parent_of_name(remote_name); !above.empty();
       above = parent_of_name(above)) {
    if (draft.ending.contains(above) || draft.doomed.contains(above)) return true;
  }
  return false;
}

namespace {

constexpr std::string_view kCatalogWord = "catalog";

/// The remote name of what contains an address, by its declaration or its record; "" for nothing.
std::string container_of(const Draft& draft, Address above) {
  for (; !above.is_root(); above = above.parent()) {
    if (const Wish* wish = draft.wishes.find(above)) return wish->remote_name;
    const auto record = draft.records.find(above);
    if (record != draft.records.end()) return record->second.remote_name;
  }
  return "";
}

}  // namespace

std::vector<std::string> surroundings_of(const Draft& draft, const Kind& kind,
                                         const Address& address, const std::string& remote_name) {
  if (!kind.is_apart) return {};
  std::vector<std::string> names;
  const std::string id = remote_name.substr(kind.name_key().size() + 1);
  const Kind* catalog = draft.catalogue.in_collection(kind.container(), kCatalogWord);
  if (catalog != nullptr && catalog != &kind) {
    names.push_back(fmt::format("{}/{}", catalog->name_key(), id.substr(0, id.find('.'))));
  }
  std::string container = container_of(draft, address.parent());
  if (!container.empty()) names.push_back(std::move(container));
  return names;
}

Address address_before(const Draft& draft, const Step& step) {
  const auto recorded = draft.addresses.find(step.remote_name);
  const bool has_moved = step.kind->is_apart && recorded != draft.addresses.end();
  return has_moved ? recorded->second : step.address;
}

std::string lock_of(const Kind& kind, const std::string& remote_name) {
  // Each binding may make a role somewhere.
  if (kind.is_foreign) return std::string(kind.collection);
  if (kind.is_apart) return "";
  const std::string_view container = kind.container();
  std::string parent = parent_of_name(remote_name);
  if (container == "branch" || container == "instance") return parent;
  // What is about a database excludes the same changes as the database itself.
  return container == "database" ? parent_of_name(parent) : "";
}

Precondition precondition_of(const Observed& observed, const std::vector<FieldChange>& changes) {
  // Whatever else others change of what is theirs does not matter.
  if (const Field* bindings = bindings_in(*observed.kind)) {
    return {.uid = observed.uid,
            .fields = {{std::string(bindings->name), entries_before(changes)}}};
  }
  Precondition precondition = {.uid = observed.uid, .update_time = observed.update_time};
  for (const FieldChange& change : changes) {
    const Document& shown = value_of(observed.fields, *change.field);
    if (!shown.is_null()) precondition.fields[std::string(change.field->name)] = shown;
  }
  return precondition;
}

bool is_implied(const Kind& kind, const std::string& key) {
  return std::find(kind.implied.begin(), kind.implied.end(), key) != kind.implied.end();
}

std::string disruption_of(const std::vector<FieldChange>& changes) {
  std::string disruption;
  for (const FieldChange& change : changes) {
    const std::string_view text = change.field->disruption;
    if (text.empty() || disruption.find(text) != std::string::npos) continue;
    disruption.append(disruption.empty() ? "" : "; ").append(text);
  }
  return disruption;
}

}  // namespace weir
