#include "manifest/rules.h"

#include <unordered_map>

#include "manifest/rules/rule.h"

namespace weir {
namespace {

std::vector<rules::Rule> all() {
  std::vector<rules::Rule> all;
  for (const auto rules :
       {rules::name_rules(), rules::branch_rules(), rules::project_rules(),
        rules::permission_rules(), rules::endpoint_rules(), rules::role_rules(),
        rules::database_rules(), rules::lifecycle_rules(), rules::policy_rules(),
        rules::limit_rules(), rules::output_rules(), rules::inside_rules(), rules::instance_rules(),
        rules::unity_catalog_rules(), rules::app_rules()}) {
    all.insert(all.end(), rules.begin(), rules.end());
  }
  return all;
}

void report(const rules::Rule& rule, rules::Findings& findings, Diagnostics& diagnostics) {
  for (rules::Finding& finding : findings) {
    diagnostics.add({.severity = rule.severity,
                     .rule = std::string(rule.id),
                     .address = std::move(finding.address),
                     .message = std::move(finding.message),
                     .hint = std::move(finding.hint),
                     .place = finding.place});
  }
  findings.clear();
}

}  // namespace

std::span<const RuleText> all_rules() {
  static const std::vector<RuleText> rule_texts = [] {
    std::vector<RuleText> texts;
    for (const rules::Rule& rule : all()) texts.push_back({rule.id, rule.summary, rule.source});
    return texts;
  }();
  return rule_texts;
}

void check_rules(const Manifest& manifest, const Limits& limits, Diagnostics& diagnostics) {
  const rules::Index index(manifest);
  const rules::Scene scene = {.manifest = manifest, .limits = limits, .index = index};
  // A hundred thousand declarations are not gone through for each of a hundred rules.
  std::unordered_map<std::string_view, std::vector<const Declaration*>> of_kind;
  for (const Declaration& declaration : manifest.declarations) {
    of_kind[declaration.kind->sort()].push_back(&declaration);
    of_kind[""].push_back(&declaration);
  }
  rules::Findings findings;
  for (const rules::Rule& rule : all()) {
    if (rule.check_manifest != nullptr) rule.check_manifest(scene, findings);
    if (rule.check != nullptr) {
      for (const Declaration* declaration : of_kind[rule.kind]) {
        rule.check(*declaration, scene, findings);
      }
    }
    report(rule, findings, diagnostics);
  }
}

}  // namespace weir
