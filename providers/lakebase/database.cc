// A database of a branch.
#include "providers/lakebase/kinds.h"

namespace weir {
namespace {

constexpr std::array kFields = {
    Field{.name = "owner",
          .doc = "The role that owns it.",
          .type = Type::kReference,
          .sent_as = "spec.role",
          .observed_at = "status.role",
          .refers_to = "role",
          .example = "migrator"},
    Field{.name = "postgres_database",
          .doc = "The name of the database inside Postgres.",
          .on_change = OnChange::kReplace,
          .sent_as = "spec.postgres_database",
          .observed_at = "status.postgres_database",
          .is_derived = true},
};
static_assert(is_well_formed(kFields));

constexpr std::array<std::string_view, 1> kImplied = {"databricks_postgres"};

void derive(Document& fields, const std::string& key) {
  fields["postgres_database"] = key;
}

}  // namespace

const Kind kDatabase = {.name = "database",
                        .collection = "databases",
                        .parent = "branch",
                        .doc = "A database of a branch, by its name inside Postgres.",
                        .identity = Identity::kPostgresName,
                        .fields = kFields,
                        .id_parameter = "database_id",
                        .postgres_name_at = "status.postgres_database",
                        .implied = kImplied,
                        .derive = &derive};

}  // namespace weir
