// Each type of field: what manifests may have, what is sent, what answers show, what is equal.
#include "core/value.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "providers/lakebase/kinds.h"

namespace weir {
namespace {

const Field& field(const Kind& kind, const char* name) {
  const Field* found = find_field(kind, name);
  if (found == nullptr) throw std::invalid_argument(name);
  return *found;
}

Document json(const char* text) {
  return parse_document(text).value();
}

std::string canonical(const Field& of, const char* written) {
  const auto read = read_value(of, json(written));
  return std::holds_alternative<Document>(read) ? to_text(std::get<Document>(read))
                                                : "wrong: " + std::get<std::string>(read);
}

std::string body(const Field& of, const char* written) {
  Document sent = Document::object();
  put_value(sent, of, std::get<Document>(read_value(of, json(written))),
            [](const Field&, const std::string& value) { return "name/of/" + value; });
  return to_text(sent);
}

std::string observed(const Field& of, const char* resource) {
  return to_text(observe_value(of, json(resource), [](const Field&, const std::string& name) {
    return name.substr(name.rfind('/') + 1);
  }));
}

TEST(Value, OfAnExpiryIsNeverALifetimeOrATime) {
  const Field& expires = field(kBranch, "expires");
  EXPECT_EQ(canonical(expires, "\"7d\""), R"({"ttl":"604800s"})");
  EXPECT_EQ(canonical(expires, "\"never\""), R"({"never":true})");
  EXPECT_EQ(canonical(expires, "\"2026-05-04T02:00:00+02:00\""),
            R"({"expire_time":"2026-05-04T00:00:00Z"})");
  EXPECT_EQ(canonical(expires, "\"7 days\""),
            "wrong: expected never, a duration such as 7d, or a time such as "
            "\"2026-04-27T09:15:00Z\"; not \"7 days\"");
}

TEST(Value, OfAnExpiryIsSentAsOneMemberOfItsOneof) {
  const Field& expires = field(kBranch, "expires");
  EXPECT_EQ(body(expires, "\"7d\""), R"({"spec":{"ttl":"604800s"}})");
  EXPECT_EQ(body(expires, "\"never\""), R"({"spec":{"no_expiry":true}})");
  EXPECT_EQ(body(expires, "\"2026-05-04T00:00:00Z\""),
            R"({"spec":{"expire_time":"2026-05-04T00:00:00Z"}})");
}

TEST(Value, OfAnExpiryIsEqualByLifetimeOrByTime) {
  const Field& expires = field(kBranch, "expires");
  const Document week = observe_value(
      expires,
      json(
          R"({"create_time":"2026-05-01T00:00:00Z","status":{"expire_time":"2026-05-08T00:00:00Z"}})"),
      {});
  const Document none = observe_value(expires, json(R"({"status":{}})"), {});
  EXPECT_TRUE(is_in_force(expires, {{"ttl", "604800s"}}, week));
  EXPECT_TRUE(is_in_force(expires, {{"expire_time", "2026-05-08T00:00:00Z"}}, week));
  EXPECT_FALSE(is_in_force(expires, {{"ttl", "604801s"}}, week));
  EXPECT_FALSE(is_in_force(expires, {{"never", true}}, week));
  EXPECT_TRUE(is_in_force(expires, {{"never", true}}, none));
  EXPECT_FALSE(is_in_force(expires, {{"ttl", "604800s"}}, none));
}

TEST(Value, OfASuspensionThatIsOffDoesNotShow) {
  const Field& suspension = field(kEndpoint, "suspend_after");
  EXPECT_EQ(canonical(suspension, "\"5m\""), "\"300s\"");
  EXPECT_EQ(body(suspension, "\"5m\""), R"({"spec":{"suspend_timeout_duration":"300s"}})");
  EXPECT_EQ(body(suspension, "\"never\""), R"({"spec":{"no_suspension":true}})");
  EXPECT_EQ(observed(suspension, R"({"status":{}})"), "\"never\"");
  EXPECT_EQ(observed(suspension, R"({"status":{"suspend_timeout_duration":"0s"}})"), "\"never\"");
  EXPECT_EQ(observed(suspension, R"({"status":{"suspend_timeout_duration":"300.000s"}})"),
            "\"300s\"");
}

TEST(Value, OfTagsIsAMapThatTravelsAsAList) {
  const Field& tags = field(kProject, "tags");
  EXPECT_EQ(canonical(tags, R"({"team":"x","cost":4711})"), R"({"cost":"4711","team":"x"})");
  EXPECT_EQ(body(tags, R"({"team":"x"})"),
            R"({"spec":{"custom_tags":[{"key":"team","value":"x"}]}})");
  EXPECT_EQ(observed(tags, R"({"status":{"custom_tags":[{"key":"b","value":"2"},{"key":"a"}]}})"),
            R"({"a":"","b":"2"})");
  EXPECT_EQ(observed(tags, R"({"status":{}})"), "{}");
  EXPECT_EQ(canonical(tags, R"(["team"])"), "wrong: expected a map of texts; not [\"team\"]");
}

TEST(Value, OfAGroupIsASizeSentAsEqualBounds) {
  const Field& ha = field(kEndpoint, "ha");
  EXPECT_EQ(canonical(ha, R"({"size":2})"), R"({"size":2,"readable_secondaries":false})");
  EXPECT_EQ(canonical(ha, "null"), R"({"size":1,"readable_secondaries":false})");
  EXPECT_EQ(canonical(ha, R"({"readable_secondaries":true})").substr(0, 6), "wrong:");
  EXPECT_EQ(body(ha, R"({"size":2,"readable_secondaries":true})"),
            R"({"spec":{"group":{"min":2,"max":2,"enable_readable_secondaries":true}}})");
  EXPECT_EQ(observed(ha, R"({"status":{"group":{"min":3,"max":3}}})"),
            R"({"size":3,"readable_secondaries":false})");
}

TEST(Value, OfFlagsIsASetSentAsBooleans) {
  const Field& attributes = field(kRole, "attributes");
  EXPECT_EQ(canonical(attributes, R"(["createrole","createdb","createdb"])"),
            R"(["createdb","createrole"])");
  EXPECT_EQ(canonical(attributes, R"(["createbd"])"),
            "wrong: expected a list of bypassrls, createdb or createrole; not \"createbd\": did "
            "you mean \"createdb\"?");
  EXPECT_EQ(body(attributes, R"(["createdb"])"),
            R"({"spec":{"attributes":{"bypassrls":false,"createdb":true,"createrole":false}}})");
  EXPECT_EQ(observed(attributes, R"({"status":{"attributes":{"createdb":true}}})"),
            R"(["createdb"])");
}

TEST(Value, OfASuperuserIsAMembership) {
  const Field& superuser = field(kRole, "superuser");
  EXPECT_EQ(body(superuser, "true"), R"({"spec":{"membership_roles":["DATABRICKS_SUPERUSER"]}})");
  EXPECT_EQ(body(superuser, "false"), R"({"spec":{"membership_roles":[]}})");
  EXPECT_EQ(observed(superuser, R"({"status":{}})"), "false");
  EXPECT_EQ(observed(superuser, R"({"status":{"membership_roles":["DATABRICKS_SUPERUSER"]}})"),
            "true");
}

TEST(Value, OfAChoiceHasTwoSpellings) {
  const Field& type = field(kEndpoint, "type");
  EXPECT_EQ(body(type, "\"read_only\""), R"({"spec":{"endpoint_type":"ENDPOINT_TYPE_READ_ONLY"}})");
  EXPECT_EQ(observed(type, R"({"status":{"endpoint_type":"ENDPOINT_TYPE_READ_WRITE"}})"),
            "\"read_write\"");
  const Field& identity = field(kRole, "identity");
  EXPECT_EQ(body(identity, "\"user\""), R"({"spec":{"identity_type":"USER"}})");
  EXPECT_EQ(body(identity, "\"none\""), "{}");
  EXPECT_EQ(observed(identity, R"({"status":{"identity_type":"IDENTITY_TYPE_UNSPECIFIED"}})"),
            "\"none\"");
  // A later version of the service may know more than we do.
  EXPECT_EQ(observed(type, R"({"status":{"endpoint_type":"ENDPOINT_TYPE_NEW"}})"),
            "\"ENDPOINT_TYPE_NEW\"");
}

TEST(Value, OfPermissionsLeavesOthersAlone) {
  const Field& entries = field(kPermissionsOfProject, "entries");
  const Document wanted = std::get<Document>(
      read_value(entries, json(R"([{"user":"a@example.com","level":"CAN_USE"}])")));
  const Document seen = observe_value(entries, json(R"({"access_control_list":[
        {"user_name":"a@example.com","all_permissions":[{"permission_level":"CAN_USE"}]},
        {"group_name":"g","all_permissions":[{"permission_level":"CAN_MANAGE"}]},
        {"group_name":"admins","all_permissions":[{"permission_level":"CAN_MANAGE","inherited":true}]}]})"),
                                      {});
  EXPECT_EQ(seen.size(), 2U);
  EXPECT_TRUE(is_in_force(entries, wanted, seen));
  EXPECT_FALSE(is_in_force(entries, json(R"([{"user":"b@example.com","level":"CAN_USE"}])"), seen));
  EXPECT_EQ(
      canonical(entries, R"([{"user":"a","level":"CAN_USE"},{"user":"a","level":"CAN_MANAGE"}])"),
      "wrong: user \"a\" stands in the list twice");
  EXPECT_EQ(canonical(entries, R"([{"user":"a","level":"CAN_READ"}])").substr(0, 6), "wrong:");
}

