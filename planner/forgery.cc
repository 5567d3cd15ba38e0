#include "planner/forgery.h"

#include <algorithm>
#include <vector>

#include <fmt/format.h>

#include "planner/bindings.h"
#include "planner/identify.h"
#include "planner/inside_view.h"
#include "planner/request.h"

namespace weir {
namespace {

/// Requests that the step could have, with references as they stand in the changes.
std::vector<Request> candidates_for(const Step& step) {
  const NameOf as_it_is = [](const Field& /*field*/, const std::string& value) { return value; };
  if (step.kind->identity == Identity::kSingleton) {
    if (step.changes.size() != 1) return {};
    return {permissions_request(*step.kind, step.remote_name, step.changes.front())};
  }
  if (changes_bindings(step)) {
    // What it sends of others' entries is worked out again when it begins.
    const Document* app = at_path(step.request->body, step.kind->name);
    const Document* list =
        app == nullptr ? nullptr : at_path(*app, bindings_in(*step.kind)->sent_as);
    return {binding_request(*step.kind, step.remote_name, step.changes,
                            list == nullptr ? Document::array() : *list)};
  }
  switch (step.action) {
    case Action::kCreate:
      return {create_request(*step.kind, step.remote_name, step.changes, as_it_is, false),
              create_request(*step.kind, step.remote_name, step.changes, as_it_is, true)};
    case Action::kUpdate:
      return {update_request(*step.kind, step.remote_name, step.changes, Document::object(),
                             Document::object(), as_it_is)};
    case Action::kDelete:
      return {delete_request(*step.kind, step.remote_name, false)};
    case Action::kPurge:
      return {delete_request(*step.kind, step.remote_name, true)};
    case Action::kUndelete:
      return {undelete_request(*step.kind, step.remote_name)};
    default:
      return {};
  }
}

/// Of the types that are sent as one of several members of an object; the rest is sent whole.
std::vector<std::string_view> members_of(Type type) {
  if (type == Type::kSuspension) return {".no_suspension", ".suspend_timeout_duration"};
  if (type == Type::kExpiry) return {".no_expiry", ".ttl", ".expire_time"};
  return {""};
}

/// Where a body may differ from one made anew: names of what is referred to, and fields that are
/// sent along because they share the mask.
std::vector<std::string> open_paths(const Step& step) {
  std::vector<std::string> paths;
  for (const Field& field : step.kind->fields) {
    const auto change = std::ranges::find_if(
        step.changes, [&](const FieldChange& each) { return each.field == &field; });
    const bool is_changed = change != step.changes.end();
    const bool is_sent_along = !is_changed && step.action == Action::kUpdate &&
                               std::ranges::any_of(step.changes, [&](const FieldChange& each) {
                                 return each.field->mask() == field.mask();
                               });
    const bool is_reference = is_changed && field.type == Type::kReference;
    if (field.sent_as.empty() || (!is_sent_along && !is_reference)) continue;
    for (const std::string_view member : members_of(field.type)) {
      paths.push_back(std::string(field.sent_as) + std::string(member));
    }
  }
  return paths;
}

/// Equal whatever the order of keys: what is sent along stands elsewhere in a body made anew.
bool is_equal(const Document& left, const Document& right) {
  if (!left.is_object() || !right.is_object()) return left == right;
  for (const auto& [key, value] : left.items()) {
    const auto other = right.find(key);
    if (other == right.end() || !is_equal(value, *other)) return false;
  }
  return left.size() == right.size();
}

bool is_same_body(const Step& step, const Document& body, Document made) {
  for (const std::string& path : open_paths(step)) {
    if (const Document* value = at_path(body, path)) set_path(made, path, *value);
  }
  return is_equal(body, made);
}

bool is_same(const Step& step, const Request& made) {
  const Request& request = *step.request;
  return request.method == made.method && request.target == made.target &&
         is_same_body(step, request.body, made.body);
}

}  // namespace

std::string forgery_in(const Step& step) {
  const bool ends_role =
      step.action == Action::kDelete && step.script && step.kind->is_a("role") && !step.request;
  if (ends_role) {
    const std::string& branch = step.script->place.branch;
    return parent_of_name(step.remote_name) == branch
               ? ""
               : fmt::format("it executes statements in {}", branch);
  }
  if (step.action == Action::kExecute) {
    // What it executes is worked out again when it begins, and compared with what it shows.
    const bool is_ours = step.script && !step.request && step.kind == &inside_kind();
    if (!is_ours) return "it executes nothing inside a database";
    const std::string& branch = step.script->place.branch;
    const std::string container = parent_of_name(step.remote_name);
    const bool is_there = container == branch || parent_of_name(container) == branch;
    return is_there ? "" : fmt::format("it executes statements in {}", branch);
  }
  if (step.script) return fmt::format("it is to {} with statements", text_of(step.action));
  if (!step.request) {
    return step.action == Action::kForget
               ? ""
               : fmt::format("it is to {} without a request", text_of(step.action));
  }
  bool is_ours = false;
  try {
    is_ours = std::ranges::any_of(candidates_for(step),
                                  [&](const Request& made) { return is_same(step, made); });
  } catch (const Document::exception&) {
    return "its changes have values that their fields cannot have";
  }
  if (is_ours) return "";
  return fmt::format("its request, {} {}, is not the one that its changes need",
                     step.request->method, step.request->target);
}

std::string forgery_in(const Plan& plan, const Step& step) {
  const bool is_prediction = step.script && !step.script->predicted_from.empty();
  const bool is_founded = std::ranges::any_of(step.after, [&](std::size_t index) {
    const Step& first = plan.steps[index];
    // The roles of a branch are a script's.
    const bool makes_roles =
        first.script && first.remote_name == name_of_inside(first.script->place.branch);
    // What synced tables leave behind and get is seen only then.
    return makes_roles || first.kind->is_a("synced_table") || first.action == Action::kCreate ||
           first.action == Action::kUndelete;
  });
  if (is_prediction && !is_founded) return "it predicts what could be seen";
  return forgery_in(step);
}

}  // namespace weir
