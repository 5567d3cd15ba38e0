#include "sql/wishes_document.h"

#include <gtest/gtest.h>

namespace weir::test {
namespace {

using namespace weir::sql;

std::string text_of(const Wishes& wishes) {
  return to_text(document_of(wishes));
}

/// What is written of what was read.
std::string round_trip(const std::string& text) {
  const auto read = read_wishes(parse_document(text).value());
  return read ? text_of(*read) : "refused";
}

void expect_text(const Wishes& wishes, const std::string& text) {
  EXPECT_EQ(text_of(wishes), text);
  EXPECT_EQ(round_trip(text), text);
}

TEST(WishesDocument, IsEmptyWhenNothingIsWished) {
  expect_text({}, "{}");
}

TEST(WishesDocument, KeepsAllOfARole) {
  expect_text({.roles = {{.tag = "t",
                          .name = "ana",
                          .can_login = true,
                          .is_superuser = false,
                          .inherits = true,
                          .can_create_roles = false,
                          .can_create_databases = true,
                          .can_replicate = false,
                          .bypasses_row_security = true,
                          .connection_limit = -1,
                          .sets_password = true}}},
              R"({"roles":[{"tag":"t","name":"ana","login":true,"superuser":false,"inherit":true,)"
              R"("createrole":false,"createdb":true,"replication":false,"bypassrls":true,)"
              R"("connection_limit":-1,"sets_password":true}]})");
}

TEST(WishesDocument, KeepsWhatEndsOfTables) {
  expect_text({.table_ends = {{.tag = "t", .schema = "crm", .name = "books", .drops = true}}},
              R"({"table_ends":[{"tag":"t","schema":"crm","name":"books","drops":true}]})");
}

TEST(WishesDocument, LeavesOutWhatIsNotSaid) {
  expect_text({.roles = {{}}, .memberships = {{}}, .access = {{}}, .ends = {{}}},
              R"({"roles":[{}],"memberships":[{}],"access":[{}],"ends":[{}]})");
}

TEST(WishesDocument, TellsAMembershipThatIsToGoFromOneThatIsWanted) {
  expect_text({.memberships = {{.role = "a", .member = "b", .is_wanted = false},
                               {.tag = "t",
                                .role = "a",
                                .member = "c",
                                .is_admin = false,
                                .inherits = true,
                                .can_set = false}}},
              R"({"memberships":[{"role":"a","member":"b","is_wanted":false},)"
              R"({"tag":"t","role":"a","member":"c","admin":false,"inherit":true,"set":false}]})");
}

TEST(WishesDocument, TellsAnEmptyTextFromNone) {
  expect_text({.schemas = {{.tag = "t", .name = "a", .owner = "o"}, {.name = "b", .owner = ""}},
               .extensions = {{.tag = "t", .name = "e", .version = "1", .schema = "s"}},
               .settings = {{.tag = "t", .role = "r", .name = "n", .value = ""}, {.name = "n"}}},
              R"({"schemas":[{"tag":"t","name":"a","owner":"o"},{"name":"b","owner":""}],)"
              R"("extensions":[{"tag":"t","name":"e","version":"1","schema":"s"}],)"
              R"("settings":[{"tag":"t","role":"r","name":"n","value":""},{"name":"n"}]})");
}

TEST(WishesDocument, KeepsAllOfAccess) {
  expect_text({.access = {{.tag = "t",
                           .grantee = {.role = "ana"},
                           .target = one_column("app", "t", "c"),
                           .privileges = {Privilege::kSelect, Privilege::kUpdate},
                           .is_grantable = true},
                          {.grantee = {.is_public = true},
                           .target = all_in_schema(ObjectClass::kRoutine, "app"),
                           .covers_future = false}},
               .exclusive = {{.tag = "t", .target = the_schema("app")}}},
              R"({"access":[{"tag":"t","grantee":{"role":"ana"},)"
              R"("target":{"class":"column","schema":"app","table":"t","name":"c"},)"
              R"("privileges":["select","update"],"grantable":true},)"
              R"({"grantee":{"public":true},"target":{"class":"function","schema":"app"},)"
              R"("future":false}],)"
              R"("exclusive":[{"tag":"t","target":{"class":"schema","name":"app"}}]})");
}

TEST(WishesDocument, KeepsAllOfDefaults) {
  expect_text({.defaults = {{.tag = "t",
                             .creator = "c",
                             .schema = "",
                             .object_class = ObjectClass::kSequence,
                             .grantee = {.role = "g"},
                             .privileges = {Privilege::kUsage},
                             .is_grantable = true}},
               .future = {{.tag = "t",
                           .schema = "app",
                           .object_class = ObjectClass::kType,
                           .grantee = {.is_public = true},
                           .privileges = {Privilege::kUsage},
                           .is_grantable = true,
                           .creators = {"a", "b"}}},
               .ends = {{.tag = "t", .name = "old"}}},
              R"({"defaults":[{"tag":"t","creator":"c","schema":"","class":"sequence",)"
              R"("grantee":{"role":"g"},"privileges":["usage"],"grantable":true}],)"
              R"("future":[{"tag":"t","schema":"app","class":"type","grantee":{"public":true},)"
              R"("privileges":["usage"],"grantable":true,"creators":["a","b"]}],)"
              R"("ends":[{"tag":"t","name":"old"}]})");
}

TEST(WishesDocument, KeepsEveryClassOfObjects) {
  Wishes wishes;
  for (int number = 0; number <= static_cast<int>(ObjectClass::kLargeObject); ++number) {
    const auto object_class = static_cast<ObjectClass>(number);
    wishes.owners.push_back({.target = {.object_class = object_class}, .owner = "o"});
  }
  const auto read = read_wishes(document_of(wishes));
  ASSERT_TRUE(read);
  EXPECT_EQ(read->owners, wishes.owners);
}

TEST(WishesDocument, KeepsEveryPrivilege) {
  Wishes wishes;
  for (int number = 0; number < kPrivilegeCount; ++number) {
    wishes.defaults.push_back({.privileges = {static_cast<Privilege>(number)}});
  }
  const auto read = read_wishes(document_of(wishes));
  ASSERT_TRUE(read);
  ASSERT_EQ(read->defaults.size(), wishes.defaults.size());
  for (std::size_t index = 0; index < wishes.defaults.size(); ++index) {
    EXPECT_EQ(read->defaults[index].privileges, wishes.defaults[index].privileges) << index;
  }
}

TEST(WishesDocument, RefusesWhatItNeverWrites) {
  for (const char* foreign : {"null",
                              "[]",
                              "7",
                              R"("roles")",
                              R"({"colours":[]})",
                              R"({"roles":{}})",
                              R"({"roles":[7]})",
                              R"({"roles":[{"colour":"red"}]})",
                              R"({"roles":[{"name":7}]})",
                              R"({"roles":[{"login":null}]})",
                              R"({"roles":[{"login":"yes"}]})",
                              R"({"roles":[{"connection_limit":1.5}]})",
                              R"({"roles":[{"connection_limit":4294967296}]})",
                              R"({"access":[{"privileges":["fly"]}]})",
                              R"({"access":[{"privileges":"select"}]})",
                              R"({"access":[{"target":{"class":"planet"}}]})",
                              R"({"access":[{"target":[]}]})",
                              R"({"access":[{"grantee":"ana"}]})",
                              R"({"future":[{"creators":[7]}]})",
                              R"({"memberships":[{"is_wanted":0}]})"}) {
    EXPECT_EQ(round_trip(foreign), "refused") << foreign;
  }
}

}  // namespace
}  // namespace weir::test
