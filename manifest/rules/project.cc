// Projects: their settings, and what they lend to endpoints.
#include <fmt/format.h>

#include "core/value.h"
#include "manifest/rules/capacity.h"
#include "manifest/rules/rule.h"

namespace weir::rules {
namespace {

constexpr CapacityFields kDefaults = {.minimum = "default_endpoint.min_cu",
                                      .maximum = "default_endpoint.max_cu"};

/// Characters, not bytes: continuation bytes of UTF-8 do not count.
std::size_t length_of(const std::string& text) {
  std::size_t length = 0;
  for (const char c : text) length += (static_cast<unsigned char>(c) & 0xC0U) == 0x80U ? 0 : 1;
  return length;
}

void check_display_name(const Declaration& project, const Scene& scene, Findings& findings) {
  if (value_of(project, "display_name") == nullptr) return;
  const double maximum = scene.limits.number("display_name_length_maximum");
  const auto length = static_cast<double>(length_of(text_of(project, "display_name")));
  if (length >= 1 && length <= maximum) return;
  findings.push_back(
      finding(project, "display_name",
              fmt::format("display_name has {} characters; it has from 1 to {}", length, maximum),
              or_override(length < 1 ? "write a name, or remove the line" : "shorten it",
                          "display_name_length_maximum")));
}

void check_history(const Declaration& project, const Scene& scene, Findings& findings) {
  check_bounds(project, "history_retention", scene,
               {.minimum = "history_retention_minimum", .maximum = "history_retention_maximum"},
               findings);
}

void check_version(const Declaration& project, const Scene& scene, Findings& findings) {
  const Document* version = value_of(project, "pg_version");
  if (version == nullptr) return;
  const double minimum = scene.limits.number("pg_version_minimum");
  const double maximum = scene.limits.number("pg_version_maximum");
  const double wanted = version->get<double>();
  if (wanted >= minimum && wanted <= maximum) return;
  findings.push_back(finding(
      project, "pg_version",
      fmt::format("pg_version {}: the service is known to have {} to {}", wanted, minimum, maximum),
      or_override("write one of them",
                  wanted < minimum ? "pg_version_minimum" : "pg_version_maximum")));
}

void check_number_of_projects(const Scene& scene, Findings& findings) {
  check_number_of(scene, "project", "projects_per_workspace", findings);
}

void check_default_minimum(const Declaration& project, const Scene& scene, Findings& findings) {
  check_least_capacity(project, kDefaults, scene, findings);
}

void check_default_order(const Declaration& project, const Scene&, Findings& findings) {
  check_order_of_capacities(project, kDefaults, findings);
}

void check_default_range(const Declaration& project, const Scene& scene, Findings& findings) {
  check_spread(project, kDefaults, scene, findings);
  check_greatest_capacity(project, kDefaults, scene, findings);
}

void check_default_suspension(const Declaration& project, const Scene& scene, Findings& findings) {
  check_bounds(project, "default_endpoint.suspend_after", scene,
               {.minimum = "suspend_minimum", .maximum = "suspend_maximum"}, findings);
}

void check_default_branch_stays(const Declaration& project, const Scene& scene,
                                Findings& findings) {
  const Reference* reference = reference_of(project, "default_branch");
  const Declaration* branch = reference == nullptr ? nullptr : scene.index.find(reference->target);
  if (branch == nullptr || !is_expiring(*branch)) return;
  findings.push_back(finding(project, "default_branch",
                             fmt::format("default_branch {}, which expires {}",
                                         reference->target.key(), shown(*branch, "expires")),
                             "choose a branch that stays: new branches come from it"));
}

void check_tags(const Declaration& project, const Scene&, Findings& findings) {
  const Document* tags = value_of(project, "tags");
  if (tags == nullptr || !tags->contains("")) return;
  findings.push_back(finding(project, "tags", "tags: one of them has no key",
                             "give each tag a key, or remove it"));
}

void check_budget_policy(const Declaration& project, const Scene&, Findings& findings) {
  if (value_of(project, "budget_policy") == nullptr) return;
  if (is_uuid(text_of(project, "budget_policy"))) return;
  findings.push_back(finding(
      project, "budget_policy",
      fmt::format("budget_policy {} does not look like an id", shown(project, "budget_policy")),
      "write the policy's id, such as 4f1d7f7c-6f0e-4c51-8a30-0d6a3a0a2b11, not its name"));
}

constexpr std::array kRules = {
    Rule{.id = "L030",
         .summary = "A display name has 1 to 256 characters.",
         .source = "service-rules ID-13",
         .kind = "project",
         .check = &check_display_name},
    Rule{.id = "L031",
         .summary = "A project keeps 2 to 35 days of history.",
         .source = "service-rules Q-6",
         .kind = "project",
         .check = &check_history},
    Rule{.id = "L032",
         .summary = "The service is known to have PostgreSQL 16 to 18.",
         .source = "service-rules 2.3",
         .severity = Severity::kWarning,
         .kind = "project",
         .check = &check_version},
    Rule{.id = "L033",
         .summary = "A workspace has at most 1,000 projects.",
         .source = "service-rules Q-1",
         .severity = Severity::kWarning,
         .check_manifest = &check_number_of_projects},
    Rule{.id = "L034",
         .summary = "A default capacity is at least 0.5.",
         .source = "service-rules 2.1",
         .kind = "project",
         .check = &check_default_minimum},
    Rule{.id = "L035",
         .summary = "The least default capacity is not over the greatest.",
         .source = "service-rules 2.1",
         .kind = "project",
         .check = &check_default_order},
    Rule{.id = "L036",
         .summary = "Default capacities are such as an endpoint may have.",
         .source = "service-rules 2.1: of defaults no maximum is stated, of endpoints it is",
         .severity = Severity::kWarning,
         .kind = "project",
         .check = &check_default_range},
    Rule{.id = "L037",
         .summary = "Endpoints go to sleep after 60 seconds to 7 days, also by default.",
         .source = "service-rules Q-8",
         .kind = "project",
         .check = &check_default_suspension},
    Rule{.id = "L038",
         .summary = "The default branch does not expire.",
         .source = "service-rules B-9: whether it may go is not stated",
         .severity = Severity::kWarning,
         .kind = "project",
         .check = &check_default_branch_stays},
    Rule{.id = "L039",
         .summary = "A tag has a key.",
         .source = "databricks-sdk-go, ProjectCustomTag",
         .severity = Severity::kWarning,
         .kind = "project",
         .check = &check_tags},
    Rule{.id = "L040",
         .summary = "A budget policy is named by its id.",
         .source = "databricks-sdk-go, budget_policy_id",
         .severity = Severity::kWarning,
         .kind = "project",
         .check = &check_budget_policy},
};

}  // namespace

std::span<const Rule> project_rules() {
  return kRules;
}

}  // namespace weir::rules
