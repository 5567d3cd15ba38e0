// Endpoints: their capacity, their type, when they sleep, and high availability.
#include <cmath>

#include <fmt/format.h>

#include "manifest/rules/capacity.h"
#include "manifest/rules/rule.h"

namespace weir::rules {
namespace {

constexpr CapacityFields kRange = {.minimum = "min_cu", .maximum = "max_cu"};

void check_minimum(const Declaration& endpoint, const Scene& scene, Findings& findings) {
  check_least_capacity(endpoint, kRange, scene, findings);
}

void check_order(const Declaration& endpoint, const Scene&, Findings& findings) {
  check_order_of_capacities(endpoint, kRange, findings);
}

void check_range(const Declaration& endpoint, const Scene& scene, Findings& findings) {
  check_spread(endpoint, kRange, scene, findings);
}

void check_maximum(const Declaration& endpoint, const Scene& scene, Findings& findings) {
  check_greatest_capacity(endpoint, kRange, scene, findings);
}

void check_documented_maximum(const Declaration& endpoint, const Scene& scene, Findings& findings) {
  const double documented = scene.limits.number("cu_documented_maximum");
  const auto most = capacity_of(endpoint, "max_cu");
  if (!most || *most <= documented || *most > scene.limits.number("cu_maximum")) return;
  findings.push_back(
      finding(endpoint, "max_cu",
              fmt::format("{} is over {}, the most that the API describes",
                          shown_capacity(endpoint, "max_cu"), documented),
              or_override(fmt::format("write {} or less", documented), "cu_documented_maximum")));
}

void check_autoscaling_maximum(const Declaration& endpoint, const Scene& scene,
                               Findings& findings) {
  const double maximum = scene.limits.number("cu_autoscaling_maximum");
  const auto least = capacity_of(endpoint, "min_cu");
  const auto most = capacity_of(endpoint, "max_cu");
  if (!least || !most || *least == *most || *most <= maximum) return;
  findings.push_back(finding(
      endpoint, "max_cu",
      fmt::format("{} to {} may be too much: endpoints are said to scale up to {}", *least, *most,
                  maximum),
      or_override(
          fmt::format("end the range at {}, or write a fixed capacity, cu: {}", maximum, *most),
          "cu_autoscaling_maximum")));
}

void check_step(const Declaration& endpoint, const Scene& scene, Findings& findings) {
  const double step = scene.limits.number("cu_step");
  if (step <= 0) return;  // an override that wants any capacity
  const bool is_fixed = endpoint.field_places.contains("cu");
  for (const std::string field : {"min_cu", "max_cu"}) {
    const auto capacity = capacity_of(endpoint, field);
    if (!capacity || std::fmod(*capacity, step) == 0) continue;
    findings.push_back(
        finding(endpoint, is_fixed ? "cu" : field,
                fmt::format("{} is no multiple of {}", shown_capacity(endpoint, field), step),
                or_override(fmt::format("write {} or {}", std::floor(*capacity / step) * step,
                                        std::ceil(*capacity / step) * step),
                            "cu_step")));
    if (is_fixed) return;
  }
}

/// The capacity that an endpoint takes when it does not name this end of the range.
double default_capacity(const Declaration& endpoint, const Scene& scene, const std::string& field) {
  const Declaration* branch = scene.index.parent_of(endpoint);
  const Declaration* project = branch == nullptr ? nullptr : scene.index.parent_of(*branch);
  const auto lent =
      project == nullptr ? std::nullopt : capacity_of(*project, "default_endpoint." + field);
  return lent.value_or(scene.limits.number("cu_default"));
}

void check_half_range(const Declaration& endpoint, const Scene& scene, Findings& findings) {
  const auto least = capacity_of(endpoint, "min_cu");
  const auto most = capacity_of(endpoint, "max_cu");
  if (least.has_value() == most.has_value()) return;
  const std::string missing = least ? "max_cu" : "min_cu";
  const double taken = default_capacity(endpoint, scene, missing);
  if (least.value_or(taken) <= most.value_or(taken)) return;
  const std::string written = least ? "min_cu" : "max_cu";
  findings.push_back(finding(endpoint, written,
                             fmt::format("{} without {}, which is {} for a new endpoint",
                                         shown_capacity(endpoint, written), missing, taken),
                             fmt::format("write {} too", missing)));
}

void check_suspension(const Declaration& endpoint, const Scene& scene, Findings& findings) {
  check_bounds(endpoint, "suspend_after", scene,
               {.minimum = "suspend_minimum", .maximum = "suspend_maximum"}, findings);
}

void check_only_writer(const Declaration& endpoint, const Scene&, Findings& findings) {
  if (is_implied(endpoint) || text_of(endpoint, "type") != "read_write") return;
  findings.push_back(finding(endpoint, "type",
                             "type read_write: the branch has an endpoint that writes, primary",
                             "write type: read_only, or declare primary instead"));
}

void check_type_is_known(const Declaration& endpoint, const Scene&, Findings& findings) {
  if (is_implied(endpoint) || value_of(endpoint, "type") != nullptr) return;
  findings.push_back(finding(endpoint, "type", "the endpoint has no type, and cannot be made so",
                             "write type: read_only: the one that writes is primary"));
}

void check_primary_writes(const Declaration& endpoint, const Scene&, Findings& findings) {
  if (!is_implied(endpoint) || text_of(endpoint, "type") != "read_only") return;
  findings.push_back(finding(endpoint, "type",
                             "type read_only: primary is the endpoint of the branch that writes",
                             "write type: read_write, or give the endpoint another id"));
}

/// How many computes the manifest wants; 1 when it does not say.
double size_of(const Declaration& endpoint) {
  const Document* group = value_of(endpoint, "ha");
  return group == nullptr ? 1 : group->value("size", 1.0);
}

void check_size(const Declaration& endpoint, const Scene& scene, Findings& findings) {
  const double maximum = scene.limits.number("ha_size_maximum");
  const double size = size_of(endpoint);
  if (size <= maximum) return;
  findings.push_back(
      finding(endpoint, "ha", fmt::format("ha: size {} is over the maximum of {}", size, maximum),
              or_override(fmt::format("write {} or less", maximum), "ha_size_maximum")));
}

void check_group_stays_awake(const Declaration& endpoint, const Scene&, Findings& findings) {
  const std::string suspension = text_of(endpoint, "suspend_after");
  if (size_of(endpoint) <= 1 || suspension.empty() || suspension == "never") return;
  findings.push_back(
      finding(endpoint, "suspend_after",
              fmt::format("suspend_after {}: an endpoint with ha of size {} cannot sleep",
                          shown(endpoint, "suspend_after"), size_of(endpoint)),
              "write suspend_after: never, or ha: {size: 1}"));
}

void check_group_says_it_stays_awake(const Declaration& endpoint, const Scene& scene,
                                     Findings& findings) {
  if (size_of(endpoint) <= 1 || value_of(endpoint, "suspend_after") != nullptr) return;
  const Declaration* branch = scene.index.parent_of(endpoint);
  const Declaration* project = branch == nullptr ? nullptr : scene.index.parent_of(*branch);
  if (project != nullptr && text_of(*project, "default_endpoint.suspend_after") == "never") return;
  findings.push_back(
      finding(endpoint, "ha",
              fmt::format("ha: size {}, and nothing keeps the endpoint awake", size_of(endpoint)),
              "write suspend_after: never"));
}

void check_secondaries_exist(const Declaration& endpoint, const Scene&, Findings& findings) {
  const Document* group = value_of(endpoint, "ha");
  if (group == nullptr || !flag_at(*group, "readable_secondaries")) return;
  const bool is_reader = text_of(endpoint, "type") == "read_only";
  if (!is_reader && size_of(endpoint) > 1) return;
  findings.push_back(finding(endpoint, "ha",
                             is_reader
                                 ? "ha: readable_secondaries mean nothing for a read_only endpoint"
                                 : "ha: readable_secondaries, and there is no secondary of size 1",
                             "remove readable_secondaries, or write a size of 2 to 4 for an "
                             "endpoint that writes"));
}

void check_primary_runs(const Declaration& endpoint, const Scene&, Findings& findings) {
  if (!is_implied(endpoint) || !is_true(endpoint, "disabled")) return;
  findings.push_back(finding(endpoint, "disabled",
                             "disabled: nobody can write to the branch, and no connection wakes it",
                             "remove the line when that is not meant"));
}

constexpr std::array kRules = {
    Rule{.id = "L050",
         .summary = "The capacity of an endpoint is at least 0.5.",
         .source = "service-rules 2.1",
         .kind = "endpoint",
         .check = &check_minimum},
    Rule{.id = "L051",
         .summary = "The least capacity of an endpoint is not over the greatest.",
         .source = "service-rules 2.1",
         .kind = "endpoint",
         .check = &check_order},
    Rule{.id = "L052",
         .summary = "The capacity of an endpoint varies by at most 16.",
         .source = "service-rules 2.1",
         .kind = "endpoint",
         .check = &check_range},
    Rule{.id = "L053",
         .summary = "The capacity of an endpoint is at most 112.",
         .source = "service-rules 2.1",
         .kind = "endpoint",
         .check = &check_maximum},
    Rule{.id = "L054",
         .summary = "The API describes capacities of at most 64.",
         .source = "service-rules 2.1",
         .severity = Severity::kWarning,
         .kind = "endpoint",
         .check = &check_documented_maximum},
    Rule{.id = "L055",
         .summary = "Endpoints are said to scale by themselves up to 32.",
         .source = "service-rules 2.1",
         .severity = Severity::kWarning,
         .kind = "endpoint",
         .check = &check_autoscaling_maximum},
    Rule{.id = "L056",
         .summary = "Capacities are multiples of 0.5.",
         .source = "service-rules 2.1: inferred",
         .severity = Severity::kWarning,
         .kind = "endpoint",
         .check = &check_step},
    Rule{.id = "L057",
         .summary = "One end of a range fits the default of the other.",
         .source = "service-rules 2.1",
         .severity = Severity::kWarning,
         .kind = "endpoint",
         .check = &check_half_range},
    Rule{.id = "L058",
         .summary = "An endpoint goes to sleep after 60 seconds to 7 days.",
         .source = "service-rules Q-8",
         .kind = "endpoint",
         .check = &check_suspension},
    Rule{.id = "L059",
         .summary = "A branch has exactly one endpoint that writes, primary.",
         .source = "service-rules Q-4 and E-7",
         .kind = "endpoint",
         .check = &check_only_writer},
    Rule{.id = "L060",
         .summary = "An endpoint other than primary says its type.",
         .source = "databricks-sdk-go, endpoint_type is required",
         .kind = "endpoint",
         .check = &check_type_is_known},
    Rule{.id = "L061",
         .summary = "The endpoint primary writes.",
         .source = "service-rules 3 and 4",
         .kind = "endpoint",
         .check = &check_primary_writes},
    Rule{.id = "L062",
         .summary = "High availability has at most four computes.",
         .source = "service-rules F-10",
         .severity = Severity::kWarning,
         .kind = "endpoint",
         .check = &check_size},
    Rule{.id = "L063",
         .summary = "An endpoint with high availability never sleeps.",
         .source = "service-rules F-9",
         .kind = "endpoint",
         .check = &check_group_stays_awake},
    Rule{.id = "L064",
         .summary = "An endpoint with high availability says that it never sleeps.",
         .source = "service-rules F-9",
         .severity = Severity::kWarning,
         .kind = "endpoint",
         .check = &check_group_says_it_stays_awake},
    Rule{.id = "L065",
         .summary = "Readable secondaries need an endpoint that writes and a size over 1.",
         .source = "service-rules F-11",
         .severity = Severity::kWarning,
         .kind = "endpoint",
         .check = &check_secondaries_exist},
    Rule{.id = "L066",
         .summary = "The endpoint primary is not disabled.",
         .source = "service-rules E-3",
         .severity = Severity::kWarning,
         .kind = "endpoint",
         .check = &check_primary_runs},
};

}  // namespace

std::span<const Rule> endpoint_rules() {
  return kRules;
}

}  // namespace weir::rules
