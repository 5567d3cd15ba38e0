// The manifest's own policy.
#include <algorithm>

#include <fmt/format.h>

#include "core/nearest.h"
#include "manifest/rules/rule.h"

namespace weir::rules {
namespace {

constexpr std::array<std::string_view, 11> kVerbs = {"create",   "update",  "delete",  "purge",
                                                     "undelete", "adopt",   "forget",  "drop",
                                                     "destroy",  "replace", "recreate"};
/// Not every verb is for each of them: a policy may be stricter than it has to be.
constexpr std::array<std::string_view, 13> kKinds = {
    "project", "permissions",  "branch",   "endpoint", "role",       "database", "schema",
    "catalog", "synced_table", "data_api", "instance", "cdf_config", "app"};

/// "delete_branch", and what an action may do besides.
std::vector<std::string> known_actions() {
  std::vector<std::string> actions = {"compute_restart", "destructive"};
  for (const std::string_view verb : kVerbs) {
    for (const std::string_view kind : kKinds) actions.push_back(fmt::format("{}_{}", verb, kind));
  }
  return actions;
}

Finding at(const Policy& policy, const std::string& what, std::string message, std::string hint) {
  const auto place = policy.places.find(what);
  return {.message = std::move(message),
          .hint = std::move(hint),
          .place = place == policy.places.end() ? Place() : place->second};
}

/// A misspelt action would protect nothing.
void check_actions(const Scene& scene, Findings& findings) {
  const Policy& policy = scene.manifest.policy;
  const std::vector<std::string> actions = known_actions();
  const std::vector<std::string_view> names(actions.begin(), actions.end());
  const auto check = [&](const char* list, const std::vector<std::string>& wanted) {
    for (const std::string& action : wanted) {
      if (std::find(names.begin(), names.end(), action) != names.end()) continue;
      std::string hint = did_you_mean(action, names);
      if (hint.empty()) hint = "write an action such as delete_branch or compute_restart";
      findings.push_back(
          at(policy, action, fmt::format("policy.{}: there is no action {}", list, action), hint));
    }
  };
  check("deny", policy.deny);
  check("warn", policy.warn);
  check("approvals", policy.approvals);
}

void check_number_of_destroys(const Scene& scene, Findings& findings) {
  const auto& maximum = scene.manifest.policy.max_destroys;
  if (!maximum || *maximum >= 0) return;
  findings.push_back(at(scene.manifest.policy, "max_destroys",
                        fmt::format("policy.max_destroys {} is under 0", *maximum),
                        "write 0 to allow none, or remove the line"));
}

void check_lists_differ(const Scene& scene, Findings& findings) {
  const Policy& policy = scene.manifest.policy;
  for (const std::string& action : policy.warn) {
    if (std::find(policy.deny.begin(), policy.deny.end(), action) == policy.deny.end()) continue;
    findings.push_back(at(policy, action,
                          fmt::format("policy: {} is denied, and warned about", action),
                          "remove it from one of the lists"));
  }
}

constexpr std::array kRules = {
    Rule{.id = "L120",
         .summary = "A policy names actions that there are.",
         .source = "the manifest language",
         .check_manifest = &check_actions},
    Rule{.id = "L121",
         .summary = "The most that may be destroyed is a number from 0.",
         .source = "the manifest language",
         .check_manifest = &check_number_of_destroys},
    Rule{.id = "L122",
         .summary = "What a policy denies needs no warning.",
         .source = "the manifest language",
         .severity = Severity::kWarning,
         .check_manifest = &check_lists_differ},
};

}  // namespace

std::span<const Rule> policy_rules() {
  return kRules;
}

}  // namespace weir::rules
