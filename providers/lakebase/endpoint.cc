// An endpoint: a compute of a branch and the address at which it is reached.
#include "providers/lakebase/kinds.h"

namespace weir {
namespace {

constexpr std::array kTypes = {Choice{"read_write", "ENDPOINT_TYPE_READ_WRITE"},
                               Choice{"read_only", "ENDPOINT_TYPE_READ_ONLY"}};
constexpr std::string_view kInterruption = "a brief interruption is possible";
constexpr std::string_view kRestart = "the compute restarts";

constexpr std::array kFields = {
    Field{.name = "type",
          .doc = "Whether it writes; each branch has one endpoint that does.",
          .type = Type::kChoice,
          .on_change = OnChange::kReplace,
          .sent_as = "spec.endpoint_type",
          .observed_at = "status.endpoint_type",
          .choices = kTypes,
          .example = "read_only"},
    Field{.name = "cu",
          .doc = "A fixed capacity: min_cu and max_cu in one.",
          .type = Type::kNumber,
          .on_change = OnChange::kLocal,
          .example = "4"},
    Field{.name = "min_cu",
          .doc = "The least capacity in compute units; the project's default when left out.",
          .type = Type::kNumber,
          .sent_as = "spec.autoscaling_limit_min_cu",
          .observed_at = "status.autoscaling_limit_min_cu",
          .example = "0.5",
          .disruption = kInterruption},
    Field{.name = "max_cu",
          .doc = "The greatest capacity in compute units; the project's default when left out.",
          .type = Type::kNumber,
          .sent_as = "spec.autoscaling_limit_max_cu",
          .observed_at = "status.autoscaling_limit_max_cu",
          .example = "4",
          .disruption = kInterruption},
    Field{.name = "suspend_after",
          .doc = "When it goes to sleep without a connection; the project's default when left out.",
          .type = Type::kSuspension,
          .sent_as = "spec",
          .masked_as = "spec.suspension",
          .observed_at = "status.suspend_timeout_duration",
          .example = "5m"},
    Field{.name = "disabled",
          .doc = "Stops it, and no connection wakes it.",
          .type = Type::kBoolean,
          .sent_as = "spec.disabled",
          .observed_at = "status.disabled",
          .reset_to = "false",
          .example = "true",
          .disruption = "connections end when it is set"},
    Field{.name = "ha",
          .doc = "High availability: how many computes, and whether the spare ones may be read.",
          .type = Type::kGroup,
          .sent_as = "spec.group",
          .observed_at = "status.group",
          .reset_to = "null",
          .example = "{size: 2, readable_secondaries: true}",
          .disruption = kRestart},
    Field{.name = "pg_settings",
          .doc = "PostgreSQL settings; the map is replaced as a whole.",
          .type = Type::kSettings,
          .sent_as = "spec.settings.pg_settings",
          .masked_as = "spec.settings",
          .observed_at = "status.settings.pg_settings",
          .reset_to = "{}",
          .example = "{statement_timeout: 30s}",
          .disruption = kRestart},
};
static_assert(is_well_formed(kFields));

constexpr std::array<std::string_view, 1> kImplied = {"primary"};

/// `cu: 4` is a range from 4 to 4.
void derive(Document& fields, const std::string& /*key*/) {
  const auto fixed = fields.find("cu");
  if (fixed == fields.end()) return;
  const Document capacity = *fixed;
  fields.erase("cu");
  fields["min_cu"] = capacity;
  fields["max_cu"] = capacity;
}

}  // namespace

const Kind kEndpoint = {.name = "endpoint",
                        .collection = "endpoints",
                        .parent = "branch",
                        .doc = "A compute of a branch.",
                        .fields = kFields,
                        .id_parameter = "endpoint_id",
                        .implied = kImplied,
                        .derive = &derive};

}  // namespace weir
