#include "manifest/limits.h"

#include <array>
#include <stdexcept>

#include "core/units.h"

namespace weir {
namespace {

constexpr std::array kLimits = {
    // Names and ids.
    LimitText{.name = "id_length_maximum",
              .value = "63",
              .doc = "The most characters of the id of a project, branch or endpoint.",
              .source = "service-rules ID-1"},
    LimitText{.name = "generated_id_length_minimum",
              .value = "4",
              .doc = "The fewest characters of the ids that weir makes for roles and databases.",
              .source = "service-rules ID-3",
              .is_disputed = true},
    LimitText{.name = "postgres_name_bytes_maximum",
              .value = "63",
              .doc = "The most bytes of a name inside Postgres; it cuts longer ones.",
              .source = "service-rules ID-10"},
    LimitText{.name = "display_name_length_maximum",
              .value = "256",
              .doc = "The most characters of a project's display name.",
              .source = "service-rules ID-13"},
    // Quotas.
    LimitText{.name = "projects_per_workspace",
              .value = "1000",
              .doc = "The most projects in a workspace.",
              .source = "service-rules Q-1",
              .is_disputed = true},
    LimitText{.name = "instances_per_workspace",
              .value = "10",
              .doc = "The most Provisioned instances in a workspace.",
              .source = "service-rules Q-12",
              .is_disputed = true},
    LimitText{.name = "synced_tables_per_source",
              .value = "20",
              .doc = "The most synced tables of one source.",
              .source = "service-rules Q-11",
              .is_disputed = true},
    LimitText{.name = "data_api_schemas_maximum",
              .value = "100",
              .doc = "The most schemas that a Data API shows.",
              .source = "service-rules Q-10"},
    LimitText{.name = "branches_per_project",
              .value = "10",
              .doc = "The most branches of a project that are not archived.",
              .source = "service-rules Q-2",
              .is_disputed = true},
    LimitText{.name = "protected_branches_per_project",
              .value = "1",
              .doc = "The most protected branches of a project.",
              .source = "service-rules Q-5",
              .is_disputed = true},
    // Times.
    LimitText{.name = "history_retention_minimum",
              .value = "2d",
              .doc = "The shortest history of a project.",
              .source = "service-rules Q-6"},
    LimitText{.name = "history_retention_maximum",
              .value = "35d",
              .doc = "The longest history of a project.",
              .source = "service-rules Q-6"},
    LimitText{.name = "instance_retention_minimum",
              .value = "2d",
              .doc = "The shortest history of an instance.",
              .source = "service-rules Q-13"},
    LimitText{.name = "instance_retention_maximum",
              .value = "35d",
              .doc = "The longest history of an instance.",
              .source = "service-rules Q-13"},
    LimitText{.name = "branch_ttl_minimum",
              .value = "5m",
              .doc = "The shortest lifetime of a branch that is no likely mistake.",
              .source = "service-rules U-11: the service names none",
              .is_disputed = true},
    LimitText{.name = "branch_ttl_maximum",
              .value = "30d",
              .doc = "The longest lifetime of a branch that expires.",
              .source = "service-rules Q-7",
              .is_disputed = true},
    LimitText{.name = "suspend_minimum",
              .value = "60s",
              .doc = "The shortest time without a connection after which an endpoint sleeps.",
              .source = "service-rules Q-8"},
    LimitText{.name = "suspend_maximum",
              .value = "7d",
              .doc = "The longest time without a connection after which an endpoint sleeps.",
              .source = "service-rules Q-8"},
    // Capacity.
    LimitText{.name = "cu_minimum",
              .value = "0.5",
              .doc = "The least capacity of an endpoint, in compute units.",
              .source = "service-rules 2.1"},
    LimitText{.name = "cu_maximum",
              .value = "112",
              .doc = "The greatest capacity that any source names, in compute units.",
              .source = "service-rules 2.1",
              .is_disputed = true},
    LimitText{.name = "cu_documented_maximum",
              .value = "64",
              .doc = "The greatest capacity that the description of the API names.",
              .source = "service-rules 2.1",
              .is_disputed = true},
    LimitText{.name = "cu_autoscaling_maximum",
              .value = "32",
              .doc = "The greatest capacity to which endpoints are said to scale by themselves.",
              .source = "service-rules 2.1",
              .is_disputed = true},
    LimitText{.name = "cu_spread_maximum",
              .value = "16",
              .doc = "The most by which max_cu may exceed min_cu.",
              .source = "service-rules 2.1"},
    LimitText{.name = "cu_step",
              .value = "0.5",
              .doc = "What capacities are thought to be multiples of.",
              .source = "service-rules 2.1",
              .is_disputed = true},
    LimitText{.name = "cu_default",
              .value = "1",
              .doc = "The capacity of an endpoint when neither it nor its project names one.",
              .source = "service-rules 2.1"},
    LimitText{.name = "ha_size_maximum",
              .value = "4",
              .doc = "The most computes of one endpoint.",
              .source = "service-rules F-10",
              .is_disputed = true},
    // Versions and abilities.
    LimitText{.name = "pg_version_minimum",
              .value = "16",
              .doc = "The oldest major version of PostgreSQL that the service is known to have.",
              .source = "service-rules 2.3",
              .is_disputed = true},
    LimitText{.name = "pg_version_maximum",
              .value = "18",
              .doc = "The newest major version of PostgreSQL that the service is known to have.",
              .source = "service-rules 2.3",
              .is_disputed = true},
    LimitText{.name = "no_login_roles",
              .value = "false",
              .doc = "Whether the service makes roles that cannot log in; if not, SQL does.",
              .source = "terraform-provider-databricks#5634",
              .is_disputed = true},
};

/// Limits stand in the table as they do in manifests; inside, durations have the API's form.
Document read_limit(std::string_view text) {
  if (text == "true" || text == "false") return text == "true";
  if (const auto duration = parse_duration(text)) return wire_duration(*duration);
  return Document::parse(text);
}

/// What an override says, or null when it is no value of the same sort: a rule reports that.
Document read_override(const Document& adjustment, const Document& built_in) {
  const Document* value = adjustment.is_object() ? at_path(adjustment, "value") : &adjustment;
  if (value == nullptr) return nullptr;
  if (built_in.is_number()) return value->is_number() ? *value : Document();
  if (built_in.is_boolean()) return value->is_boolean() ? *value : Document();
  if (!value->is_string()) return nullptr;
  const auto duration = parse_duration(value->get<std::string>());
  return duration ? Document(wire_duration(*duration)) : Document();
}

}  // namespace

std::span<const LimitText> all_limits() {
  return kLimits;
}

Limits::Limits(const std::map<std::string, Document>& overrides) {
  for (const LimitText& limit : kLimits) {
    const std::string name(limit.name);
    Document value = read_limit(limit.value);
    const auto adjustment = overrides.find(name);
    if (adjustment != overrides.end()) {
      Document wanted = read_override(adjustment->second, value);
      if (!wanted.is_null()) value = std::move(wanted);
    }
    values_.emplace(name, std::move(value));
  }
}

double Limits::number(std::string_view name) const {
  return find(name).get<double>();
}

std::string Limits::duration(std::string_view name) const {
  return find(name).get<std::string>();
}

bool Limits::flag(std::string_view name) const {
  return find(name).get<bool>();
}

const Document& Limits::find(std::string_view name) const {
  const auto value = values_.find(name);
  if (value == values_.end()) throw std::out_of_range("no limit is called " + std::string(name));
  return value->second;
}

}  // namespace weir
