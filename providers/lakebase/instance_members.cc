// What an instance contains: its roles, and its databases, which the API shows and SQL makes.
#include "providers/lakebase/kinds.h"
#include "providers/lakebase/shared_fields.h"

namespace weir {
namespace {

constexpr std::array kIdentities = {Choice{"user", "USER"},
                                    Choice{"service_principal", "SERVICE_PRINCIPAL"},
                                    Choice{"group", "GROUP"}, Choice{"none", "PG_ONLY"}};
constexpr std::array kMethods = {Choice{"password"}, Choice{"no_login"}};

constexpr auto kRoleFields = joined(
    kIdentityFields,
    std::array{Field{.name = "postgres_role",
                     .doc = "The name of the role inside Postgres.",
                     .on_change = OnChange::kReplace,
                     .sent_as = "name",
                     .observed_at = "name",
                     .is_derived = true},
               Field{.name = "identity",
                     .doc = "What the name of the role names in the workspace.",
                     .type = Type::kChoice,
                     .on_change = OnChange::kReplace,
                     .sent_as = "identity_type",
                     .observed_at = "identity_type",
                     .choices = kIdentities,
                     .is_derived = true},
               Field{.name = "auth_method",
                     .doc = "How a plain role logs in; the API does not know.",
                     .type = Type::kChoice,
                     .on_change = OnChange::kLocal,
                     .choices = kMethods,
                     .is_derived = true},
               Field{.name = "superuser",
                     .doc = "Membership in databricks_superuser, which may do nearly everything.",
                     .type = Type::kSuperuser,
                     .sent_as = "membership_role",
                     .observed_at = "membership_role",
                     .reset_to = "false",
                     .example = "true",
                     .is_single = true},
               Field{.name = "attributes",
                     .doc = "What the role may do besides; the list is exact.",
                     .type = Type::kFlags,
                     .sent_as = "attributes",
                     .observed_at = "effective_attributes",
                     .choices = kRoleAttributes,
                     .reset_to = "[]",
                     .example = "[createdb]"}});
static_assert(is_well_formed(kRoleFields));

constexpr std::array kDatabaseFields = {
    Field{.name = "owner",
          .doc = "The role that owns it, which SQL sees to.",
          .type = Type::kReference,
          .on_change = OnChange::kLocal,
          .refers_to = "instance_role",
          .example = "migrator"},
    Field{.name = "postgres_database",
          .doc = "The name of the database inside Postgres.",
          .on_change = OnChange::kReplace,
          .sent_as = "name",
          .observed_at = "name",
          .is_derived = true},
};
static_assert(is_well_formed(kDatabaseFields));

constexpr std::array<std::string_view, 1> kImplied = {"databricks_postgres"};

void derive_role(Document& fields, const std::string& key) {
  kRole.derive(fields, key);
}

void derive_database(Document& fields, const std::string& key) {
  kDatabase.derive(fields, key);
}

}  // namespace

const Kind kInstanceRole = {
    .name = "instance_role",
    .collection = "roles",
    .parent = "instance",
    .doc = "A role that logs in to the databases of an instance, or owns things there.",
    .identity = Identity::kRoleAlias,
    .fields = kRoleFields,
    .api = &kDatabaseApi,
    .alike = "role",
    .id_parameter = "name",
    .listed_as = "database_instance_roles",
    .postgres_name_at = "name",
    .derive = &derive_role};

const Kind kInstanceDatabase = {.name = "instance_database",
                                .collection = "databases",
                                .parent = "instance",
                                .doc = "A database of an instance, by its name inside Postgres.",
                                .identity = Identity::kPostgresName,
                                .fields = kDatabaseFields,
                                .api = &kDatabaseApi,
                                .alike = "database",
                                .postgres_name_at = "name",
                                .implied = kImplied,
                                .derive = &derive_database};

}  // namespace weir