TEST(Value, OfBindingsIsSortedAndSaysOneTargetEach) {
  const Field& bind = field(kApp, "bind");
  EXPECT_EQ(canonical(bind, R"([{"resource_key":"b","branch":"projects/a/branches/b"},
                                {"resource_key":"a","database":"x","description":"d"}])"),
            R"([{"resource_key":"a","database":"x","permission":"CAN_CONNECT_AND_CREATE",)"
            R"("description":"d"},{"resource_key":"b","branch":"projects/a/branches/b",)"
            R"("permission":"CAN_CONNECT_AND_CREATE"}])");
  const std::vector<std::pair<const char*, const char*>> wrong = {
      {R"({})", "wrong: expected a list"},
      {R"([{"branch":"b"}])", "wrong: resource_key is missing"},
      {R"([{"resource_key":"a"}])", "wrong: a: expected exactly one of database and branch"},
      {R"([{"resource_key":"a","branch":"b","database":"d"}])",
       "wrong: a: expected exactly one of database and branch"},
      {R"([{"resource_key":"a","branch":"b","permision":"x"}])", "wrong: unknown key permision"},
      {R"([{"resource_key":"a","branch":"b","permission":"CAN_MANAGE"}])",
       "wrong: permission: expected CAN_CONNECT_AND_CREATE"},
      {R"([{"resource_key":"a","branch":7}])", "wrong: branch: expected a text; not 7"},
      {R"([{"resource_key":"a","branch":"b"},{"resource_key":"a","branch":"c"}])",
       "wrong: resource_key a stands in the list twice"},
  };
  for (const auto& [written, message] : wrong) {
    EXPECT_EQ(canonical(bind, written).substr(0, std::string_view(message).size()), message);
  }
}

