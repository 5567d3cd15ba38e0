#include "planner/request.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "planner/diff.h"
#include "planner/identify.h"

namespace weir {
namespace {

constexpr std::string_view kPostgresApi = "/api/2.0/postgres/";
constexpr std::string_view kTakesOver = "&replace_existing=true";
constexpr std::string_view kPermissionsApi = "/api/2.0/permissions/database-projects/";

/// Names come from manifests and from answers; whatever they hold, they stay one path.
std::string encoded(std::string_view name) {
  std::string path;
  for (const char c : name) {
    const bool is_plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                          (c >= '0' && c <= '9') ||
                          std::string_view("/-_.~").find(c) != std::string_view::npos;
    path += is_plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return path;
}

std::string target_of(const std::string& remote_name) {
  return std::string(kPostgresApi) + encoded(remote_name);
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
  const std::size_t slash = remote_name.rfind('/');
  Document body = Document::object();
  for (const FieldChange& change : changes) put_value(body, *change.field, change.after, name_of);
  return {.method = "POST",
          .target =
              fmt::format("{}?{}={}{}", target_of(remote_name.substr(0, slash)), kind.id_parameter,
                          encoded(remote_name.substr(slash + 1)), takes_over ? kTakesOver : ""),
          .body = std::move(body)};
}

bool takes_over(const Request& request) {
  return request.target.ends_with(kTakesOver);
}

Request beside_what_stands(const Step& step, const Observed& found) {
  const NameOf as_it_stands = [](const Field& /*field*/, const std::string& value) {
    return value;
  };
  Request request = *step.request;
  for (const Field& field : step.kind->fields) {
    const Document& value = value_of(found.fields, field);
    const bool is_open =
        field.on_change == OnChange::kUpdate && !value.is_null() &&
        std::ranges::find(step.changes, &field, &FieldChange::field) == step.changes.end();
    if (is_open) put_value(request.body, field, value, as_it_stands);
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
          .target = fmt::format("{}?update_mask={}", target_of(remote_name),
                                fmt::join(mask_of(changes), "%2C")),
          .body = std::move(body)};
}

Request permissions_request(const std::string& remote_name, const FieldChange& change) {
  const std::string project = parent_of_name(remote_name);
  const bool is_addition = keeps_everybody(change.before, change.after);
  Document entries = Document::array();
  for (const Document& entry : change.after) {
    if (!is_addition || !contains(change.before, entry)) entries.push_back(wire_entry(entry));
  }
  return {.method = is_addition ? "PATCH" : "PUT",
          .target = std::string(kPermissionsApi) + encoded(project.substr(project.rfind('/') + 1)),
          .body = {{"access_control_list", std::move(entries)}}};
}

Request delete_request(const std::string& remote_name, bool is_for_good) {
  return {.method = "DELETE",
          .target = target_of(remote_name) + (is_for_good ? "?purge=true" : "")};
}

Request undelete_request(const std::string& remote_name) {
  return {
      .method = "POST", .target = target_of(remote_name) + "/undelete", .body = Document::object()};
}

}  // namespace weir
