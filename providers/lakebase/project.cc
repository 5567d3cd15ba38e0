// A project: branches with their computes, and the defaults that new ones take.
#include "providers/lakebase/kinds.h"
#include "providers/lakebase/shared_fields.h"

namespace weir {
namespace {

constexpr std::string_view kDefaults = "spec.default_endpoint_settings";

constexpr std::array kFields = {
    Field{.name = "display_name",
          .doc = "The name that people see.",
          .sent_as = "spec.display_name",
          .observed_at = "status.display_name",
          .example = "Shop"},
    Field{.name = "pg_version",
          .doc = "The major version of PostgreSQL; fixed at creation.",
          .type = Type::kInteger,
          .on_change = OnChange::kReplace,
          .sent_as = "spec.pg_version",
          .observed_at = "status.pg_version",
          .example = "17"},
    Field{.name = "history_retention",
          .doc = "How far back branches can be taken from the past.",
          .type = Type::kDuration,
          .sent_as = "spec.history_retention_duration",
          .observed_at = "status.history_retention_duration",
          .reset_to = "7d",
          .example = "7d"},
    Field{.name = "native_login",
          .doc = "Whether roles may log in with a password on all endpoints of the project.",
          .type = Type::kBoolean,
          .sent_as = "spec.enable_pg_native_login",
          .observed_at = "status.enable_pg_native_login",
          .reset_to = "false",
          .example = "false"},
    Field{.name = "budget_policy",
          .doc = "The id of the budget policy that the project is billed to.",
          .sent_as = "spec.budget_policy_id",
          .observed_at = "status.budget_policy_id",
          .example = "4f1d7f7c-6f0e-4c51-8a30-0d6a3a0a2b11"},
    Field{.name = "tags",
          .doc = "Tags of the project; the list is replaced as a whole.",
          .type = Type::kTags,
          .sent_as = "spec.custom_tags",
          .observed_at = "status.custom_tags",
          .reset_to = "{}",
          .example = "{team: shop}"},
    Field{.name = "default_branch",
          .doc = "The branch that new branches come from when they name none.",
          .type = Type::kReference,
          .sent_as = "spec.default_branch",
          .observed_at = "status.default_branch",
          .refers_to = "branch",
          .example = "production"},
    // The service may take leaves of the settings; masking them whole is documented to work.
    Field{.name = "default_endpoint.min_cu",
          .doc = "The least capacity of endpoints created later that name none.",
          .type = Type::kNumber,
          .sent_as = "spec.default_endpoint_settings.autoscaling_limit_min_cu",
          .masked_as = kDefaults,
          .observed_at = "status.default_endpoint_settings.autoscaling_limit_min_cu",
          .example = "0.5"},
    Field{.name = "default_endpoint.max_cu",
          .doc = "The greatest capacity of endpoints created later that name none.",
          .type = Type::kNumber,
          .sent_as = "spec.default_endpoint_settings.autoscaling_limit_max_cu",
          .masked_as = kDefaults,
          .observed_at = "status.default_endpoint_settings.autoscaling_limit_max_cu",
          .example = "2"},
    Field{.name = "default_endpoint.suspend_after",
          .doc = "When endpoints created later go to sleep that do not say it themselves.",
          .type = Type::kSuspension,
          .sent_as = kDefaults,
          .masked_as = kDefaults,
          .observed_at = "status.default_endpoint_settings.suspend_timeout_duration",
          .example = "5m"},
    Field{.name = "default_endpoint.pg_settings",
          .doc = "PostgreSQL settings of endpoints created later.",
          .type = Type::kSettings,
          .sent_as = "spec.default_endpoint_settings.pg_settings",
          .masked_as = kDefaults,
          .observed_at = "status.default_endpoint_settings.pg_settings",
          .example = "{statement_timeout: 30s}"},
};
static_assert(is_well_formed(kFields));

constexpr auto kPermissionFields = permission_fields(
    "Who may use or manage the project; principals that are not named are left alone.");
static_assert(is_well_formed(kPermissionFields));

}  // namespace

const Kind kProject = {.name = "project",
                       .collection = "projects",
                       .parent = "",
                       .doc = "A Postgres project: its branches, computes, roles and databases.",
                       .fields = kFields,
                       .id_parameter = "project_id",
                       .is_deleted_softly = true};

const Kind kPermissionsOfProject = {.name = "permissions",
                                    .collection = "permissions",
                                    .parent = "project",
                                    .doc = "Who may use or manage a project in the workspace.",
                                    .identity = Identity::kSingleton,
                                    .fields = kPermissionFields,
                                    .object_type = "database-projects"};

}  // namespace weir
