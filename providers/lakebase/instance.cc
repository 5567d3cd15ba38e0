// A Provisioned instance: a server of a fixed size, of the older generation.
#include "providers/lakebase/kinds.h"
#include "providers/lakebase/shared_fields.h"

namespace weir {
namespace {

constexpr std::array kCapacities = {Choice{"CU_1"}, Choice{"CU_2"}, Choice{"CU_4"}, Choice{"CU_8"}};

constexpr std::array kFields = {
    Field{.name = "capacity",
          .doc = "Its size; a unit has about 16 GB of memory.",
          .type = Type::kChoice,
          .sent_as = "capacity",
          .observed_at = "capacity",
          .choices = kCapacities,
          .example = "CU_2",
          .disruption = "the server restarts with its new size"},
    Field{.name = "nodes",
          .doc = "How many servers it has: the primary, and secondaries that stand by.",
          .type = Type::kInteger,
          .sent_as = "node_count",
          .observed_at = "effective_node_count",
          .reset_to = "1",
          .example = "2"},
    Field{.name = "readable_secondaries",
          .doc = "Whether its secondaries answer queries, under a host name of their own.",
          .type = Type::kBoolean,
          .sent_as = "enable_readable_secondaries",
          .observed_at = "effective_enable_readable_secondaries",
          .reset_to = "false",
          .example = "true"},
    Field{.name = "retention",
          .doc = "How far back a child instance may begin.",
          .type = Type::kDays,
          .sent_as = "retention_window_in_days",
          .observed_at = "effective_retention_window_in_days",
          .reset_to = "7d",
          .example = "14d"},
    Field{.name = "stopped",
          .doc = "A stopped instance keeps its data and takes no connections.",
          .type = Type::kBoolean,
          .sent_as = "stopped",
          .observed_at = "effective_stopped",
          .reset_to = "false",
          .example = "true",
          .disruption = "the server stops or starts"},
    Field{.name = "native_login",
          .doc = "Lets roles log in with passwords as well.",
          .type = Type::kBoolean,
          .sent_as = "enable_pg_native_login",
          .observed_at = "effective_enable_pg_native_login",
          .reset_to = "false",
          .example = "true"},
    Field{.name = "usage_policy",
          .doc = "The policy that its cost is booked on.",
          .sent_as = "usage_policy_id",
          .observed_at = "effective_usage_policy_id",
          .example = "4f1d7f7c-6f0e-4c51-8a30-0d6a3a0a2b11"},
    Field{.name = "tags",
          .doc = "Labels that show in bills; the map is exact.",
          .type = Type::kTags,
          .sent_as = "custom_tags",
          .observed_at = "effective_custom_tags",
          .reset_to = "{}",
          .example = "{team: shop}"},
    Field{.name = "from",
          .doc = "The instance whose data it begins with.",
          .type = Type::kReference,
          .on_change = OnChange::kReplace,
          .sent_as = "parent_instance_ref.name",
          .observed_at = "parent_instance_ref.name",
          .refers_to = "instance",
          .example = "shop-db"},
    Field{.name = "at",
          .doc = "The time whose data it begins with, within the parent's retention.",
          .type = Type::kTimestamp,
          .on_change = OnChange::kReplace,
          .sent_as = "parent_instance_ref.branch_time",
          .observed_at = "parent_instance_ref.branch_time",
          .example = "\"2026-04-27T09:15:00Z\""},
    Field{.name = "lsn",
          .doc = "The position in the write-ahead log whose data it begins with.",
          .on_change = OnChange::kReplace,
          .sent_as = "parent_instance_ref.lsn",
          .observed_at = "parent_instance_ref.lsn",
          .example = "0/1A2B3C8"},
};
static_assert(is_well_formed(kFields));

constexpr auto kPermissionFields = permission_fields(
    "Who may use or manage the instance; principals that are not named are left alone.");
static_assert(is_well_formed(kPermissionFields));

}  // namespace

const Kind kInstance = {.name = "instance",
                        .collection = "instances",
                        .parent = "",
                        .doc = "A Provisioned instance: a server of a fixed size with databases.",
                        .fields = kFields,
                        .api = &kDatabaseApi,
                        .id_parameter = "name",
                        .listed_as = "database_instances",
                        .holds_databases = true};

const Kind kPermissionsOfInstance = {
    .name = "instance_permissions",
    .collection = "permissions",
    .parent = "instance",
    .doc = "Who may use or manage a Provisioned instance in the workspace.",
    .identity = Identity::kSingleton,
    .fields = kPermissionFields,
    .api = &kDatabaseApi,
    .alike = "permissions",
    .object_type = "database-instances"};

}  // namespace weir
