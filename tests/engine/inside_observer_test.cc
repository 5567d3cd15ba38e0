#include "engine/inside_observer.h"

#include <list>

#include <gtest/gtest.h>

#include "planner/planner.h"
#include "tests/engine/script_fakes.h"
#include "tests/support/declarations.h"

namespace weir::test {
namespace {

const std::string kInside = kDevBranch + "/databases/";

/// A branch with these databases, each with something inside.
struct Estate {
  explicit Estate(const std::vector<std::string>& databases) {
    std::vector<Declaration> declarations = {a_project("shop"), a_branch("dev")};
    add(kProject, "projects/shop");
    add(kBranch, kDevBranch);
    Observed& endpoint = add(kEndpoint, kDevBranch + "/endpoints/primary");
    endpoint.fields = {{"type", "read_write"}};
    endpoint.facts = {{"current_state", "ACTIVE"}};
    for (const std::string& name : databases) {
      declarations.push_back(a_database(name));
      add(kDatabase, kInside + name).postgres_name = name;
      manifest_insides.push_back({.address = Address::parse(kInside + name).value()});
    }
    manifest = a_manifest(std::move(declarations));
    manifest.insides = manifest_insides;
  }

  InsideViews look(Databases& databases, const LookOptions& options = {},
                   Wake wake = Wake::kAuto) const {
    Observations observations;
    for (const Observed& each : observed) observations.add(each);
    return look_into_databases(
        manifest, questions_about(manifest, {}, observations, lakebase_catalogue(), wake),
        databases, options);
  }

  Observed& add(const Kind& kind, const std::string& name) {
    observed.push_back({.kind = &kind, .name = name});
    return observed.back();
  }

