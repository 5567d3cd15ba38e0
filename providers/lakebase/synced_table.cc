// A table that the service keeps a copy of in Postgres.
#include "providers/lakebase/kinds.h"
#include "providers/lakebase/shared_fields.h"

namespace weir {
namespace {

constexpr std::array kModes = {Choice{"snapshot", "SNAPSHOT"}, Choice{"triggered", "TRIGGERED"},
                               Choice{"continuous", "CONTINUOUS"}};
constexpr std::array kSizedTypes = {Choice{"vector", "PG_SPECIFIC_TYPE_VECTOR"},
                                    Choice{"halfvec", "PG_SPECIFIC_TYPE_HALFVEC"},
                                    Choice{"varchar", "PG_SPECIFIC_TYPE_VARCHAR"}};
constexpr std::array kChannels = {Choice{"current", "CURRENT"}, Choice{"preview", "PREVIEW"}};

/// Answers do not show it.
constexpr Field unseen(Field field) {
  field.on_change = OnChange::kReplace;
  return field;
}

/// The older API shows it. The newer one is said to do so and has not been seen to: both are read.
constexpr Field hidden(Field field) {
  field.on_change = OnChange::kReplace;
  field.observed_at = field.sent_as;
  field.may_be_hidden = true;
  return field;
}

/// Whether it is the table's own or not, its state shows it.
constexpr Field pipeline_shown_at(std::string_view path) {
  return {.name = "pipeline.id",
          .doc = "The pipeline that does the copying, when there is one already.",
          .on_change = OnChange::kReplace,
          .sent_as = "spec.existing_pipeline_id",
          .observed_at = path,
          .example = "5c1f8a0e-3f1b-4d57-9f3e-0a4b7f1d2c33",
          .may_be_hidden = true};
}

constexpr std::array kSharedFields = {
    hidden({.name = "from",
            .doc = "The table of Unity Catalog that it is a copy of.",
            .sent_as = "spec.source_table_full_name",
            .example = "main.crm.customers",
            .is_required = true}),
    hidden({.name = "mode",
            .doc = "Whether it is copied once, on demand, or all the time.",
            .type = Type::kChoice,
            .sent_as = "spec.scheduling_policy",
            .choices = kModes,
            .example = "triggered",
            .is_required = true}),
    hidden({.name = "primary_key",
            .doc = "The columns that tell its rows apart.",
            .type = Type::kNames,
            .sent_as = "spec.primary_key_columns",
            .example = "[customer_id]",
            .is_required = true}),
    hidden({.name = "timeseries_key",
            .doc = "The column that says which of several rows with one key is the latest.",
            .sent_as = "spec.timeseries_key",
            .example = "updated_at"}),
    hidden({.name = "type_overrides",
            .doc = "Columns that get another type in Postgres than they would.",
            .type = Type::kColumnTypes,
            .sent_as = "spec.type_overrides",
            .choices = kSizedTypes,
            .example = "{embedding: vector(768)}"}),
    unseen({.name = "accelerated",
            .doc = "Copies faster, where the workspace has that preview.",
            .type = Type::kBoolean,
            .sent_as = "spec.accelerated_sync",
            .example = "true"}),
    Field{.name = "pipeline.share",
          .doc = "The pipeline that it shares with other tables, by its key under pipelines.",
          .on_change = OnChange::kLocal,
          .example = "crm"},
    unseen({.name = "pipeline.storage_catalog",
            .doc = "The catalog in which a pipeline of its own keeps what it needs.",
            .sent_as = "spec.new_pipeline_spec.storage_catalog",
            .example = "main"}),
    unseen({.name = "pipeline.storage_schema",
            .doc = "The schema in that catalog.",
            .sent_as = "spec.new_pipeline_spec.storage_schema",
            .example = "lakebase_pipelines"}),
    unseen({.name = "pipeline.budget_policy",
            .doc = "The policy that the pipeline's cost is booked on.",
            .sent_as = "spec.new_pipeline_spec.budget_policy_id",
            .example = "4f1d7f7c-6f0e-4c51-8a30-0d6a3a0a2b11"}),
    Field{
        .name = "uc_name",
        .doc = "Its name in Unity Catalog, where its database is registered nowhere or elsewhere.",
        .on_change = OnChange::kLocal,
        .example = "main.crm.customers"},
};

constexpr auto kFields = joined(
    kSharedFields,
    std::array{pipeline_shown_at("status.pipeline_id"),
               unseen({.name = "pipeline.channel",
                       .doc = "Which version of pipelines it runs with.",
                       .type = Type::kChoice,
                       .sent_as = "spec.new_pipeline_spec.pipeline_channel",
                       .choices = kChannels,
                       .example = "preview"}),
               hidden({.name = "extra_columns",
                       .doc = "Columns that Postgres computes from the others.",
                       .type = Type::kColumns,
                       .sent_as = "spec.extra_columns",
                       .example = "{full_name: {type: text, compute: \"first || ' ' || last\"}}"}),
               hidden({.name = "branch",
                       .doc = "The branch that it is in.",
                       .sent_as = "spec.branch",
                       .is_derived = true}),
               hidden({.name = "database",
                       .doc = "The name of the database inside Postgres.",
                       .sent_as = "spec.postgres_database",
                       .is_derived = true})});
static_assert(is_well_formed(kFields));

constexpr auto kInstanceFields =
    joined(kSharedFields, std::array{pipeline_shown_at("data_synchronization_status.pipeline_id"),
                                     Field{.name = "instance",
                                           .doc = "The instance that it is in.",
                                           .on_change = OnChange::kReplace,
                                           .sent_as = "database_instance_name",
                                           .observed_at = "effective_database_instance_name",
                                           .is_derived = true},
                                     Field{.name = "database",
                                           .doc = "The name of the database inside Postgres.",
                                           .on_change = OnChange::kReplace,
                                           .sent_as = "logical_database_name",
                                           .observed_at = "effective_logical_database_name",
                                           .is_derived = true}});
static_assert(is_well_formed(kInstanceFields));

}  // namespace

const Kind kSyncedTable = {
    .name = "synced_table",
    .collection = "synced_tables",
    .parent = "database.schemas",
    .doc = "A table in Postgres that the service keeps as a copy of one in Unity Catalog.",
    .fields = kFields,
    .is_unlisted = true,
    .is_apart = true,
    .id_parameter = "synced_table_id",
    .state_at = "status.detailed_state"};

const Kind kInstanceSyncedTable = {
    .name = "instance_synced_table",
    .collection = "synced_tables",
    .parent = "instance_database.schemas",
    .doc = "A table in an instance that the service keeps as a copy of one in Unity Catalog.",
    .fields = kInstanceFields,
    .api = &kDatabaseApi,
    .alike = "synced_table",
    .is_unlisted = true,
    .is_apart = true,
    .named_as = "database_synced_tables",
    .requested_as = "synced_tables",
    .id_parameter = "name",
    .state_at = "data_synchronization_status.detailed_state"};

}  // namespace weir
