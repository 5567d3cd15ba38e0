// What must hold in every database, tried in random ones. A failure names its seed.
#include <algorithm>
#include <cstdlib>

#include <gtest/gtest.h>

#include "tests/sql/random_world.h"

namespace weir::test {
namespace {

using namespace weir::sql;

class RandomDatabases : public testing::Test {
 protected:
  static void SetUpTestSuite() { database_ = SqlServer::get().new_database(); }
  static inline std::string database_;
};

/// Grantees that gave privileges to each other, or are members of the owner, keep what they gave.
bool has_circles(const Difference& difference) {
  return std::any_of(difference.findings.begin(), difference.findings.end(),
                     [](const Finding& finding) { return finding.kind == FindingKind::kCircular; });
}

TEST_F(RandomDatabases, BecomeWhatIsWantedAndNothingElseChanges) {
  int with_circles = 0;
  for_each_seed(200, [&](std::mt19937& random) {
    Session session(database_);
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
    Session session(database_);
    make_world(session, random);
    const Judgement read = judgement_of(session.snapshot());
    const Judgement said = judge(session);
    ASSERT_EQ(differences(said, read), "");
    ASSERT_EQ(read.owners, said.owners);
  });
}

TEST_F(RandomDatabases, GetTheSameStatementsForWishesInAnyOrder) {
  for_each_seed(20, [](std::mt19937& random) {
    Session session(database_);
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
    Session session(database_);
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

}  // namespace
}  // namespace weir::test
