// What a script comes to when it is carried out.
#include "planner/script.h"

#include <gtest/gtest.h>

#include "sql/read_catalogue.h"
#include "sql/wishes_document.h"
#include "tests/support/snapshot_of_orders.h"

namespace weir::test {
namespace {

using Texts = std::vector<std::string>;

const std::string kCreate = R"(CREATE SCHEMA "main")";
const std::string kOther = R"(CREATE SCHEMA "other")";

Script a_script(const sql::Wishes& wishes, const Texts& statements) {
  Script script = {.place = {"projects/shop/branches/dev", "orders"},
                   .wishes = sql::document_of(wishes)};
  for (const std::string& text : statements) {
    script.statements.push_back({.statement = {.text = text}});
  }
  return script;
}

Script two_schemas(const Texts& statements = {kCreate, kOther}) {
  return a_script({.schemas = {{.name = "main"}, {.name = "other"}}}, statements);
}

Secret no_verifier(const PasswordSource& source) {
  ADD_FAILURE() << "the password of " << source.role << " was asked for";
  return {};
}

Texts shown(const ScriptNow& now) {
  Texts texts;
  for (const SqlText& text : now.statements) texts.push_back(text.shown);
  return texts;
}

TEST(Script, IsCarriedOutAsItWasPlanned) {
  const ScriptNow now = script_now(two_schemas(), a_snapshot({}), no_verifier);
  EXPECT_EQ(shown(now), (Texts{kCreate, kOther}));
  EXPECT_EQ(now.moved, "");
  EXPECT_EQ(now.refused, "");
}

TEST(Script, IsComparedWithoutBeingCarriedOut) {
  const auto moved = [](const Script& script, const Texts& schemas) {
    return moved_since(script, *sql::read_catalogue(a_snapshot(schemas)).catalogue);
  };
  EXPECT_EQ(moved(two_schemas(), {}), "");
  EXPECT_EQ(moved(two_schemas(), {"main"}), kCreate + " is not needed any more");
  Script predicted = two_schemas();
  predicted.predicted_from = "an empty database";
  EXPECT_EQ(moved(predicted, {"main"}), "");
}

TEST(Script, HasMovedWhenAStatementIsNotNeededAnyMore) {
  const ScriptNow now = script_now(two_schemas(), a_snapshot({"main"}), no_verifier);
  EXPECT_TRUE(now.statements.empty());
  EXPECT_EQ(now.moved, kCreate + " is not needed any more");
}

TEST(Script, HasMovedWhenAnotherStatementIsNeeded) {
  const ScriptNow now = script_now(two_schemas({kCreate}), a_snapshot({}), no_verifier);
  EXPECT_TRUE(now.statements.empty());
  EXPECT_EQ(now.moved, kOther + " would be needed as well");
}

TEST(Script, SaysWhichStatementWouldBeNeededInsteadOfWhich) {
  const ScriptNow now = script_now(two_schemas({kCreate}), a_snapshot({"main"}), no_verifier);
  EXPECT_TRUE(now.statements.empty());
  EXPECT_EQ(now.moved, kOther + " would be needed instead of " + kCreate);
}

TEST(Script, IsCarriedOutInTheOrderThatIsNeeded) {
  const ScriptNow now = script_now(two_schemas({kOther, kCreate}), a_snapshot({}), no_verifier);
  EXPECT_EQ(shown(now), (Texts{kCreate, kOther}));
}

TEST(Script, HasMovedWhenNothingIsLeftToDo) {
  const ScriptNow now = script_now(two_schemas(), a_snapshot({"main", "other"}), no_verifier);
  EXPECT_NE(now.moved, "");
}

TEST(Script, ThatWasPredictedIsWhatIsFound) {
  Script script = two_schemas();
  script.predicted_from = "an empty database";
  const ScriptNow now = script_now(script, a_snapshot({"main"}), no_verifier);
  EXPECT_EQ(shown(now), Texts{kOther});
  EXPECT_EQ(now.moved, "");
}

TEST(Script, IsRefusedWhereItCannotBe) {
  Script script = a_script({.schemas = {{.name = "main", .owner = "ghost"}}}, {kCreate});
  for (const char* predicted_from : {"", "an empty database"}) {
    script.predicted_from = predicted_from;
    const ScriptNow now = script_now(script, a_snapshot({}), no_verifier);
    EXPECT_TRUE(now.statements.empty());
    EXPECT_NE(now.refused.find("ghost"), std::string::npos) << now.refused;
  }
}

TEST(Script, IsRefusedWithWishesThatCannotBeRead) {
  Script script = two_schemas();
  script.wishes = {{"colours", 7}};
  EXPECT_EQ(script_now(script, a_snapshot({}), no_verifier).refused,
            "the plan's wishes cannot be read: plan again");
}

TEST(Script, IsRefusedWithASnapshotThatCannotBeRead) {
  EXPECT_NE(script_now(two_schemas(), "{", no_verifier).refused, "");
}

Script a_password_script() {
  Script script = a_script({.roles = {{.name = "ana", .sets_password = true}}},
                           {R"(ALTER ROLE "ana" PASSWORD )"});
  script.passwords = {{.role = "boss", .secret = {.type = "env", .name = "OTHER"}},
                      {.role = "ana", .secret = {.type = "env", .name = "LOGIN"}}};
  return script;
}

TEST(Script, ShowsASecretOnlyToTheServer) {
  const ScriptNow now =
      script_now(a_password_script(), a_snapshot({}),
                 [](const PasswordSource& source) { return Secret("of " + source.secret.name); });
  ASSERT_EQ(now.statements.size(), 1U);
  EXPECT_EQ(now.statements[0].shown, R"(ALTER ROLE "ana" PASSWORD )");
  ASSERT_TRUE(now.statements[0].sent);
  EXPECT_EQ(now.statements[0].sent->reveal(), R"(ALTER ROLE "ana" PASSWORD 'of LOGIN')");
}

TEST(Script, AsksForNoSecretWhenItIsNotCarriedOut) {
  Script script = a_password_script();
  script.statements.clear();
  EXPECT_NE(script_now(script, a_snapshot({}), no_verifier).moved, "");
}

TEST(Script, IsRefusedWithoutTheSourceOfAPassword) {
  Script script = a_password_script();
  script.passwords.pop_back();
  const ScriptNow now = script_now(script, a_snapshot({}), no_verifier);
  EXPECT_EQ(
      now.refused,
      "the plan does not say where the secret of ALTER ROLE \"ana\" PASSWORD comes from: plan "
      "again");
  EXPECT_TRUE(now.statements.empty());
}

}  // namespace
}  // namespace weir::test
