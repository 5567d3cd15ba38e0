#include "convert/privileges.h"

#include <gtest/gtest.h>

namespace weir::convert {
namespace {

using enum sql::Privilege;
using enum sql::ObjectClass;

constexpr sql::PrivilegeSet kRows = {kSelect, kInsert, kUpdate, kDelete};

Grant a_grant(sql::ObjectClass of, sql::PrivilegeSet privileges) {
  return {.to = "web", .object_class = of, .schema = "app", .privileges = privileges};
}

DefaultGrant a_default(sql::ObjectClass of, sql::PrivilegeSet privileges,
                       const std::string& creator = "owner") {
  return {.creator = creator,
          .schema = "app",
          .to = "web",
          .object_class = of,
          .privileges = privileges};
}

/// The database and the profiles that come of grants.
std::string written(const DatabaseGrants& grants) {
  Document database = Document::object();
  AccessProfiles profiles;
  write_privileges(grants, database, profiles);
  return to_text(database) + (profiles.made().empty() ? "" : " " + to_text(profiles.made()));
}

TEST(Privileges, BecomeTheProfileThatSaysTheSame) {
  EXPECT_EQ(
      written({.grants = {a_grant(kSchema, {kUsage, kCreate}), a_grant(kTable, kRows),
                          a_grant(kSequence, {kUsage, kSelect})},
               .defaults = {a_default(kTable, kRows), a_default(kSequence, {kUsage, kSelect})}}),
      R"({"schemas":{"app":{"created_by":"owner","access":{"web":["readwrite","create"]}}}})");
}

TEST(Privileges, OfNoProfileMakeOne) {
  EXPECT_EQ(written({.grants = {a_grant(kSchema, {kUsage}), a_grant(kTable, {kSelect})}}),
            R"({"schemas":{"app":{"access":{"web":"reader"}}}} )"
            R"({"reader":{"schema":"usage","tables":{"privileges":"select","future":false}}})");
  EXPECT_EQ(written({.defaults = {a_default(kTable, {kInsert})}}),
            R"({"schemas":{"app":{"created_by":"owner","access":{"web":"writer"}}}} )"
            R"({"writer":{"tables":{"privileges":"insert","existing":false}}})");
}

TEST(Privileges, ThatDifferNowAndLaterAreSaidTwice) {
  EXPECT_EQ(
      written({.grants = {a_grant(kTable, kRows)}, .defaults = {a_default(kTable, {kSelect})}}),
      R"({"default_privileges":[{"for":"owner","in":"app","on":"tables","to":"web",)"
      R"("privileges":"select"}],"schemas":{"app":{"access":{"web":"writer"}}}} )"
      R"({"writer":{"tables":{"privileges":["select","insert","update","delete"],"future":false}}})");
}

TEST(Privileges, OfSeveralCreatorsAreOneWhenTheyAreAlike) {
  EXPECT_EQ(
      written({.defaults = {a_default(kTable, {kSelect}, "a"), a_default(kTable, {kSelect}, "b")}}),
      R"({"schemas":{"app":{"created_by":["a","b"],"access":{"web":"reader"}}}} )"
      R"({"reader":{"tables":{"privileges":"select","existing":false}}})");
  EXPECT_EQ(
      written({.defaults = {a_default(kTable, {kSelect}, "a"), a_default(kTable, {kInsert}, "b")}}),
      R"({"default_privileges":[{"for":"a","in":"app","on":"tables","to":"web",)"
      R"("privileges":"select"},{"for":"b","in":"app","on":"tables","to":"web",)"
      R"("privileges":"insert"}]})");
}

TEST(Privileges, ThatProfilesCannotSayStayGrants) {
  Grant on_objects = a_grant(kTable, {kSelect});
  on_objects.objects = {"log", "audit.log"};
  on_objects.is_grantable = true;
  Grant on_columns = a_grant(kTable, {kSelect});
  on_columns.objects = {"people"};
  on_columns.columns = {"name"};
  EXPECT_EQ(written({.grants = {on_objects, on_columns, a_grant(kRoutine, {})}}),
            R"({"grants":[{"to":"web","on":{"table":"app.log"},"privileges":"select",)"
            R"("grant_option":true},{"to":"web","on":{"table":"app.\"audit.log\""},)"
            R"("privileges":"select","grant_option":true},{"to":"web","on":{"table":"app.people",)"
            R"("columns":["name"]},"privileges":"select"},{"to":"web","on":{"functions_in":"app"},)"
            R"("privileges":"none"}]})");
}

TEST(Privileges, OnADatabaseAreItsAccess) {
  EXPECT_EQ(written({.grants = {{.to = "web",
                                 .object_class = kDatabase,
                                 .privileges = {kConnect, kTemporary}}}}),
            R"({"access":{"web":["connect","temporary"]}})");
}

TEST(AccessProfiles, KeepTheNamesOfTheSourceButForThoseOfWeir) {
  AccessProfiles profiles;
  const Document content = {{"tables", "select"}};
  profiles.suggest("readonly", content);
  EXPECT_EQ(profiles.name_of(content), "readonly_access");
  EXPECT_EQ(profiles.name_of(content), "readonly_access");
  EXPECT_EQ(profiles.name_of({{"tables", "insert"}}), "writer");
  EXPECT_EQ(profiles.name_of({{"tables", {"insert", "update"}}}), "writer_2");
}

}  // namespace
}  // namespace weir::convert
