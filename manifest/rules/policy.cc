// The manifest's own policy.
#include <algorithm>

#include <fmt/format.h>

#include "manifest/rules/rule.h"

namespace weir::rules {
namespace {

void check_lists_differ(const Scene& scene, Findings& findings) {
  const Policy& policy = scene.manifest.policy;
  for (const std::string& action : policy.warn) {
    if (std::find(policy.deny.begin(), policy.deny.end(), action) == policy.deny.end()) continue;
    const auto place = policy.places.find(action);
    findings.push_back({.message = fmt::format("policy: {} is denied, and warned about", action),
                        .hint = "remove it from one of the lists",
                        .place = place == policy.places.end() ? Place() : place->second});
  }
}

constexpr std::array kRules = {
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