  std::list<Observed> observed;
  std::vector<Inside> manifest_insides;
  Manifest manifest;
};

Address inside_of(const std::string& database) {
  return Address::parse(kInside + database).value();
}

LookOptions one_at_a_time() {
  return {.parallelism = 1};
}

TEST(InsideObserver, TakesOneSnapshotOfEachDatabase) {
  FakeDatabases databases;
  const InsideViews views = Estate({"orders", "stock"}).look(databases, one_at_a_time());
  EXPECT_EQ(databases.looked_into,
            (std::vector<DatabasePlace>{{kDevBranch, "orders"}, {kDevBranch, "stock"}}));
  ASSERT_EQ(views.size(), 2U);
  EXPECT_EQ(views.at(inside_of("orders")).place, kPlace);
  EXPECT_TRUE(views.at(inside_of("orders")).catalogue);
  EXPECT_EQ(views.at(inside_of("stock")).withheld, "");
}

TEST(InsideObserver, LooksAgainWhereAPlanHasSeenItsStatements) {
  const Address exact = inside_of("orders").singleton("sql");
  Plan plan;
  plan.steps.push_back({.action = Action::kUpdate, .address = inside_of("orders")});
  plan.steps.push_back(
      {.action = Action::kExecute, .address = exact, .script = Script{.place = kPlace}});
  plan.steps.push_back(
      {.action = Action::kExecute,
       .address = inside_of("stock").singleton("sql"),
       .script = Script{.place = {kDevBranch, "stock"}, .predicted_from = "an empty database"}});
  FakeDatabases databases;
  const InsideViews views =
      look_into_databases({}, questions_about_scripts(plan), databases, one_at_a_time());
  EXPECT_EQ(databases.looked_into, std::vector<DatabasePlace>{kPlace});
  ASSERT_EQ(views.size(), 1U);
  EXPECT_TRUE(views.at(exact).catalogue);
}

TEST(InsideObserver, WithholdsWhatFails) {
  FakeDatabases databases;
  databases.on_snapshot = [](const DatabasePlace& place) {
    if (place.database == "stock") throw SqlError("nobody answers", {.is_unreachable = true});
  };
  const InsideViews views = Estate({"orders", "stock"}).look(databases, one_at_a_time());
  EXPECT_EQ(views.at(inside_of("stock")).withheld, "nobody answers");
  EXPECT_FALSE(views.at(inside_of("stock")).catalogue);
  EXPECT_TRUE(views.at(inside_of("orders")).catalogue);
}

TEST(InsideObserver, FailsNotWhereWhatItWouldSeeCanBeDoneWithout) {
  FakeDatabases databases;
  databases.on_snapshot = [](const DatabasePlace&) {
    throw SqlError("nobody answers", {.is_unreachable = true});
  };
  const Address address = inside_of("stock");
  const InsideViews views = look_into_databases(
      {}, {{.inside = address, .place = kPlace, .may_fail = true}}, databases, one_at_a_time());
  EXPECT_FALSE(views.at(address).has_failed);
  EXPECT_EQ(views.at(address).withheld, "nobody answers");
}

TEST(InsideObserver, TellsWhatItMayNotSeeFromWhatNobodyReaches) {
  FakeDatabases databases;
  databases.on_snapshot = [](const DatabasePlace& place) {
    if (place.database == "stock") throw SqlError("permission denied", {.sqlstate = "42501"});
    throw SqlError("nobody answers", {.is_unreachable = true});
  };
  const InsideViews views = Estate({"orders", "stock"}).look(databases, one_at_a_time());
  EXPECT_TRUE(views.at(inside_of("stock")).has_failed);
  EXPECT_TRUE(views.at(inside_of("stock")).is_forbidden);
  EXPECT_FALSE(views.at(inside_of("orders")).is_forbidden);
}

TEST(InsideObserver, WithholdsWhatItDoesNotUnderstand) {
  FakeDatabases databases;
  databases.seen = "{}";
  const InsideViews views = Estate({"orders"}).look(databases, one_at_a_time());
  EXPECT_NE(views.at(inside_of("orders")).withheld, "");
  EXPECT_FALSE(views.at(inside_of("orders")).catalogue);
}

TEST(InsideObserver, TellsWhyItCouldNotTryAPassword) {
  Estate estate({"orders"});
  estate.manifest.insides[0].passwords = {{.role = "ana", .variable = "login"}};
  estate.manifest.secrets["login"] = {.type = "env", .name = "LOGIN"};
  class Unreachable : public FakeDatabases {
   public:
    bool can_log_in(const DatabasePlace& /*place*/, const std::string& /*role*/,
                    const Secret& /*password*/) override {
      throw SqlError("too many connections", {});
    }
  } unreachable;
  LookOptions options = one_at_a_time();
  options.password_of = [](const SecretSource&) { return Secret("x"); };
  const InsideView view = estate.look(unreachable, options).at(inside_of("orders"));
  EXPECT_EQ(view.withheld, "");
  EXPECT_TRUE(view.locked_out.empty());
  EXPECT_EQ(view.untried, (std::map<std::string, std::string>{{"ana", "too many connections"}}));
}

TEST(InsideObserver, DoesNotTakeAnExpiredPasswordForAWrongOne) {
  Estate estate({"orders"});
  estate.manifest.insides[0].passwords = {{.role = "ana", .variable = "login"}};
  estate.manifest.secrets["login"] = {.type = "env", .name = "LOGIN"};
  FakeDatabases databases;
  databases.may_log_in = false;
  LookOptions options = one_at_a_time();
  options.password_of = [](const SecretSource&) { return Secret("x"); };
  EXPECT_EQ(estate.look(databases, options).at(inside_of("orders")).locked_out,
            std::set<std::string>{"ana"});
  Document expired = *parse_document(databases.seen);
  expired["roles"][1].back() = true;
  databases.seen = to_text(expired);
  const InsideView view = estate.look(databases, options).at(inside_of("orders"));
  EXPECT_TRUE(view.locked_out.empty());
  EXPECT_EQ(view.untried.count("ana"), 1U);
}

TEST(InsideObserver, DoesNotWakeASleepingEndpointUnlessItMay) {
  Estate estate({"orders"});
  for (Observed& each : estate.observed) {
    if (each.kind == &kEndpoint) each.facts["current_state"] = "IDLE";
  }
  FakeDatabases databases;
  const InsideViews views = estate.look(databases, one_at_a_time(), Wake::kNever);
  EXPECT_EQ(views.at(inside_of("orders")).withheld, "its endpoint is asleep");
  EXPECT_TRUE(databases.looked_into.empty());
  EXPECT_TRUE(
      estate.look(databases, one_at_a_time(), Wake::kAlways).at(inside_of("orders")).catalogue);
}

TEST(InsideObserver, PassesOnWhatEndsTheLooking) {
  FakeDatabases databases;
  LookOptions options = one_at_a_time();
  options.meanwhile = [] { throw Error("interrupted"); };
  EXPECT_THROW(Estate({"orders"}).look(databases, options), Error);
}

// ---- passwords ----------------------------------------------------------------------------------

Estate with_password(const std::string& role = "ana") {
  Estate estate({"orders"});
  estate.manifest.insides[0].passwords = {{.role = role, .variable = "login"}};
  estate.manifest.secrets["login"] = {.type = "env", .name = "LOGIN"};
  return estate;
}

LookOptions with_secret(const std::optional<Secret>& secret) {
  LookOptions options = one_at_a_time();
  options.password_of = [secret](const SecretSource& source) {
    EXPECT_EQ(source.name, "LOGIN");
    return secret;
  };
  return options;
}

TEST(InsideObserver, TriesPasswordsThatAreGiven) {
  FakeDatabases databases;
  const auto views = with_password().look(databases, with_secret(Secret("pencil")));
  EXPECT_EQ(databases.logins, std::vector<std::string>{"ana pencil"});
  EXPECT_TRUE(views.at(inside_of("orders")).locked_out.empty());
}

TEST(InsideObserver, NotesWhoCannotLogIn) {
  FakeDatabases databases;
  databases.may_log_in = false;
  const auto views = with_password().look(databases, with_secret(Secret("pencil")));
  EXPECT_EQ(views.at(inside_of("orders")).locked_out, std::set<std::string>{"ana"});
}

TEST(InsideObserver, TriesNoPasswordThatIsNotGiven) {
  FakeDatabases databases;
  with_password().look(databases, with_secret(std::nullopt));
  EXPECT_TRUE(databases.logins.empty());
}

TEST(InsideObserver, TriesNoPasswordOfARoleThatIsNotThere) {
  FakeDatabases databases;
  with_password("ghost").look(databases, with_secret(Secret("pencil")));
  EXPECT_TRUE(databases.logins.empty());
}

}  // namespace
}  // namespace weir::test
