// Reads update masks: which fields a path names, and what the body must say for it.
#include <algorithm>
#include <set>

#include "emulator/contract_check.h"

namespace emulator {
namespace {

/// What one path of a mask stands for.
struct Named {
  std::string path;                  ///< as written
  std::vector<const Field*> fields;  ///< the leaves
  std::string object;                ///< set when the path names a whole object
  bool is_member = false;            ///< the path is a member of a oneof, not its name
  bool is_value_optional = false;
  bool is_absent_cleared = false;  ///< without a value the field is set back
  bool is_empty_skipped = false;   ///< an empty list is no value here
};

std::vector<std::string> split(const std::string& mask) {
  std::vector<std::string> paths;
  std::size_t start = 0;
  while (start <= mask.size()) {
    const std::size_t comma = std::min(mask.find(',', start), mask.size());
    paths.push_back(mask.substr(start, comma - start));
    start = comma + 1;
  }
  return paths;
}

bool is_below(const std::string& path, const std::string& object) {
  return path.size() > object.size() + 1 && path.compare(0, object.size(), object) == 0 &&
         path[object.size()] == '.';
}

bool is_leaf(const Field& field) {
  return field.is_input && field.type != "object" && field.path.find("[]") == std::string::npos;
}

std::vector<const Field*> leaves_below(const KindContract& kind, const std::string& object) {
  std::vector<const Field*> leaves;
  for (const Field& field : kind.fields) {
    if (is_leaf(field) && is_below(field.path, object)) leaves.push_back(&field);
  }
  return leaves;
}

/// How a path names the oneof that `field` is a member of.
enum class Spelling { kNone, kOneof, kMember, kAlias };

Spelling spelling_of(const Field& field, const std::string& path) {
  if (field.oneof.empty() || field.mask.empty()) return Spelling::kNone;
  if (field.mask == path) return Spelling::kOneof;
  if (field.path == path) return Spelling::kMember;
  return field.mask_alias == path ? Spelling::kAlias : Spelling::kNone;
}

bool is_spelling_accepted(const Assumptions& assumptions, const Field& field, Spelling spelling) {
  if (spelling == Spelling::kMember) return assumptions.is("oneof_member_mask", "accepted");
  if (field.mask_alias.empty()) return true;
  const std::string& accepted = assumptions.choice("default_suspension_mask");
  return accepted == "both" || (accepted == "sdk_text") == (spelling == Spelling::kAlias);
}

Named resolve_leaf(const Contract& contract, const Field& field) {
  const bool is_reset =
      field.type == "list" || contract.assumptions.is("instance_masked_absent", "reset");
  return {.path = field.path,
          .fields = {&field},
          .object = "",
          .is_value_optional = field.is_mask_value_optional,
          .is_absent_cleared = field.is_mask_value_optional && is_reset};
}

Named resolve_field(const Contract& contract, const KindContract& kind, const Field& field) {
  if (field.type != "object") return resolve_leaf(contract, field);
  Named named{.path = field.path, .fields = {}, .object = field.path};
  named.is_value_optional = field.is_mask_value_optional || field.is_create_only;
  if (!field.is_create_only) named.fields = leaves_below(kind, field.path);
  return named;
}

Named resolve(const Contract& contract, const KindContract& kind, const std::string& path) {
  for (const Field& field : kind.fields) {
    const Spelling spelling = spelling_of(field, path);
    if (spelling != Spelling::kNone) {
      if (!is_spelling_accepted(contract.assumptions, field, spelling)) break;
      return {.path = path,
              .fields = kind.members(field.oneof),
              .object = "",
              .is_member = spelling == Spelling::kMember};
    }
    if (field.path == path && (field.mask == path || field.is_create_only)) {
      return resolve_field(contract, kind, field);
    }
  }
  throw contract.problem("mask_unknown", {{"path", path}});
}

/// "*" and, by assumption, an empty mask: one entry for every path that can be named.
std::vector<Named> expand_all(const Contract& contract, const KindContract& kind,
                              bool are_values_optional) {
  std::vector<Named> all;
  std::set<std::string> seen;
  for (const Field& field : kind.fields) {
    if (!is_leaf(field) || field.mask.empty() || field.is_create_only) continue;
    if (!seen.insert(field.mask).second) continue;
    Named named = resolve(contract, kind, field.mask);
    named.is_value_optional =
        named.is_value_optional || are_values_optional || field.type == "list";
    named.is_absent_cleared = named.is_absent_cleared && !are_values_optional &&
                              contract.assumptions.is("instance_masked_absent", "reset");
    named.is_empty_skipped = true;
    all.push_back(std::move(named));
  }
  return all;
}

void check_pairs(const Contract& contract, const KindContract& kind,
                 const std::vector<std::string>& paths) {
  const auto& assumptions = contract.assumptions;
  const bool is_overlap_refused =
      assumptions.is("mask_overlap", "refused") ||
      (assumptions.is("mask_overlap", "role_only") && kind.kind == "role");
  for (std::size_t i = 0; i < paths.size(); ++i) {
    for (std::size_t j = 0; j < paths.size(); ++j) {
      if (i < j && paths[i] == paths[j]) {
        throw contract.problem("mask_duplicate", {{"path", paths[i]}});
      }
      if (is_overlap_refused && is_below(paths[j], paths[i])) {
        throw contract.problem("mask_overlap", {{"path", paths[i]}, {"inner", paths[j]}});
      }
    }
  }
}

std::vector<Named> resolve_mask(const Contract& contract, const KindContract& kind,
                                const std::string& mask) {
  if (mask.empty()) {
    if (contract.assumptions.is("empty_mask", "refused")) throw contract.problem("mask_required");
    return expand_all(contract, kind, true);
  }
  const std::vector<std::string> paths = split(mask);
  check_pairs(contract, kind, paths);
  std::vector<Named> named;
  for (const std::string& path : paths) {
    if (path == "*" && contract.assumptions.is("star_mask", "expanded")) {
      const auto all = expand_all(contract, kind, false);
      named.insert(named.end(), all.begin(), all.end());
    } else {
      named.push_back(resolve(contract, kind, path));
    }
  }
  return named;
}

bool has_value(const Named& named, const Json& decoded) {
  // A member's own name asks for that member, although the mask then covers the whole oneof.
  if (named.is_member) return at_path(decoded, named.path) != nullptr;
  if (!named.object.empty()) return at_path(decoded, named.object) != nullptr;
  return std::any_of(named.fields.begin(), named.fields.end(),
                     [&](const Field* field) { return at_path(decoded, field->path) != nullptr; });
}

void take(const Named& named, const Json& decoded, Change& change) {
  for (const Field* field : named.fields) {
    const Json* value = at_path(decoded, field->path);
    const bool is_skipped =
        value != nullptr && value->is_array() && value->empty() && named.is_empty_skipped;
    const bool is_left_out_of_object =
        value == nullptr && !named.object.empty() && named.object != "spec" && !field->is_immutable;
    if (value != nullptr && !is_skipped) {
      set_path(change.values, field->path, *value);
    } else if (named.is_absent_cleared || is_left_out_of_object) {
      change.cleared.push_back(field->path);
    }
  }
}

void refuse_fields_outside(const Contract& contract, const KindContract& kind, const Json& decoded,
                           const Change& change) {
  for (const Field& field : kind.fields) {
    if (is_leaf(field) && at_path(decoded, field.path) != nullptr &&
        at_path(change.values, field.path) == nullptr) {
      throw contract.problem("field_outside_mask", {{"path", field.path}});
    }
  }
}

}  // namespace

Change masked_change(const Contract& contract, const KindContract& kind, const Json& decoded,
                     const std::string& mask) {
  Change change;
  const bool is_value_needed = contract.assumptions.is("mask_without_value", "refused");
  for (const Named& named : resolve_mask(contract, kind, mask)) {
    if (is_value_needed && !named.is_value_optional && !has_value(named, decoded)) {
      throw contract.problem("mask_without_value", {{"path", named.path}});
    }
    take(named, decoded, change);
  }
  if (contract.assumptions.is("field_outside_mask", "refused")) {
    refuse_fields_outside(contract, kind, decoded, change);
  }
  return change;
}

}  // namespace emulator
