// Every field in all 27 states of manifest, record and workspace: absent, A or B.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "planner/diff.h"
#include "planner/request.h"
#include "tests/support/worlds.h"

namespace weir::test {
namespace {

struct Row {
  const Kind& kind;
  const char* field;
  const char* one;
  const char* two;
  const char* mask;
  const char* body_of_one;
  const char* body_of_two;
  const char* body_of_reset = "";
};

Document json(const char* text) {
  return parse_document(text).value();
}

// clang-format off
std::vector<Row> rows_of_branches() {
  return {
    {kProject, "display_name", R"("a")", R"("b")", "spec.display_name",
     R"({"spec":{"display_name":"a"}})", R"({"spec":{"display_name":"b"}})"},
    {kProject, "history_retention", R"("2d")", R"("14d")", "spec.history_retention_duration",
     R"({"spec":{"history_retention_duration":"172800s"}})", R"({"spec":{"history_retention_duration":"1209600s"}})",
     R"({"spec":{"history_retention_duration":"604800s"}})"},
    {kProject, "native_login", "true", "false", "spec.enable_pg_native_login",
     R"({"spec":{"enable_pg_native_login":true}})", R"({"spec":{"enable_pg_native_login":false}})",
     R"({"spec":{"enable_pg_native_login":false}})"},
    {kProject, "budget_policy", R"("a")", R"("b")", "spec.budget_policy_id",
     R"({"spec":{"budget_policy_id":"a"}})", R"({"spec":{"budget_policy_id":"b"}})"},
    {kProject, "tags", R"({"team":"a"})", R"({"team":"b","x":"1"})", "spec.custom_tags",
     R"({"spec":{"custom_tags":[{"key":"team","value":"a"}]}})",
     R"({"spec":{"custom_tags":[{"key":"team","value":"b"},{"key":"x","value":"1"}]}})",
     R"({"spec":{"custom_tags":[]}})"},
    {kProject, "default_branch", R"("projects/shop/branches/a")", R"("projects/shop/branches/b")", "spec.default_branch",
     R"({"spec":{"default_branch":"projects/shop/branches/a"}})", R"({"spec":{"default_branch":"projects/shop/branches/b"}})"},
    {kProject, "default_endpoint.min_cu", "0.5", "2", "spec.default_endpoint_settings",
     R"({"spec":{"default_endpoint_settings":{"autoscaling_limit_min_cu":0.5}}})",
     R"({"spec":{"default_endpoint_settings":{"autoscaling_limit_min_cu":2}}})"},
    {kProject, "default_endpoint.suspend_after", R"("5m")", R"("never")", "spec.default_endpoint_settings",
     R"({"spec":{"default_endpoint_settings":{"suspend_timeout_duration":"300s"}}})",
     R"({"spec":{"default_endpoint_settings":{"no_suspension":true}}})"},
    {kProject, "default_endpoint.pg_settings", R"({"a":"1"})", R"({"b":"2"})", "spec.default_endpoint_settings",
     R"({"spec":{"default_endpoint_settings":{"pg_settings":{"a":"1"}}}})",
     R"({"spec":{"default_endpoint_settings":{"pg_settings":{"b":"2"}}}})"},
    {kBranch, "expires", R"("7d")", R"("never")", "spec.expiration",
     R"({"spec":{"ttl":"604800s"}})", R"({"spec":{"no_expiry":true}})"},
    {kBranch, "expires", R"("2026-06-01T00:00:00Z")", R"("30d")", "spec.expiration",
     R"({"spec":{"expire_time":"2026-06-01T00:00:00Z"}})", R"({"spec":{"ttl":"2592000s"}})"},
    {kBranch, "protected", "true", "false", "spec.is_protected",
     R"({"spec":{"is_protected":true}})", R"({"spec":{"is_protected":false}})"},
    {kEndpoint, "max_cu", "1", "4.5", "spec.autoscaling_limit_max_cu",
     R"({"spec":{"autoscaling_limit_max_cu":1}})", R"({"spec":{"autoscaling_limit_max_cu":4.5}})"},
    {kEndpoint, "suspend_after", R"("5m")", R"("never")", "spec.suspension",
     R"({"spec":{"suspend_timeout_duration":"300s"}})", R"({"spec":{"no_suspension":true}})"},
    {kEndpoint, "disabled", "true", "false", "spec.disabled",
     R"({"spec":{"disabled":true}})", R"({"spec":{"disabled":false}})", R"({"spec":{"disabled":false}})"},
    {kEndpoint, "ha", R"({"size":2})", R"({"size":3,"readable_secondaries":true})", "spec.group",
     R"({"spec":{"group":{"min":2,"max":2,"enable_readable_secondaries":false}}})",
     R"({"spec":{"group":{"min":3,"max":3,"enable_readable_secondaries":true}}})",
     R"({"spec":{"group":{"min":1,"max":1,"enable_readable_secondaries":false}}})"},
    {kEndpoint, "pg_settings", R"({"a":"1"})", R"({"a":"2"})", "spec.settings",
     R"({"spec":{"settings":{"pg_settings":{"a":"1"}}}})", R"({"spec":{"settings":{"pg_settings":{"a":"2"}}}})",
     R"({"spec":{"settings":{"pg_settings":{}}}})"},
    {kRole, "superuser", "true", "false", "spec.membership_roles",
     R"({"spec":{"membership_roles":["DATABRICKS_SUPERUSER"]}})", R"({"spec":{"membership_roles":[]}})",
     R"({"spec":{"membership_roles":[]}})"},
    {kRole, "attributes", R"(["createdb"])", R"(["bypassrls","createrole"])", "spec.attributes",
     R"({"spec":{"attributes":{"bypassrls":false,"createdb":true,"createrole":false}}})",
     R"({"spec":{"attributes":{"bypassrls":true,"createdb":false,"createrole":true}}})",
     R"({"spec":{"attributes":{"bypassrls":false,"createdb":false,"createrole":false}}})"},
    {kDatabase, "owner", R"("a")", R"("b")", "spec.role",
     R"({"spec":{"role":"roles/a"}})", R"({"spec":{"role":"roles/b"}})"},
  };
}

std::vector<Row> rows_of_interfaces() {
  return {
    {kDataApi, "schemas", R"(["a"])", R"(["a","b"])", "spec.db_schemas",
     R"({"spec":{"db_schemas":["a"]}})", R"({"spec":{"db_schemas":["a","b"]}})"},
    {kDataApi, "aggregates", "true", "false", "spec.db_aggregates_enabled",
     R"({"spec":{"db_aggregates_enabled":true}})", R"({"spec":{"db_aggregates_enabled":false}})",
     R"({"spec":{"db_aggregates_enabled":true}})"},
    {kDataApi, "max_rows", "10", "20", "spec.db_max_rows",
     R"({"spec":{"db_max_rows":10}})", R"({"spec":{"db_max_rows":20}})"},
    {kDataApi, "jwt_role_claim", R"(".sub")", R"(".role")", "spec.jwt_role_claim_key",
     R"({"spec":{"jwt_role_claim_key":".sub"}})", R"({"spec":{"jwt_role_claim_key":".role"}})",
     R"({"spec":{"jwt_role_claim_key":".sub"}})"},
    {kDataApi, "jwt_cache", R"("5m")", R"("1h")", "spec.jwt_cache_max_lifetime",
     R"({"spec":{"jwt_cache_max_lifetime":"300s"}})", R"({"spec":{"jwt_cache_max_lifetime":"3600s"}})"},
    {kDataApi, "openapi", R"("disabled")", R"("ignore_privileges")", "spec.openapi_mode",
     R"({"spec":{"openapi_mode":"OPEN_API_MODE_DISABLED"}})",
     R"({"spec":{"openapi_mode":"OPEN_API_MODE_IGNORE_PRIVILEGES"}})"},
  };
}

std::vector<Row> rows_of_instances() {
  return {
    {kInstance, "capacity", R"("CU_1")", R"("CU_4")", "capacity",
     R"({"capacity":"CU_1"})", R"({"capacity":"CU_4"})"},
    {kInstance, "nodes", "1", "3", "node_count",
     R"({"node_count":1})", R"({"node_count":3})", R"({"node_count":1})"},
    {kInstance, "stopped", "true", "false", "stopped",
     R"({"stopped":true})", R"({"stopped":false})", R"({"stopped":false})"},
    {kInstance, "retention", R"("2d")", R"("14d")", "retention_window_in_days",
     R"({"retention_window_in_days":2})", R"({"retention_window_in_days":14})", R"({"retention_window_in_days":7})"},
    {kInstance, "usage_policy", R"("a")", R"("b")", "usage_policy_id",
     R"({"usage_policy_id":"a"})", R"({"usage_policy_id":"b"})"},
    {kInstance, "tags", R"({"team":"a"})", R"({"team":"b"})", "custom_tags",
     R"({"custom_tags":[{"key":"team","value":"a"}]})", R"({"custom_tags":[{"key":"team","value":"b"}]})",
     R"({"custom_tags":[]})"},
    {kInstanceRole, "superuser", "true", "false", "membership_role",
     R"({"membership_role":"DATABRICKS_SUPERUSER"})", R"({})", R"({})"},
    {kInstanceRole, "attributes", R"(["createdb"])", R"(["bypassrls","createrole"])", "attributes",
     R"({"attributes":{"bypassrls":false,"createdb":true,"createrole":false}})",
     R"({"attributes":{"bypassrls":true,"createdb":false,"createrole":true}})",
     R"({"attributes":{"bypassrls":false,"createdb":false,"createrole":false}})"},
  };
}
// clang-format on

const std::vector<Row>& rows() {
  static const std::vector<Row> rows = [] {
    std::vector<Row> all = rows_of_branches();
    for (const Row& row : rows_of_interfaces()) all.push_back(row);
    for (const Row& row : rows_of_instances()) all.push_back(row);
    return all;
  }();
  return rows;
}

constexpr int kAbsent = 0;
constexpr int kTwo = 2;

struct Case {
  const Row& row;
  const Field& field;
  Document one;
  Document two;

