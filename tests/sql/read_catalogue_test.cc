#include "sql/read_catalogue.h"

#include <random>

#include <gtest/gtest.h>

#include "core/document.h"
#include "tests/sql/server.h"

namespace weir::test {
namespace {

using namespace weir::sql;

Document a_snapshot() {
  return *parse_document(R"json({"version": 170002, "database": "shop", "user": 10,
    "roles": [[10, "postgres", true, true, true, true, true, true, true, -1, false],
              [100, "ana", true, false, true, false, false, false, false, 5, true]],
    "memberships": [[10, 100, 10, false, false, true]],
    "settings": [[0, true, "work_mem=4MB"]],
    "items": [[10, 100, "SELECT,MAINTAIN", "SELECT"], [10, 0, "SELECT", ""]],
    "groups": [["database", "", "", 10, null, false, ["shop"]],
               ["table", "app", "", 10, [0], false, ["b", "a"]],
               ["table", "app", "", 10, [1, 0], false, ["c"]]],
    "defaults": [[10, null, "f", [[10, 10, "EXECUTE", ""]]], [10, "app", "r", []]],
    "extensions": [["vector", "0.8.0", "public"]],
    "own_indexes": [["app", "a", "weir_1"]], "comments": [["app", "a", "", "A table"], ["app", "a", "id", "Its key"]],
    "linked": [["app", "s", "app", "a", "id", true]],
    "routines": [["app", "f(integer)", "f", [["pg_catalog", "int4"]]]],
    "hanging": [["app", "view public.v"]], "databases": [["other", 10]],
    "stays": [[100, "other"]]})json");
}

std::string problem_of(const Document& snapshot) {
  const ReadCatalogue read = read_catalogue(to_text(snapshot));
  EXPECT_NE(read.catalogue.has_value(), !read.problem.empty());
  return read.problem;
}

TEST(ReadCatalogue, ReadsWhatTheQueryAnswers) {
  const ReadCatalogue read = read_catalogue(to_text(a_snapshot()));
  ASSERT_TRUE(read.catalogue) << read.problem;
  const Catalogue& catalogue = *read.catalogue;
  EXPECT_EQ(catalogue.version.major(), 17);
  EXPECT_EQ(catalogue.name_of(100), "ana");
  EXPECT_EQ(catalogue.name_of(kPublic), "PUBLIC");
  EXPECT_EQ(catalogue.name_of(7), "role 7");
  EXPECT_FALSE(catalogue.memberships.front().inherits);
  const ObjectGroup* tables = catalogue.group_of(ObjectClass::kTable, "app", "", "a");
  ASSERT_NE(tables, nullptr);
  EXPECT_EQ(tables->names, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(tables->acl,
            (Acl{{10, 100, {Privilege::kSelect, Privilege::kMaintain}, {Privilege::kSelect}}}));
  const ObjectGroup* open = catalogue.group_of(ObjectClass::kTable, "app", "", "c");
  ASSERT_NE(open, nullptr);
  EXPECT_EQ(open->acl, (Acl{{10, kPublic, {Privilege::kSelect}}, tables->acl.front()}));
  EXPECT_EQ(catalogue.own_indexes, (std::vector<OwnIndex>{{"app", "a", "weir_1"}}));
  EXPECT_EQ(catalogue.comments,
            (std::vector<Comment>{{"app", "a", "", "A table"}, {"app", "a", "id", "Its key"}}));
  EXPECT_EQ(catalogue.database_owner(), 10U);
  EXPECT_TRUE(catalogue.role(100)->has_expired_password);
  EXPECT_EQ(catalogue.stays, (std::vector<Stay>{{100, "other"}}));
  EXPECT_TRUE(catalogue.unknown.empty());
}

TEST(ReadCatalogue, LeavesAloneWhatItDoesNotKnow) {
  Document snapshot = a_snapshot();
  snapshot["items"][0][2] = "SELECT,TELEPORT";
  snapshot["defaults"][0][2] = "Z";
  const ReadCatalogue read = read_catalogue(to_text(snapshot));
  ASSERT_TRUE(read.catalogue);
  EXPECT_EQ(read.catalogue->unknown,
            (std::vector<std::string>{"default privileges of the class \"Z\"",
                                      "the privilege TELEPORT"}));
}

TEST(ReadCatalogue, RefusesAnOldServer) {
  Document snapshot = a_snapshot();
  snapshot["version"] = 130011;
  EXPECT_EQ(problem_of(snapshot),
            "the snapshot cannot be read: PostgreSQL 13 is too old: weir needs 14");
}

TEST(ReadCatalogue, RefusesAPositionThatNothingHas) {
  Document snapshot = a_snapshot();
  snapshot["groups"][1][4] = {2};
  EXPECT_EQ(problem_of(snapshot),
            "the snapshot cannot be read: a list of privileges names an item that there is not");
}

TEST(ReadCatalogue, RefusesWhatIsNoSnapshot) {
  for (const char* text : {"", "[]", "null", "{", "{}", "7"}) {
    EXPECT_FALSE(read_catalogue(text).catalogue) << text;
    EXPECT_NE(read_catalogue(text).problem, "") << text;
  }
}

/// All places of a document, as pointers.
void collect(const Document& document, const Document::json_pointer& at,
             std::vector<Document::json_pointer>& places) {
  places.push_back(at);
  if (document.is_object()) {
    for (const auto& [key, value] : document.items()) collect(value, at / key, places);
  } else if (document.is_array()) {
    for (std::size_t index = 0; index < document.size(); ++index) {
      collect(document[index], at / index, places);
    }
  }
}

TEST(ReadCatalogue, SurvivesAnythingInAnyPlace) {
  const Document whole = a_snapshot();
  std::vector<Document::json_pointer> places;
  collect(whole, Document::json_pointer(), places);
  const std::vector<Document> strangers = {
      nullptr,           true, -1, 4294967296, 1.5, "", "x", "=,=", "{}", Document::array(),
      Document::object()};
  for (const auto& place : places) {
    for (const Document& stranger : strangers) {
      Document changed = whole;
      changed[place] = stranger;
      problem_of(changed);
    }
  }
}

TEST(ReadCatalogue, AnswersTwiceTheSame) {
  Session session("postgres");
  EXPECT_EQ(session.snapshot().groups, session.snapshot().groups);
}

}  // namespace
}  // namespace weir::test