TEST(Value, OfBindingsIsSentByWhatItLeadsTo) {
  const Field& bind = field(kApp, "bind");
  const auto sent = [&](const char* target) {
    return body(bind, (R"([{"resource_key":"db",)" + std::string(target) + "}]").c_str());
  };
  EXPECT_EQ(sent(R"("branch":"projects/a/branches/b")"),
            R"({"resources":[{"name":"db","postgres":{"branch":"projects/a/branches/b",)"
            R"("permission":"CAN_CONNECT_AND_CREATE"}}]})");
  EXPECT_EQ(sent(R"("database":"projects/a/branches/b/databases/c","description":"d")"),
            R"({"resources":[{"name":"db","description":"d","postgres":{"branch":)"
            R"("projects/a/branches/b","database":"projects/a/branches/b/databases/c",)"
            R"("permission":"CAN_CONNECT_AND_CREATE"}}]})");
  EXPECT_EQ(sent(R"("database":"instances/a/databases/b%2Fc")"),
            R"({"resources":[{"name":"db","database":{"instance_name":"a","database_name":"b/c",)"
            R"("permission":"CAN_CONNECT_AND_CREATE"}}]})");
}

TEST(Value, OfBindingsLeavesOthersAlone) {
  const Field& bind = field(kApp, "bind");
  const Document seen = observe_value(bind, json(R"({"resources":[
      {"name":"z","secret":{"scope":"s","key":"k","permission":"READ"}},
      {"name":"i","database":{"instance_name":"a","database_name":"b/c","permission":"P"}},
      {"name":"p","description":"d","postgres":{"branch":"projects/a/branches/b","permission":"P"}}]})"),
                                      {});
  EXPECT_EQ(to_text(seen),
            R"([{"resource_key":"i","database":"instances/a/databases/b%2Fc","permission":"P"},)"
            R"({"resource_key":"p","branch":"projects/a/branches/b","permission":"P",)"
            R"("description":"d"},{"resource_key":"z","other":"secret"}])");
  const auto entry = [](const char* key, const char* branch) -> Document {
    return Document::array({{{"resource_key", key}, {"branch", branch}, {"permission", "P"}}});
  };
  EXPECT_TRUE(is_in_force(bind, Document::array(), seen));
  EXPECT_TRUE(is_in_force(bind, entry("p", "projects/a/branches/b"), seen));
  EXPECT_FALSE(is_in_force(bind, entry("p", "projects/a/branches/c"), seen));
  EXPECT_FALSE(is_in_force(bind, entry("z", "projects/a/branches/b"), seen));
  EXPECT_EQ(to_text(observe_value(bind, json(R"({})"), {})), "[]");
  EXPECT_EQ(to_text(observe_value(bind, json(R"({"resources":[7,{"name":"n"}]})"), {})),
            R"([{"resource_key":"n","other":"nothing"}])");
}

