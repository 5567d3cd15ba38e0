// What must hold in every database, tried in random ones. A failure names its seed.
#include <algorithm>
#include <cstdlib>

#include <gtest/gtest.h>

#include "sql/quote.h"
#include "tests/sql/judgement.h"
#include "tests/sql/random_world.h"

namespace weir::test {
namespace {

using namespace weir::sql;

class RandomDatabases : public testing::Test {
 protected:
  /// One for all tests: their transactions leave nothing.
  static const std::string& database() {
    static const std::string name = SqlServer::get().new_database();
    return name;
  }
};

/// Grantees that gave privileges to each other, or are members of the owner, keep what they gave.
bool has_circles(const Difference& difference) {
  return std::any_of(difference.findings.begin(), difference.findings.end(),
                     [](const Finding& finding) { return finding.kind == FindingKind::kCircular; });
}

/// What is wanted for a role on a table works for it, says PostgreSQL.
void expect_postgres_agrees(Session& session, const Wishes& wishes) {
  for (const AccessWish& wish : wishes.access) {
    const bool is_table = wish.target.object_class == ObjectClass::kTable && !wish.target.is_all();
    if (!is_table || wish.grantee.is_public) continue;
    for (const Privilege privilege : wish.privileges.list()) {
      const std::string option = wish.is_grantable ? " WITH GRANT OPTION" : "";
      ASSERT_EQ(
          session.value("SELECT has_table_privilege(" + quoted_literal(wish.grantee.role) + ", " +
                        quoted_literal(quoted_name(wish.target.schema, wish.target.name)) + ", '" +
                        std::string(keyword(privilege)) + option + "')"),
          "t");
    }
  }
}

TEST_F(RandomDatabases, BecomeWhatIsWantedAndNothingElseChanges) {
  int with_circles = 0;
  for_each_seed(200, [&](std::mt19937& random) {
    Session session(database());
    const RandomWorld world = make_world(session, random);
    const Wishes wishes = random_access(world, random);
    const Judgement before = judge(session);
    const Difference first = session.apply(wishes);
    const Difference second = session.compare(wishes);
    ASSERT_TRUE(second.statements.empty()) << story_of(first) << "and then\n" << story_of(second);
    if (has_circles(first)) {
      ++with_circles;
      return;
    }
    ASSERT_EQ(differences(expected(before, wishes), judge(session)), "") << story_of(first);
    expect_postgres_agrees(session, wishes);
  });
  if (std::getenv("WEIR_WORLDS") == nullptr) {
    EXPECT_LT(with_circles, 40) << "the property hardly tries anything";
  }
}

/// The reader's groups, taken apart again into what PostgreSQL says itself.
Judgement judgement_of(const Catalogue& catalogue) {
  Judgement result;
  for (const ObjectGroup& group : catalogue.groups) {
    for (const std::string& name : group.names) {
      const ObjectKey key = {std::string(noun(group.object_class)), group.schema, group.table,
                             name};
      result.owners[key] = catalogue.name_of(group.owner);
      for (const AclEntry& entry : group.acl) {
        const std::string grantee =
            entry.grantee == kPublic ? "" : catalogue.name_of(entry.grantee);
        Judged& judged = result.access[{key, grantee}];
        for (const Privilege privilege : entry.privileges.list()) {
          judged.privileges.emplace(keyword(privilege));
          const bool gives_on = entry.grantable.has(privilege) && entry.grantee != group.owner;
          if (gives_on) judged.grantable.emplace(keyword(privilege));
        }
      }
    }
  }
  return result;
}

TEST_F(RandomDatabases, AreReadAsPostgresExplodesThem) {
  for_each_seed(40, [](std::mt19937& random) {
    Session session(database());
    make_world(session, random);
    const Judgement read = judgement_of(session.snapshot());
    const Judgement said = judge(session);
    ASSERT_EQ(differences(said, read), "");
    ASSERT_EQ(read.owners, said.owners);
  });
}

TEST_F(RandomDatabases, GetTheSameStatementsForWishesInAnyOrder) {
  for_each_seed(20, [](std::mt19937& random) {
    Session session(database());
    const RandomWorld world = make_world(session, random);
    Wishes wishes = random_access(world, random);
    const Difference first = session.compare(wishes);
    std::shuffle(wishes.access.begin(), wishes.access.end(), random);
    std::shuffle(wishes.exclusive.begin(), wishes.exclusive.end(), random);
    const Difference second = session.compare(wishes);
    ASSERT_EQ(first.statements, second.statements);
    ASSERT_EQ(first.findings, second.findings);
  });
}

TEST_F(RandomDatabases, GetBackExactlyWhatSomebodyChangedBehindTheirBack) {
  for_each_seed(100, [](std::mt19937& random) {
    Session session(database());
    const RandomWorld world = make_world(session, random);
    const Wishes wishes = random_access(world, random);
    if (has_circles(session.apply(wishes))) return;
    const Judgement settled = judge(session);
    const std::string meddling = random_meddling(session, world, random);
    const Judgement changed = judge(session);
    const Difference repair = session.apply(wishes);
    const Judgement repaired = judge(session);
    // What nobody named stays as it was made; all else is as before, and nothing else was touched.
    ASSERT_EQ(differences(expected(changed, wishes), repaired), "") << meddling;
    ASSERT_EQ(repair.statements.empty(), differences(expected(settled, wishes), changed) == "" ||
                                             differences(changed, repaired) == "")
        << meddling << story_of(repair);
    ASSERT_LE(repair.statements.size(), 3U) << meddling << "\n" << story_of(repair);
  });
}

/// A deployer that may make itself a member of everybody, as before PostgreSQL 16, gets as far as
/// a superuser does.
TEST_F(RandomDatabases, BecomeWhatIsWantedForWhoIsNoSuperuserAsWell) {
  int with_findings = 0;
  for_each_seed(60, [&](std::mt19937& random) {
    Session session(database());
    session.execute("CREATE ROLE deployer CREATEROLE");
    const RandomWorld world = make_world(session, random, "deployer");
    const Wishes wishes = random_access(world, random);
    const Judgement before = judge(session);
    session.execute("SET LOCAL ROLE deployer");
    const Difference first = session.apply(wishes);
    const Difference second = session.compare(wishes);
    // What needs an owner that may not name its own object is said, and is not so afterwards.
    if (std::any_of(first.findings.begin(), first.findings.end(),
                    [](const Finding& finding) { return finding.is_error(); })) {
      ++with_findings;
      return;
    }
    ASSERT_TRUE(second.statements.empty()) << story_of(first) << "and then\n" << story_of(second);
    ASSERT_EQ(session.column("SELECT roleid FROM pg_auth_members WHERE member = "
                             "'deployer'::regrole"),
              std::vector<std::string>());
    ASSERT_EQ(differences(expected(before, wishes), judge(session)), "") << story_of(first);
  });
  if (std::getenv("WEIR_WORLDS") == nullptr) {
    EXPECT_LT(with_findings, 30) << "the property hardly tries anything";
  }
}

Wishes random_defaults(const RandomWorld& world, std::mt19937& random) {
  Wishes wishes;
  for (int count = 0; count < 8; ++count) {
    const bool is_public = is_likely(random, 20);
    DefaultWish wish = {
        .creator = one_of(random, world.roles),
        .object_class =
            one_of(random, std::vector<ObjectClass>{ObjectClass::kTable, ObjectClass::kType,
                                                    ObjectClass::kRoutine}),
        .grantee = {.role = is_public ? "" : one_of(random, world.roles), .is_public = is_public}};
    if (is_likely(random, 60)) wish.schema = one_of(random, world.schemas);
    for (const Privilege privilege : privileges_of(wish.object_class, {150000}).list()) {
      if (is_likely(random, 50)) wish.privileges.add(privilege);
    }
    wish.is_grantable = !is_public && is_likely(random, 30);
    wishes.defaults.push_back(std::move(wish));
  }
  return wishes;
}

TEST_F(RandomDatabases, GetTheDefaultPrivilegesThatAreWanted) {
  for_each_seed(60, [](std::mt19937& random) {
    Session session(database());
    const RandomWorld world = make_world(session, random);
    const Wishes wishes = random_defaults(world, random);
    const Difference first = session.apply(wishes);
    const Difference second = session.compare(wishes);
    ASSERT_TRUE(second.statements.empty()) << story_of(first) << "and then\n" << story_of(second);
    for (const DefaultWish& wish : wishes.defaults) {
      if (wish.object_class != ObjectClass::kTable || wish.grantee.is_public || !wish.schema)
        continue;
      if (wish.grantee.role == wish.creator) continue;
      // Whatever that creator makes now works for the grantee.
      session.execute("GRANT CREATE, USAGE ON SCHEMA " + quoted_name(*wish.schema) + " TO " +
                      quoted_name(wish.creator) + "; SET LOCAL ROLE " + quoted_name(wish.creator) +
                      "; CREATE TABLE " + quoted_name(*wish.schema, "later") + "(); RESET ROLE");
      for (const Privilege privilege : wish.privileges.list()) {
        ASSERT_EQ(session.value("SELECT has_table_privilege(" + quoted_literal(wish.grantee.role) +
                                ", " + quoted_literal(quoted_name(*wish.schema, "later")) + ", '" +
                                std::string(keyword(privilege)) + "')"),
                  "t");
      }
      session.execute("DROP TABLE " + quoted_name(*wish.schema, "later"));
    }
  });
}

Wishes random_owners(const RandomWorld& world, std::mt19937& random) {
  Wishes wishes;
  for (const Target& target : world.objects) {
    if (target.object_class == ObjectClass::kColumn || !is_likely(random, 30)) continue;
    wishes.owners.push_back({.target = target, .owner = one_of(random, world.roles)});
  }
  return wishes;
}

TEST_F(RandomDatabases, GetNewOwnersAndPrivilegesInOneGo) {
  for_each_seed(60, [](std::mt19937& random) {
    Session session(database());
    const RandomWorld world = make_world(session, random);
    Wishes wishes = random_access(world, random);
    wishes.owners = random_owners(world, random).owners;
    const Difference first = session.apply(wishes);
    const Difference second = session.compare(wishes);
    ASSERT_TRUE(second.statements.empty()) << story_of(first) << "and then\n" << story_of(second);
    const Judgement after = judge(session);
    for (const OwnerWish& wish : wishes.owners) {
      ASSERT_EQ(after.owners.at(key_of(wish.target)), wish.owner);
    }
  });
}

}  // namespace
}  // namespace weir::test
