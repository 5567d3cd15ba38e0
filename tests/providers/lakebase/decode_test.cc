#include "providers/lakebase/decode.h"

#include <gtest/gtest.h>

#include "providers/lakebase/kinds.h"

namespace weir {
namespace {

Document parse(const char* text) {
  return parse_document(text).value();
}

constexpr const char* kShop = R"({
  "name": "projects/shop", "project_id": "shop", "uid": "6f0c2c5e-0000-4000-8000-000000000000",
  "create_time": "2026-08-20T12:00:00Z", "update_time": "2026-08-20T12:00:01Z",
  "status": {
    "project_id": "shop", "display_name": "Shop", "owner": "jane.doe@example.com",
    "pg_version": 16, "default_branch": "projects/shop/branches/production",
    "default_endpoint_settings": {"autoscaling_limit_min_cu": 0.5, "autoscaling_limit_max_cu": 4,
                                  "suspend_timeout_duration": "300s"},
    "enable_pg_native_login": false, "history_retention_duration": "604800s",
    "branch_logical_size_limit_bytes": 8796093022208, "synthetic_storage_size_bytes": "17",
    "a_new_member": {"b": [1, 2]}}})";

TEST(Decode, ReadsAProject) {
  const Observed project = decode(kProject, parse(kShop), "");
  EXPECT_EQ(project.name, "projects/shop");
  EXPECT_EQ(project.uid, "6f0c2c5e-0000-4000-8000-000000000000");
  EXPECT_EQ(project.create_time, "2026-08-20T12:00:00Z");
  EXPECT_EQ(project.update_time, "2026-08-20T12:00:01Z");
  EXPECT_FALSE(project.is_deleted());
  EXPECT_EQ(project.fields,
            parse(R"({"display_name": "Shop", "pg_version": 16, "history_retention": "604800s",
                      "native_login": false, "tags": {},
                      "default_branch": "projects/shop/branches/production",
                      "default_endpoint.min_cu": 0.5, "default_endpoint.max_cu": 4,
                      "default_endpoint.suspend_after": "300s", "default_endpoint.pg_settings": {}})"));
  EXPECT_EQ(project.facts, parse(R"({"synthetic_storage_size_bytes": 17,
                                     "branch_logical_size_limit_bytes": 8796093022208,
                                     "owner": "jane.doe@example.com"})"));
}

TEST(Decode, KnowsNoMoreOfWhatWasDeletedThanTheAnswerShows) {
  const Observed branch = decode(kBranch, parse(R"({
    "name": "projects/shop/branches/dev",
    "status": {"branch_id": "dev", "current_state": "DELETED",
               "delete_time": "2026-08-21T00:00:00Z", "purge_time": "2026-08-28T00:00:00Z"}})"),
                                 "");
  EXPECT_EQ(branch.fields, Document::object());
}

TEST(Decode, ReadsABranchThatWasDeletedSoftly) {
  const Observed branch = decode(kBranch, parse(R"({
    "name": "projects/shop/branches/dev", "uid": "br-1", "create_time": "2026-08-20T12:00:00Z",
    "status": {"current_state": "DELETED", "is_protected": true, "logical_size_bytes": "123",
               "default": false, "expire_time": "2026-08-27T12:00:00Z",
               "delete_time": "2026-08-21T00:00:00Z", "purge_time": "2026-08-28T00:00:00Z",
               "source_branch": "projects/shop/branches/production"}})"),
                                 "");
  EXPECT_TRUE(branch.is_deleted());
  EXPECT_EQ(branch.purge_time, "2026-08-28T00:00:00Z");
  EXPECT_EQ(branch.fields["from"], "projects/shop/branches/production");
  EXPECT_EQ(branch.fields["protected"], true);
  EXPECT_EQ(branch.fields["expires"], parse(R"({"expire_time": "2026-08-27T12:00:00Z",
                                               "ttl": "604800s"})"));
  EXPECT_EQ(branch.facts["current_state"], "DELETED");
  EXPECT_EQ(branch.facts["logical_size_bytes"], 123);
  EXPECT_EQ(branch.facts["default"], false);
  EXPECT_EQ(branch.facts["source_branch"], "projects/shop/branches/production");
}

