// A role of a branch: who may log in to its databases.
#include "providers/lakebase/kinds.h"
#include "providers/lakebase/shared_fields.h"

namespace weir {
namespace {

constexpr std::array kIdentities = {
    Choice{"user", "USER"}, Choice{"service_principal", "SERVICE_PRINCIPAL"},
    Choice{"group", "GROUP"}, Choice{"none", "IDENTITY_TYPE_UNSPECIFIED", true}};
constexpr std::array kMethods = {Choice{"oauth", "LAKEBASE_OAUTH_V1"},
                                 Choice{"password", "PG_PASSWORD_SCRAM_SHA_256"},
                                 Choice{"no_login", "NO_LOGIN"}};

constexpr auto kFields = joined(
    kIdentityFields,
    std::array{Field{.name = "postgres_role",
                     .doc = "The name of the role inside Postgres.",
                     .on_change = OnChange::kReplace,
                     .sent_as = "spec.postgres_role",
                     .observed_at = "status.postgres_role",
                     .is_derived = true},
               Field{.name = "identity",
                     .doc = "What the name of the role names in the workspace.",
                     .type = Type::kChoice,
                     .on_change = OnChange::kReplace,
                     .sent_as = "spec.identity_type",
                     .observed_at = "status.identity_type",
                     .choices = kIdentities,
                     .is_derived = true},
               Field{.name = "auth_method",
                     .doc = "How the role logs in.",
                     .type = Type::kChoice,
                     .on_change = OnChange::kReplace,
                     .sent_as = "spec.auth_method",
                     .observed_at = "status.auth_method",
                     .choices = kMethods,
                     .is_derived = true},
               Field{.name = "superuser",
                     .doc = "Membership in databricks_superuser, which may do nearly everything.",
                     .type = Type::kSuperuser,
                     .sent_as = "spec.membership_roles",
                     .observed_at = "status.membership_roles",
                     .reset_to = "false",
                     .example = "true"},
               Field{.name = "attributes",
                     .doc = "What the role may do besides; the list is exact.",
                     .type = Type::kFlags,
                     .sent_as = "spec.attributes",
                     .observed_at = "status.attributes",
                     .choices = kRoleAttributes,
                     .reset_to = "[]",
                     .example = "[createdb]"}});
static_assert(is_well_formed(kFields));

/// The name of a managed identity is its role's name; a plain role is called like its key. How a
/// managed identity logs in is nothing that a manifest says: by OAuth, unless somebody chose
/// otherwise.
void derive(Document& fields, const std::string& key) {
  for (const char* identity : {"user", "group", "service_principal"}) {
    if (!fields.contains(identity)) continue;
    fields["postgres_role"] = fields[identity];
    fields["identity"] = identity;
    return;
  }
  if (fields.contains("app")) {
    // The name follows when the workspace was asked for the app's service principal.
    fields["identity"] = "service_principal";
    return;
  }
  if (!fields.contains("password") && !fields.contains("login")) return;
  const bool logs_in = fields.contains("password") || fields["login"] == true;
  fields["postgres_role"] = key;
  fields["identity"] = "none";
  fields["auth_method"] = logs_in ? "password" : "no_login";
}

}  // namespace

const Kind kRole = {
    .name = "role",
    .collection = "roles",
    .parent = "branch",
    .doc = "A role that logs in to the databases of a branch, or owns things there.",
    .identity = Identity::kRoleAlias,
    .fields = kFields,
    .id_parameter = "role_id",
    .postgres_name_at = "status.postgres_role",
    .derive = &derive};

}  // namespace weir
