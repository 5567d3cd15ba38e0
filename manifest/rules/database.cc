// Databases: owners and names.
#include <unordered_map>

#include <fmt/format.h>

#include "manifest/rules/rule.h"

namespace weir::rules {
namespace {

/// A branch begins with the databases of what it comes from.
bool is_inherited(const Declaration& database, const Scene& scene) {
  constexpr int kLongestChain = 1000;
  const Declaration* branch = scene.index.parent_of(database);
  for (int hop = 0; branch != nullptr && hop < kLongestChain; ++hop) {
    const Reference* source = reference_of(*branch, "from");
    branch = source == nullptr ? nullptr : scene.index.find(source->target);
    if (branch == nullptr) return false;
    for (const Declaration* other : scene.index.children(*branch)) {
      if (other->kind == database.kind && other->id == database.id) return true;
    }
  }
  return false;
}

void check_owner(const Declaration& database, const Scene& scene, Findings& findings) {
  // An owner that is written and wrong is another mistake.
  const bool is_written = database.field_places.contains("owner");
  if (is_implied(database) || is_written || reference_of(database, "owner") != nullptr) return;
  // Somebody else has made those of an instance.
  if (!database.kind->is_made_by_requests()) return;
  if (is_inherited(database, scene)) return;
  findings.push_back(finding(database, "owner",
                             "the database has no owner, and cannot be made without one",
                             "write owner: and the key of a role of the same branch"));
}

void check_system_names(const Declaration& database, const Scene&, Findings& findings) {
  const std::string& name = database.id;
  if (name != "postgres" && name != "template0" && name != "template1") return;
  findings.push_back(finding(database, "",
                             fmt::format("{} is a database that PostgreSQL keeps for itself", name),
                             "choose another name"));
}

void check_similar_names(const Declaration& branch, const Scene& scene, Findings& findings) {
  std::unordered_map<std::string, const Declaration*> seen;
  for (const Declaration* database : scene.index.children(branch)) {
    if (!database->kind->is_a("database")) continue;
    const auto [other, is_new] = seen.emplace(lower_case(database->id), database);
    if (is_new) continue;
    findings.push_back(finding(*database, "",
                               fmt::format("the database {} differs from {} only in capitals",
                                           database->id, other->second->id),
                               "choose names that people can tell apart, or remove one of them"));
  }
}

constexpr std::array kRules = {
    Rule{.id = "L100",
         .summary = "A database that the service does not make by itself has an owner.",
         .source = "the service's answer of 2026-07-13: database.spec.role is required",
         .kind = "database",
         .check = &check_owner},
    Rule{.id = "L101",
         .summary = "Databases that every PostgreSQL has are not declared.",
         .source = "PostgreSQL, template databases",
         .severity = Severity::kWarning,
         .kind = "database",
         .check = &check_system_names},
    Rule{.id = "L102",
         .summary = "Two databases of a branch differ in more than capitals.",
         .source = "service-rules ID-10: allowed, and a likely mistake",
         .severity = Severity::kWarning,
         .kind = "branch",
         .check = &check_similar_names},
};

}  // namespace

std::span<const Rule> database_rules() {
  return kRules;
}

}  // namespace weir::rules