TEST(Value, IsTakenFromSpecWhenTheServiceSendsOne) {
  const Field& name = field(kProject, "display_name");
  EXPECT_EQ(observed(name, R"({"spec":{"display_name":"a"},"status":{"display_name":"b"}})"),
            "\"a\"");
  EXPECT_EQ(observed(name, R"({"spec":{},"status":{"display_name":"b"}})"), "\"b\"");
}

TEST(Value, OfAReferenceIsANameInAnswersAndRequests) {
  const Field& owner = field(kDatabase, "owner");
  EXPECT_EQ(body(owner, "\"ana\""), R"({"spec":{"role":"name/of/ana"}})");
  EXPECT_EQ(observed(owner, R"({"status":{"role":"projects/p/branches/b/roles/ana"}})"), "\"ana\"");
}

TEST(Value, IsShownAsAManifestWouldHaveIt) {
  EXPECT_EQ(show_value(field(kBranch, "expires"), {{"ttl", "604800s"}}), "7d");
  EXPECT_EQ(show_value(field(kBranch, "expires"), {{"never", true}}), "never");
  EXPECT_EQ(show_value(field(kProject, "tags"), {{"team", "a b"}}), "{team: \"a b\"}");
  EXPECT_EQ(show_value(field(kRole, "attributes"), json(R"(["createdb"])")), "[createdb]");
  EXPECT_EQ(show_value(field(kProject, "display_name"), nullptr), "(not set)");
}

TEST(Value, WrittenForAManifestIsReadBackAsItWas) {
  const struct {
    const Kind& kind;
    const char* field;
    const char* written;
  } cases[] = {
      {kBranch, "expires", "\"36h\""},
      {kBranch, "expires", "\"2026-05-04T00:00:00Z\""},
      {kEndpoint, "suspend_after", "\"never\""},
      {kEndpoint, "suspend_after", "\"90s\""},
      {kEndpoint, "ha", R"({"size":3,"readable_secondaries":true})"},
      {kProject, "history_retention", "\"10d\""},
      {kProject, "tags", R"({"a":"1"})"},
      {kRole, "attributes", R"(["bypassrls"])"},
  };
  for (const auto& one : cases) {
    const Field& of = field(one.kind, one.field);
    const Document value = std::get<Document>(read_value(of, json(one.written)));
    EXPECT_EQ(std::get<Document>(read_value(of, written_value(of, value))), value) << one.written;
  }
}

TEST(Value, HasASchemaAndAFormInWordsForEveryField) {
  for (const Kind* kind : lakebase_catalogue().kinds()) {
    for (const Field& each : kind->fields) {
      EXPECT_TRUE(value_schema(each).is_object()) << kind->name << "." << each.name;
      EXPECT_NE(form_in_words(each), "") << kind->name << "." << each.name;
    }
  }
}

TEST(Value, GivenAsAnExampleIsRight) {
  for (const Kind* kind : lakebase_catalogue().kinds()) {
    for (const Field& each : kind->fields) {
      if (each.is_derived) continue;
      EXPECT_NE(each.example, "") << kind->name << "." << each.name;
    }
  }
}

TEST(Value, HasMapsOfColumnsInOneOrderHoweverTheyAreWritten) {
  const Field& types = field(kSyncedTable, "type_overrides");
  const Field& columns = field(kSyncedTable, "extra_columns");
  const auto read = [](const Field& field, const char* text) {
    return std::get<Document>(read_value(field, json(text)));
  };
  EXPECT_EQ(read(types, R"_({"b": "vector(3)", "a": "vector(2)"})_"),
            read(types, R"_({"a": "vector(2)", "b": "vector(3)"})_"));
  const Document written = read(columns, R"({"b": {"compute": "1", "type": "int"},
                                             "a": {"type": "int", "compute": "2"}})");
  EXPECT_EQ(written, read(columns, R"({"a": {"compute": "2", "type": "int"},
                                       "b": {"type": "int", "compute": "1"}})"));
  Document sent = Document::object();
  put_value(sent, columns, written, {});
  std::ranges::reverse(sent["spec"]["extra_columns"]);
  EXPECT_TRUE(is_in_force(columns, written, observe_value(columns, sent, {})));
}

}  // namespace
}  // namespace weir
