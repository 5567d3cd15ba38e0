// What happens to a resource when its declaration goes, and what is left alone.
#include <algorithm>

#include <fmt/format.h>

#include "manifest/rules/rule.h"

namespace weir::rules {
namespace {

bool is_deleted_on_removal(const Declaration& declaration) {
  return declaration.lifecycle.on_remove == "delete";
}

void check_protection(const Declaration& declaration, const Scene&, Findings& findings) {
  if (!declaration.lifecycle.protect || !is_deleted_on_removal(declaration)) return;
  findings.push_back(finding(declaration, "lifecycle",
                             "lifecycle: protect, and on_remove delete: it will not be deleted",
                             "remove one of them"));
}

/// What wishes to stay goes when an ancestor is deleted with all that it contains.
void check_stays_with_parent(const Declaration& declaration, const Scene& scene,
                             Findings& findings) {
  const Lifecycle& lifecycle = declaration.lifecycle;
  const bool stays =
      lifecycle.protect || lifecycle.on_remove == "keep" || lifecycle.on_remove == "fail";
  if (!stays) return;
  for (const Declaration* parent = scene.index.parent_of(declaration); parent != nullptr;
       parent = scene.index.parent_of(*parent)) {
    if (!is_deleted_on_removal(*parent)) continue;
    findings.push_back(finding(
        declaration, "lifecycle",
        fmt::format("lifecycle: {} here does not hold when {} is removed, which has on_remove "
                    "delete",
                    lifecycle.protect ? "protect" : "on_remove " + lifecycle.on_remove,
                    parent->address.text()),
        fmt::format("write on_remove: fail in {}", parent->address.text())));
    return;
  }
}

/// The service deletes these with their parents only. A database that it makes can be deleted.
bool is_bound_to_parent(const Declaration& declaration) {
  return is_implied(declaration) && declaration.kind->identity == Identity::kId;
}

void check_can_be_deleted(const Declaration& declaration, const Scene&, Findings& findings) {
  if (!is_bound_to_parent(declaration) || !is_deleted_on_removal(declaration)) return;
  findings.push_back(
      finding(declaration, "lifecycle",
              fmt::format("lifecycle: on_remove delete, and the {} {} goes only with its {}",
                          declaration.kind->name, declaration.id, declaration.kind->parent),
              "remove on_remove"));
}

void check_can_be_made(const Declaration& declaration, const Scene&, Findings& findings) {
  if (!is_implied(declaration) || declaration.lifecycle.adopt) return;
  findings.push_back(
      finding(declaration, "lifecycle",
              fmt::format("lifecycle: adopt false, and the service makes the {} {} by itself",
                          declaration.kind->name, declaration.id),
              "remove adopt: there is never a time at which weir could make it"));
}

void check_ignored_is_written(const Declaration& declaration, const Scene&, Findings& findings) {
  for (const std::string& field : declaration.lifecycle.ignore) {
    const bool is_written = declaration.fields.contains(field) ||
                            reference_of(declaration, field) != nullptr ||
                            declaration.field_places.contains(field);
    if (is_written || find_field(*declaration.kind, field) == nullptr) continue;
    findings.push_back(
        finding(declaration, "lifecycle",
                fmt::format("lifecycle: ignore {}, which the declaration does not have", field),
                "remove it: a field that is not written is left alone anyway"));
  }
}

constexpr std::array kRules = {
    Rule{.id = "L110",
         .summary = "What is protected is not to be deleted when its declaration goes.",
         .source = "the manifest language",
         .severity = Severity::kWarning,
         .check = &check_protection},
    Rule{.id = "L111",
         .summary = "What is to stay is in nothing that is to be deleted.",
         .source = "service-rules D-8 and B-8",
         .severity = Severity::kWarning,
         .check = &check_stays_with_parent},
    Rule{.id = "L112",
         .summary = "The branch production and the endpoint primary go with their parents only.",
         .source = "service-rules 3.1, B-5 and E-4",
         .severity = Severity::kWarning,
         .check = &check_can_be_deleted},
    Rule{.id = "L113",
         .summary = "What the service makes by itself is adopted.",
         .source = "service-rules 3",
         .severity = Severity::kWarning,
         .check = &check_can_be_made},
    Rule{.id = "L114",
         .summary = "Only fields that are written need to be ignored.",
         .source = "the manifest language",
         .severity = Severity::kWarning,
         .check = &check_ignored_is_written},
};

}  // namespace

std::span<const Rule> lifecycle_rules() {
  return kRules;
}

}  // namespace weir::rules