  const Document& value(int state) const {
    static const Document nothing;
    return state == kAbsent ? nothing : state == kTwo ? two : one;
  }
};

Case case_of(const Row& row) {
  const Field& field = *find_field(row.kind, row.field);
  return {.row = row,
          .field = field,
          .one = std::get<Document>(read_value(field, json(row.one))),
          .two = std::get<Document>(read_value(field, json(row.two)))};
}

/// As the workspace would show it.
Document shown(const Case& of, int state) {
  Document value = of.value(state);
  const Instant creation = at("2026-05-01T00:00:00Z");
  if (value.contains("ttl")) {
    value["expire_time"] = timestamp_text(creation + *parse_duration(text_at(value, "ttl")));
  } else if (value.contains("expire_time")) {
    value["ttl"] = wire_duration(*parse_timestamp(text_at(value, "expire_time")) - creation);
  }
  return value;
}

std::string sent(const Case& of, const FieldChange& change) {
  const Request request =
      update_request(of.row.kind, "name", {change}, Document::object(), Document::object(),
                     [](const Field& field, const std::string& value) {
                       return field.refers_to == "role" ? "roles/" + value : value;
                     });
  EXPECT_EQ(request.method, "PATCH");
  EXPECT_EQ(request.target,
            fmt::format("{}name?update_mask={}", of.row.kind.api->root, of.row.mask));
  return to_text(request.body);
}

Difference difference_of(const Case& of, int wanted, int applied, int live) {
  Declaration declaration = {.address = *Address::parse("a/b"), .kind = &of.row.kind};
  Record record = {.address = declaration.address, .kind = "k", .remote_name = "name"};
  Wish wish = {.declaration = &declaration, .record = &record, .remote_name = "name"};
  Observed observed = {.kind = &of.row.kind, .name = "name", .create_time = "2026-05-01T00:00:00Z"};
  const std::string name(of.field.name);
  if (wanted != kAbsent) wish.wanted[name] = of.value(wanted);
  if (applied != kAbsent) record.fields[name] = of.value(applied);
  if (live != kAbsent) observed.fields[name] = shown(of, live);
  return diff(wish, observed, at("2026-05-02T00:00:00Z"));
}

/// What the table of the design demands for a declared field.
void check_declared(const Case& of, int wanted, int applied, int live) {
  const Difference difference = difference_of(of, wanted, applied, live);
  if (wanted == live) {
    EXPECT_TRUE(difference.changes.empty());
    return;
  }
  ASSERT_EQ(difference.changes.size(), 1U);
  const FieldChange& change = difference.changes.front();
  EXPECT_EQ(change.field, &of.field);
  EXPECT_EQ(change.reason, applied == wanted ? Reason::kDrift : Reason::kManifestChanged);
  EXPECT_EQ(change.after, of.value(wanted));
  EXPECT_EQ(sent(of, change), wanted == kTwo ? of.row.body_of_two : of.row.body_of_one);
}

void check_released(const Case& of, int applied, int live) {
  const Difference difference = difference_of(of, kAbsent, applied, live);
  const bool is_resettable = *of.row.body_of_reset != '\0';
  const bool was_applied = applied != kAbsent;
  EXPECT_EQ(difference.released.size(), was_applied && !is_resettable ? 1U : 0U);
  if (!was_applied || !is_resettable) {
    EXPECT_TRUE(difference.changes.empty());
    return;
  }
  // A live value that is the reset one already needs nothing.
  const std::string body_of_live = live == kAbsent ? ""
                                   : live == kTwo  ? of.row.body_of_two
                                                   : of.row.body_of_one;
  if (body_of_live == of.row.body_of_reset) {
    EXPECT_TRUE(difference.changes.empty());
    return;
  }
  ASSERT_EQ(difference.changes.size(), 1U);
  EXPECT_EQ(difference.changes.front().reason, Reason::kNoLongerDeclared);
  EXPECT_EQ(sent(of, difference.changes.front()), of.row.body_of_reset);
}

TEST(TruthTable, HoldsForEveryClassOfField) {
  for (const Row& row : rows()) {
    const Case of = case_of(row);
    for (int state = 0; state < 27; ++state) {
      const int wanted = state / 9;
      const int applied = state / 3 % 3;
      const int live = state % 3;
      SCOPED_TRACE(std::string(row.kind.name) + "." + row.field + " manifest " +
                   std::to_string(wanted) + " record " + std::to_string(applied) + " live " +
                   std::to_string(live));
      if (wanted == kAbsent) {
        check_released(of, applied, live);
      } else {
        check_declared(of, wanted, applied, live);
      }
    }
  }
}

TEST(TruthTable, CoversEveryFieldThatCanBeUpdatedOrItsTwin) {
  for (const Kind* kind : lakebase_catalogue().kinds()) {
    for (const Field& field : kind->fields) {
      const bool is_merged = field.type == Type::kPermissions || field.type == Type::kBindings;
      if (field.on_change != OnChange::kUpdate || is_merged) continue;
      const bool is_covered = std::any_of(rows().begin(), rows().end(), [&](const Row& row) {
        const Field& other = *find_field(row.kind, row.field);
        return &row.kind == kind && other.type == field.type;
      });
      EXPECT_TRUE(is_covered) << kind->name << "." << field.name;
    }
  }
}

TEST(TruthTable, MeansReplacementForFieldsFixedAtCreation) {
  for (const Kind* kind : lakebase_catalogue().kinds()) {
    for (const Field& field : kind->fields) {
      if (field.on_change != OnChange::kReplace) continue;
      const Declaration declaration = {.address = *Address::parse("a/b"), .kind = kind};
      Record record = {.address = declaration.address, .kind = "k", .remote_name = "name"};
      Wish wish = {.declaration = &declaration, .record = &record};
      Observed observed = {.kind = kind, .name = "name"};
      const auto [one, two] = two_values(field);
      const std::string name(field.name);
      // What answers do not show is compared with what was applied.
      Document& before = field.observed_at.empty() ? record.fields[name] : observed.fields[name];
      wish.wanted[name] = one;
      before = one;
      EXPECT_FALSE(diff(wish, observed, {}).needs_replacement()) << name;
      before = two;
      EXPECT_TRUE(diff(wish, observed, {}).needs_replacement()) << name;
      if (!field.may_be_hidden) continue;
      observed.fields.erase(name);
      record.fields[name] = two;
      EXPECT_TRUE(diff(wish, observed, {}).needs_replacement()) << name << " when it is hidden";
      record.fields[name] = one;
      EXPECT_FALSE(diff(wish, observed, {}).needs_replacement()) << name << " when it is hidden";
    }
  }
}

TEST(TruthTable, OfPermissionsLeavesOthersAndTakesBackItsOwn) {
  const auto entries = [](const char* text) { return json(text); };
  const Document stranger = entries(R"([{"group":"other","level":"CAN_USE"}])");
  const Document mine = entries(R"([{"group":"mine","level":"CAN_USE"}])");
  EXPECT_EQ(merged_permissions(mine, Document(), stranger),
            entries(R"([{"group":"mine","level":"CAN_USE"},{"group":"other","level":"CAN_USE"}])"));
  EXPECT_EQ(merged_permissions(Document::array(), mine, stranger), stranger);
  const FieldChange added = {.field = &kPermissionsOfProject.fields.front(),
                             .before = stranger,
                             .after = merged_permissions(mine, Document(), stranger)};
  const Request patch =
      permissions_request(kPermissionsOfProject, "projects/shop/permissions", added);
  EXPECT_EQ(patch.method + " " + patch.target, "PATCH /api/2.0/permissions/database-projects/shop");
  EXPECT_EQ(to_text(patch.body),
            R"({"access_control_list":[{"group_name":"mine","permission_level":"CAN_USE"}]})");
  const FieldChange taken = {.field = added.field, .before = added.after, .after = stranger};
  const Request put =
      permissions_request(kPermissionsOfProject, "projects/shop/permissions", taken);
  EXPECT_EQ(put.method, "PUT");
  EXPECT_EQ(to_text(put.body),
            R"({"access_control_list":[{"group_name":"other","permission_level":"CAN_USE"}]})");
}

}  // namespace
}  // namespace weir::test
