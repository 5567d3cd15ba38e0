#include "tests/sql/every_statement.h"

#include "sql/statements.h"

namespace weir::test {
namespace {

using namespace weir::sql;
using enum Privilege;
using enum ObjectClass;

ObjectName object_of(ObjectClass object_class, const NameSource& name) {
  if (object_class == kLargeObject) return {.name = "4711"};
  if (object_class == kDatabase || object_class == kSchema) return {.name = name("object")};
  ObjectName object = {.schema = name("schema"), .name = name("object")};
  if (object_class == kRoutine) {
    object.arguments = {{name("type_schema"), name("type")}, {"pg_catalog", "_int4"}};
  }
  return object;
}

void add_grants(std::vector<std::string>& texts, const NameSource& name) {
  for (const ObjectClass object_class :
       {kDatabase, kSchema, kTable, kColumn, kSequence, kRoutine, kType, kLargeObject}) {
    AclStatement statement = {.verb = AclVerb::kGrant,
                              .privileges = privileges_of(object_class, {170000}),
                              .object_class = object_class,
                              .objects = {object_of(object_class, name)},
                              .grantees = {name("grantee"), std::nullopt}};
    if (object_class == kColumn) statement.columns = {name("column"), name("other_column")};
    texts.push_back(text_of(statement));
    statement.verb = AclVerb::kRevokeOption;
    statement.grantees.pop_back();
    texts.push_back(text_of(statement));
  }
  for (const ObjectClass object_class : {kTable, kSequence, kRoutine}) {
    texts.push_back(text_of(AclStatement{.verb = AclVerb::kRevoke,
                                         .cascades = true,
                                         .privileges = privileges_of(object_class, {150000}),
                                         .object_class = object_class,
                                         .is_whole_schema = true,
                                         .objects = {object_of(object_class, name)},
                                         .grantees = {name("grantee")}}));
  }
  texts.push_back(
      text_of(AclStatement{.verb = AclVerb::kGrantWithOption,
                           .privileges = {kSelect},
                           .objects = {object_of(kTable, name), object_of(kTable, name)},
                           .grantees = {name("grantee"), name("other_grantee")}}));
}

void add_defaults(std::vector<std::string>& texts, const NameSource& name) {
  for (const ObjectClass object_class : {kTable, kSequence, kRoutine, kType}) {
    texts.push_back(text_of(DefaultStatement{.creator = name("creator"),
                                             .schema = name("schema"),
                                             .privileges = privileges_of(object_class, {150000}),
                                             .object_class = object_class,
                                             .grantees = {name("grantee")}}));
  }
  for (const ObjectClass object_class : {kRoutine, kSchema, kLargeObject}) {
    texts.push_back(text_of(DefaultStatement{.creator = name("creator"),
                                             .verb = AclVerb::kRevoke,
                                             .privileges = privileges_of(object_class, {180000}),
                                             .object_class = object_class,
                                             .grantees = {std::nullopt}}));
  }
}

void add_objects(std::vector<std::string>& texts, const NameSource& name) {
  texts.push_back(create_schema(name("schema"), std::nullopt));
  texts.push_back(create_schema(name("schema"), name("owner")));
  texts.push_back(drop_schema(name("schema")));
  texts.push_back(create_extension({.name = name("extension")}));
  texts.push_back(create_extension(
      {.name = name("extension"), .version = name("version"), .schema = name("schema")}));
  texts.push_back(update_extension(name("extension"), name("version")));
  texts.push_back(move_extension(name("extension"), name("schema")));
  texts.push_back(create_index(name("index"), name("schema"), name("table"),
                               {.is_unique = true, .definition = "(id)"}));
  texts.push_back(drop_index(name("schema"), name("index")));
  texts.push_back(comment_on(name("schema"), name("table"), "", name("comment")));
  texts.push_back(comment_on(name("schema"), name("table"), name("column"), name("comment")));
  for (const ObjectClass object_class :
       {kDatabase, kSchema, kTable, kSequence, kRoutine, kType, kLargeObject}) {
    texts.push_back(change_owner(object_class, object_of(object_class, name), name("owner")));
  }
  texts.push_back(change_setting(name("database"), std::nullopt, "work_mem", name("value")));
  texts.push_back(change_setting(name("database"), name("role"), "my.setting", name("value")));
  texts.push_back(change_setting(name("database"), name("role"), "work_mem", std::nullopt));
  texts.push_back(change_setting(name("database"), std::nullopt, "search_path", "app, \"A,b\""));
}

void add_roles(std::vector<std::string>& texts, const NameSource& name) {
  texts.push_back(create_role({.name = name("role")}));
  texts.push_back(create_role({.name = name("role"),
                               .can_login = true,
                               .is_superuser = false,
                               .inherits = false,
                               .can_create_roles = true,
                               .can_create_databases = false,
                               .can_replicate = true,
                               .bypasses_row_security = false,
                               .connection_limit = 7}));
  texts.push_back(alter_role({.name = name("role"), .can_login = false}));
  texts.push_back(set_password(name("role")).text);
  texts.push_back(set_role(name("role")));
  texts.push_back(drop_role(name("role")));
  texts.push_back(reassign_owned(name("role"), name("heir")));
  texts.push_back(drop_owned(name("role")));
  const MembershipOptions options = {.is_admin = true, .inherits = false, .can_set = true};
  texts.push_back(grant_membership(name("role"), name("member"), options, {150000}));
  texts.push_back(grant_membership(name("role"), name("member"), options, {160000}));
  texts.push_back(grant_membership(name("role"), name("member"), {}, {160000}));
  texts.push_back(revoke_membership(name("role"), name("member"), std::nullopt));
  texts.push_back(revoke_membership(name("role"), name("member"), name("grantor")));
  texts.push_back(revoke_membership_admin(name("role"), name("member"), name("grantor")));
  texts.push_back(revoke_membership(name("role"), name("member"), name("grantor"), true));
  texts.push_back(set_search_path({name("schema"), name("other_schema")}));
}

}  // namespace

std::vector<std::string> every_statement(const NameSource& name) {
  std::vector<std::string> texts;
  add_grants(texts, name);
  add_defaults(texts, name);
  add_objects(texts, name);
  add_roles(texts, name);
  return texts;
}

}  // namespace weir::test
