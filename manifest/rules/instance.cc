// Provisioned instances: their size, how far back they go, and what comes of them.
#include <fmt/format.h>

#include "core/value.h"
#include "manifest/rules/rule.h"

namespace weir::rules {
namespace {

std::int64_t nodes_of(const Declaration& instance) {
  const Document* nodes = value_of(instance, "nodes");
  return nodes == nullptr ? 1 : nodes->get<std::int64_t>();
}

void check_nodes(const Declaration& instance, const Scene&, Findings& findings) {
  if (nodes_of(instance) >= 1) return;
  findings.push_back(
      finding(instance, "nodes",
              fmt::format("nodes {}: an instance has its primary at least", nodes_of(instance)),
              "write 1 or more"));
}

void check_secondaries_exist(const Declaration& instance, const Scene&, Findings& findings) {
  if (!is_true(instance, "readable_secondaries") || nodes_of(instance) > 1) return;
  findings.push_back(finding(instance, "readable_secondaries",
                             "readable_secondaries, and the instance has no secondary",
                             "write nodes: 2 or more, or remove readable_secondaries"));
}

void check_retention(const Declaration& instance, const Scene& scene, Findings& findings) {
  const auto retention = parse_duration(text_of(instance, "retention"));
  if (!retention) return;
  const auto say = [&](const char* limit, std::string_view what) {
    findings.push_back(finding(
        instance, "retention",
        fmt::format("retention {} is {} of {}", shown(instance, "retention"), what,
                    duration_text(limit_duration(scene, limit))),
        or_override(fmt::format("write {}", duration_text(limit_duration(scene, limit))), limit)));
  };
  if (*retention < limit_duration(scene, "instance_retention_minimum")) {
    say("instance_retention_minimum", "under the minimum");
  } else if (*retention > limit_duration(scene, "instance_retention_maximum")) {
    say("instance_retention_maximum", "over the maximum");
  }
}

void check_number(const Scene& scene, Findings& findings) {
  check_number_of(scene, "instance", "instances_per_workspace", findings);
}

constexpr std::array kRules = {
    Rule{.id = "L160",
         .summary = "An instance has at least one node.",
         .source = "lakebase-api-provisioned 2",
         .kind = "instance",
         .check = &check_nodes},
    Rule{.id = "L161",
         .summary = "Only an instance with secondaries has readable ones.",
         .source = "service-rules I-5: inferred",
         .severity = Severity::kWarning,
         .kind = "instance",
         .check = &check_secondaries_exist},
    Rule{.id = "L162",
         .summary = "An instance keeps its history for as long as the service allows.",
         .source = "service-rules Q-13",
         .kind = "instance",
         .check = &check_retention},
    Rule{.id = "L163",
         .summary = "There are no more instances than a workspace may have.",
         .source = "service-rules Q-12",
         .severity = Severity::kWarning,
         .check_manifest = &check_number},
};

}  // namespace

std::span<const Rule> instance_rules() {
  return kRules;
}

}  // namespace weir::rules
