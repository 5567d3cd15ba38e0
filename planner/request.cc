#include "planner/request.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "core/address.h"
#include "planner/diff.h"
#include "planner/identify.h"

namespace weir {
namespace {

constexpr std::string_view kTakesOver = "&replace_existing=true";
constexpr std::string_view kPermissionsApi = "/api/2.0/permissions/";

/// Names come from manifests and from answers; whatever they hold, they stay one path.
std::string encoded(std::string_view name, std::string_view marks = "/-_.~") {
  std::string path;
  for (const char c : name) {
    const bool is_plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                          (c >= '0' && c <= '9') || marks.find(c) != std::string_view::npos;
    path += is_plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return path;
}

/// Names that are not ids of the service have their slashes escaped.
std::string target_of(const Kind& kind, const std::string& remote_name) {
  if (!kind.api->is_plain) return std::string(kind.api->root) + encoded(remote_name);
  std::string path(kind.is_apart ? kind.request_key() : "");
  for (std::size_t start = kind.is_apart ? kind.name_key().size() + 1 : 0;
       start <= remote_name.size();) {
    const std::size_t end = std::min(remote_name.find('/', start), remote_name.size());
    const std::string segment = unescape_segment(remote_name.substr(start, end - start));
    path += (path.empty() ? "" : "/") + encoded(segment, "-_.~");
    start = end + 1;
  }
  return std::string(kind.api->root) + path;
}

bool shares_mask(const std::vector<FieldChange>& changes, const Field& field) {
  return std::any_of(changes.begin(), changes.end(), [&](const FieldChange& change) {
    return change.field->mask() == field.mask();
  });
}

/// A complete object has what there is already beside what changes, whatever is wanted: a field
/// may be ignored. An empty map says nothing.
Document value_beside(const Field& field, const Document& wanted, const Document& observed) {
  const Document& shown = value_of(observed, field);
  if (shown.is_null()) return value_of(wanted, field);
  return shown.is_object() && shown.empty() ? Document() : shown;
}

Document wire_entry(const Document& entry) {
  Document wire = Document::object();
  for (const auto& [key, value] : entry.items()) {
    wire[key == "level" ? "permission_level" : key + "_name"] = value;
  }
  return wire;
}

bool contains(const Document& list, const Document& entry) {
  return std::find(list.begin(), list.end(), entry) != list.end();
}

std::string as_it_is(const Field& /*field*/, const std::string& value) {
  return value;
}

/// A role of the older generation, whose API makes no other content.
bool is_plain_content(const Kind& kind) {
  return kind.api->is_plain && has_postgres_name(kind);
}

/// What is fixed and is otherwise is for the service to refuse.
std::optional<Request> change_of_what_stands(const Step& step, const Observed& found) {
  std::vector<FieldChange> changes;
  for (const FieldChange& change : step.changes) {
    const bool is_there =
        is_in_force(*change.field, change.after, value_of(found.fields, *change.field));
    if (change.field->on_change == OnChange::kLocal || is_there) continue;
    if (change.field->on_change == OnChange::kReplace) return step.request;
    changes.push_back(change);
  }
  if (changes.empty()) return std::nullopt;
  return update_request(*step.kind, step.remote_name, changes, Document::object(), found.fields,
                        as_it_is);
}

/// Whether every principal of `before` still stands in `after`.
bool keeps_everybody(const Document& before, const Document& after) {
  // Merging nothing but levels into the old list leaves the new one, unless somebody went.
  return merged_permissions(after, Document(), before) == after;
}

}  // namespace

std::vector<std::string> mask_of(const std::vector<FieldChange>& changes) {
  std::set<std::string> mask;
  for (const FieldChange& change : changes) mask.emplace(change.field->mask());
  return {mask.begin(), mask.end()};
}

Request create_request(const Kind& kind, const std::string& remote_name,
                       const std::vector<FieldChange>& changes, const NameOf& name_of,
                       bool takes_over) {
  const std::size_t slash =
      kind.has_id() || has_postgres_name(kind) ? remote_name.rfind('/') : remote_name.size();
  const std::string id = remote_name.substr(std::min(slash + 1, remote_name.size()));
  const std::string collection = target_of(kind, remote_name.substr(0, slash));
  Document body = Document::object();
  if (kind.api->is_plain) body[std::string(kind.id_parameter)] = unescape_segment(id);
  for (const FieldChange& change : changes) put_value(body, *change.field, change.after, name_of);
  const std::string query =
      fmt::format("?{}={}{}", kind.id_parameter, encoded(id), takes_over ? kTakesOver : "");
  return {.method = "POST",
          .target = collection + (kind.api->is_plain || id.empty() ? "" : query),
          .body = std::move(body)};
}

bool takes_over(const Step& step) {
  if (step.action != Action::kCreate || !step.request) return false;
  // The older generation knows no such parameter; what contains the resource says it.
  const bool is_in_new = !step.precondition.needs.contains(parent_of_name(step.remote_name));
  return step.request->target.ends_with(kTakesOver) || (is_in_new && is_plain_content(*step.kind));
}

std::optional<Request> beside_what_stands(const Step& step, const Observed& found) {
  if (is_plain_content(*step.kind)) return change_of_what_stands(step, found);
  Request request = *step.request;
  for (const Field& field : step.kind->fields) {
    const Document& value = value_of(found.fields, field);
    const bool is_open =
        field.on_change == OnChange::kUpdate && !value.is_null() &&
        std::ranges::find(step.changes, &field, &FieldChange::field) == step.changes.end();
    if (is_open) put_value(request.body, field, value, as_it_is);
  }
  return request;
}

Request update_request(const Kind& kind, const std::string& remote_name,
                       const std::vector<FieldChange>& changes, const Document& wanted,
                       const Document& observed, const NameOf& name_of) {
  Document body = Document::object();
  for (const Field& field : kind.fields) {
    if (field.on_change == OnChange::kLocal || !shares_mask(changes, field)) continue;
    const auto change = std::find_if(changes.begin(), changes.end(),
                                     [&](const FieldChange& each) { return each.field == &field; });
    const Document value =
        change != changes.end() ? change->after : value_beside(field, wanted, observed);
    if (!value.is_null()) put_value(body, field, value, name_of);
  }
  return {.method = "PATCH",
          .target = fmt::format("{}?update_mask={}", target_of(kind, remote_name),
                                fmt::join(mask_of(changes), "%2C")),
          .body = std::move(body)};
}

Request permissions_request(const Kind& kind, const std::string& remote_name,
                            const FieldChange& change) {
  const std::string object = parent_of_name(remote_name);
  const bool is_addition = keeps_everybody(change.before, change.after);
  Document entries = Document::array();
  for (const Document& entry : change.after) {
    if (!is_addition || !contains(change.before, entry)) entries.push_back(wire_entry(entry));
  }
  return {.method = is_addition ? "PATCH" : "PUT",
          .target = fmt::format("{}{}/{}", kPermissionsApi, kind.object_type,
                                encoded(object.substr(object.rfind('/') + 1))),
          .body = {{"access_control_list", std::move(entries)}}};
}

Request list_request(const Kind& kind, const std::string& remote_name, const Field& field,
                     Document list) {
  const std::string path(field.sent_as);
  Document resource = {{"name", unescape_segment(remote_name.substr(remote_name.rfind('/') + 1))}};
  set_path(resource, path, std::move(list));
  return {.method = "POST",
          .target = target_of(kind, remote_name) + "/update",
          .body = {{std::string(kind.name), std::move(resource)}, {"update_mask", path}}};
}

Request delete_request(const Kind& kind, const std::string& remote_name, bool is_for_good) {
  // An instance always goes for good, and some servers want to hear that.
  const bool is_purge = is_for_good || (kind.api->is_plain && kind.parent.empty());
  // The copy of the data is nothing without what keeps it up to date.
  const bool takes_data = kind.api->is_plain && kind.is_a("synced_table");
  return {.method = "DELETE",
          .target = target_of(kind, remote_name) + (is_purge     ? "?purge=true"
                                                    : takes_data ? "?purge_data=true"
                                                                 : "")};
}

Request undelete_request(const Kind& kind, const std::string& remote_name) {
  return {.method = "POST",
          .target = target_of(kind, remote_name) + "/undelete",
          .body = Document::object()};
}

}  // namespace weir