TEST(Decode, KeepsWhatItDoesNotKnow) {
  const Observed endpoint = decode(kEndpoint, parse(R"({
    "name": "projects/shop/branches/dev/endpoints/e",
    "status": {"endpoint_type": "ENDPOINT_TYPE_OF_TOMORROW", "current_state": "DREAMING",
               "autoscaling_limit_min_cu": 1, "hosts": {"host": "ep.test"},
               "last_active_time": "2026-08-20T12:00:00Z"}})"),
                                   "");
  EXPECT_EQ(endpoint.fields["type"], "ENDPOINT_TYPE_OF_TOMORROW");
  EXPECT_EQ(endpoint.fields["min_cu"], 1);
  EXPECT_FALSE(endpoint.fields.contains("max_cu"));
  EXPECT_EQ(endpoint.facts["current_state"], "DREAMING");
  EXPECT_EQ(endpoint.facts["hosts"]["host"], "ep.test");
  EXPECT_EQ(endpoint.facts["last_active_time"], "2026-08-20T12:00:00Z");
}

TEST(Decode, ReadsNamesInsidePostgres) {
  const Observed role = decode(kRole, parse(R"({
    "name": "projects/shop/branches/production/roles/app-owner",
    "status": {"role_id": "app-owner", "postgres_role": "app_owner",
               "identity_type": "IDENTITY_TYPE_UNSPECIFIED",
               "auth_method": "PG_PASSWORD_SCRAM_SHA_256",
               "attributes": {"bypassrls": false, "createdb": true, "createrole": false}}})"),
                               "");
  EXPECT_EQ(role.postgres_name, "app_owner");
  EXPECT_EQ(role.uid, "");
  EXPECT_EQ(role.fields["identity"], "none");
  EXPECT_EQ(role.fields["attributes"], parse(R"(["createdb"])"));
  const Observed database = decode(kDatabase, parse(R"({
    "name": "projects/shop/branches/production/databases/app",
    "status": {"postgres_database": "my app",
               "role": "projects/shop/branches/production/roles/app-owner"}})"),
                                   "");
  EXPECT_EQ(database.postgres_name, "my app");
  EXPECT_EQ(database.fields["owner"], "projects/shop/branches/production/roles/app-owner");
}

TEST(Decode, TakesTheSpecWhenTheServiceSendsOne) {
  const Observed project = decode(kProject, parse(R"({"name": "projects/shop",
    "spec": {"display_name": "Wanted"}, "status": {"display_name": "Old", "pg_version": 17}})"),
                                  "");
  EXPECT_EQ(project.fields["display_name"], "Wanted");
  EXPECT_EQ(project.fields["pg_version"], 17);
}

TEST(Decode, ReadsPermissionsUnderTheNameItIsGiven) {
  const Observed permissions = decode(kPermissionsOfProject, parse(R"({
    "object_id": "/database-projects/shop", "access_control_list": [
      {"user_name": "jane@example.com",
       "all_permissions": [{"permission_level": "CAN_MANAGE", "inherited": false}]},
      {"group_name": "admins",
       "all_permissions": [{"permission_level": "CAN_MANAGE", "inherited": true}]}]})"),
                                      "projects/shop/permissions");
  EXPECT_EQ(permissions.name, "projects/shop/permissions");
  EXPECT_EQ(permissions.fields["entries"],
            parse(R"([{"user": "jane@example.com", "level": "CAN_MANAGE"}])"));
}

TEST(Decode, SurvivesMembersOfTheWrongType) {
  for (const Kind* kind : lakebase_catalogue().kinds()) {
    for (const char* text :
         {"{}", R"({"name": 7, "status": []})", R"({"status": null, "spec": "x"})", "[]", "7",
          R"({"status": {"custom_tags": {}, "pg_version": [], "group": 3, "settings": 1,
              "attributes": [], "membership_roles": {}, "expire_time": {}, "role": []},
              "access_control_list": [[], 3, {"all_permissions": 1}]})"}) {
      EXPECT_EQ(decode(*kind, parse(text), "projects/x").name, "projects/x") << text;
    }
  }
}

}  // namespace
}  // namespace weir
