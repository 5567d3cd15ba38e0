// What export writes of a database says that database: it plans to nothing there, and brings back
// what somebody takes away.
#include <algorithm>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "manifest/export.h"
#include "manifest/rules.h"
#include "planner/inside_view.h"
#include "sql/acl_effect.h"
#include "sql/quote.h"
#include "tests/manifest/load_text.h"
#include "tests/sql/judgement.h"
#include "tests/sql/random_world.h"

namespace weir::test {
namespace {

using namespace weir::sql;
using sql::Catalogue;
using sql::Finding;

const std::string kBranchName = "projects/shop/branches/production";

/// A branch with all roles of the database, none of whom the service has for itself.
Observations branch_of(const Catalogue& catalogue) {
  Observations seen;
  seen.add({.kind = &kProject, .name = "projects/shop"});
  seen.add({.kind = &kBranch, .name = kBranchName});
  int number = 0;
  for (const Role& role : catalogue.roles) {
    if (role.name.starts_with("pg_")) continue;
    seen.add({.kind = &kRole,
              .name = fmt::format("{}/roles/r{}", kBranchName, ++number),
              .postgres_name = role.name,
              .fields = {{"postgres_role", role.name}, {"identity", "user"}}});
  }
  seen.add({.kind = &kDatabase,
            .name = kBranchName + "/databases/d",
            .postgres_name = catalogue.database,
            .fields = {{"postgres_database", catalogue.database},
                       {"owner", catalogue.name_of(catalogue.database_owner())}}});
  return seen;
}

Exported exported(const Catalogue& catalogue) {
  return export_manifest(branch_of(catalogue), lakebase_catalogue(), "shop",
                         {{{.branch = kBranchName, .database = catalogue.database}, catalogue}});
}

/// All that the manifest wishes for inside; what cannot be read fails the test.
sql::Wishes wishes_in(const std::string& yaml) {
  Loaded loaded = load_texts({{"weir.yaml", yaml}});
  EXPECT_FALSE(loaded.diagnostics.has_errors()) << loaded.said() << yaml;
  check_rules(loaded.manifest, Limits(), loaded.diagnostics);
  // Rules about roles may well complain of these names.
  for (const Diagnostic& one : loaded.diagnostics.sorted()) {
    EXPECT_FALSE(one.rule.starts_with("L14") && one.severity == Severity::kError) << one.message;
  }
  sql::Wishes all;
  for (const Inside& inside : loaded.manifest.insides) {
    sql::Wishes named = named_wishes(inside, loaded.manifest);
    const auto take = [](auto& to, auto& from) { to.insert(to.end(), from.begin(), from.end()); };
    take(all.memberships, named.memberships);
    take(all.schemas, named.schemas);
    take(all.settings, named.settings);
    take(all.access, named.access);
    take(all.defaults, named.defaults);
    take(all.future, named.future);
  }
  return all;
}

bool has_errors(const Difference& difference) {
  return std::ranges::any_of(difference.findings, &Finding::is_error);
}

/// Some have names that the language cannot write.
bool lacks_objects(const Exported& manifest) {
  return std::ranges::any_of(manifest.left_out, [](const std::string& reason) {
    return reason.find("manifests cannot name") != std::string::npos;
  });
}

/// What later objects give to whom, but for their makers.
std::map<std::string, Share> later_shares(const Catalogue& catalogue) {
  std::map<std::string, Share> all;
  for (const DefaultAcl& entry : catalogue.default_acls) {
    for (const auto& [role, share] : shares_of(entry.acl, entry.creator)) {
      if (role == entry.creator || role == kPublic) continue;
      all[fmt::format("{} {} {} {}", entry.creator, entry.schema.value_or(""),
                      noun(entry.object_class), role)] = share;
    }
  }
  return all;
}

/// What roles have on what others own, by their own names.
void take_everything_away(Session& session, const RandomWorld& world, const Catalogue& catalogue) {
  for (const std::string& schema : world.schemas) {
    for (const std::string& role : world.roles) {
      for (const char* kind : {"TABLES", "SEQUENCES", "ROUTINES"}) {
        session.execute(fmt::format("REVOKE ALL ON ALL {} IN SCHEMA {} FROM {} CASCADE", kind,
                                    quoted_name(schema), quoted_name(role)));
      }
      session.execute(fmt::format("REVOKE ALL ON SCHEMA {} FROM {} CASCADE", quoted_name(schema),
                                  quoted_name(role)));
    }
  }
  for (const DefaultAcl& entry : catalogue.default_acls) {
    for (const auto& [role, share] : shares_of(entry.acl, entry.creator)) {
      if (role == entry.creator || role == kPublic) continue;
      session.execute(fmt::format(
          "ALTER DEFAULT PRIVILEGES FOR ROLE {}{} REVOKE ALL ON {} FROM {}",
          quoted_name(catalogue.name_of(entry.creator)),
          entry.schema ? " IN SCHEMA " + quoted_name(*entry.schema) : "",
          entry.object_class == ObjectClass::kRoutine ? "ROUTINES" : plural(entry.object_class),
          quoted_name(catalogue.name_of(role))));
    }
  }
}

/// Without what owners have: nobody says that, and it went with the rest.
Judgement without_owners(Judgement judged) {
  std::erase_if(judged.access, [&](const auto& entry) {
    const auto& [subject, given] = entry;
    auto object = subject.first;
    if (std::get<0>(object) == "column") {
      object = {"table", std::get<1>(object), "", std::get<2>(object)};
    }
    const auto owner = judged.owners.find(object);
    return owner != judged.owners.end() && owner->second == subject.second;
  });
  return judged;
}

class ExportedDatabases : public testing::Test {
 protected:
  static const std::string& database() {
    static const std::string name = SqlServer::get().new_database();
    return name;
  }
};

TEST_F(ExportedDatabases, PlanToNothing) {
  for_each_seed(60, [](std::mt19937& random) {
    Session session(database());
    make_world(session, random);
    const Exported manifest = exported(session.snapshot());
    const Difference difference = session.compare(wishes_in(manifest.yaml));
    ASSERT_TRUE(difference.statements.empty()) << manifest.yaml << story_of(difference);
    ASSERT_FALSE(has_errors(difference)) << manifest.yaml << story_of(difference);
  });
}

TEST_F(ExportedDatabases, PlanToNothingForWhoIsNoSuperuserAsWell) {
  for_each_seed(30, [](std::mt19937& random) {
    Session session(database());
    session.execute("CREATE ROLE deployer CREATEROLE");
    make_world(session, random, "deployer");
    session.execute("SET LOCAL ROLE deployer");
    const Exported manifest = exported(session.snapshot());
    const Difference difference = session.compare(wishes_in(manifest.yaml));
    ASSERT_TRUE(difference.statements.empty()) << manifest.yaml << story_of(difference);
    ASSERT_FALSE(has_errors(difference)) << manifest.yaml << story_of(difference);
  });
}

TEST_F(ExportedDatabases, AreBackAfterEverythingWasTakenAway) {
  int tried = 0;
  for_each_seed(40, [&](std::mt19937& random) {
    Session session(database());
    const RandomWorld world = make_world(session, random);
    const Catalogue catalogue = session.snapshot();
    const Exported manifest = exported(catalogue);
    const Judgement before = without_owners(judge(session));
    take_everything_away(session, world, catalogue);
    const Difference difference = session.apply(wishes_in(manifest.yaml));
    if (has_errors(difference) || lacks_objects(manifest)) return;
    ++tried;
    const Judgement after = without_owners(judge(session));
    ASSERT_EQ(differences(before, after), "") << manifest.yaml << story_of(difference);
    ASSERT_EQ(later_shares(catalogue), later_shares(session.snapshot())) << manifest.yaml;
  });
  if (std::getenv("WEIR_WORLDS") == nullptr) {
    EXPECT_GT(tried, 20);
  }
}

/// Whether there are several tables in its schema, and all but the role's own give what it has.
bool has_all_such(const Catalogue& catalogue, const std::string& schema, RoleId role,
                  const PrivilegeSet& privileges) {
  std::size_t count = 0;
  for (const ObjectGroup& group : catalogue.groups) {
    const bool is_meant = group.object_class == ObjectClass::kTable && group.schema == schema &&
                          group.owner != role && !group.is_of_extension;
    if (!is_meant) continue;
    count += group.names.size();
    const Share share = share_of(shares_of(group.acl, group.owner), role);
    if (!share.privileges.contains(privileges)) return false;
  }
  return count > 1;
}

TEST_F(ExportedDatabases, OpenNewTablesOnlyToWhomAllOthersAreOpen) {
  for_each_seed(40, [](std::mt19937& random) {
    Session session(database());
    const RandomWorld world = make_world(session, random);
    const Catalogue before = session.snapshot();
    const Exported manifest = exported(before);
    for (const std::string& schema : world.schemas) {
      session.execute(fmt::format("CREATE TABLE {}.made_later ()", quoted_name(schema)));
    }
    const Catalogue made = session.snapshot();
    const Difference difference = session.apply(wishes_in(manifest.yaml));
    ASSERT_FALSE(has_errors(difference)) << manifest.yaml << story_of(difference);
    const Catalogue after = session.snapshot();
    for (const std::string& schema : world.schemas) {
      const ObjectGroup& was = *made.group_of(ObjectClass::kTable, schema, "", "made_later");
      const ObjectGroup& is = *after.group_of(ObjectClass::kTable, schema, "", "made_later");
      const Shares given = shares_of(was.acl, was.owner);
      for (const auto& [role, share] : shares_of(is.acl, is.owner)) {
        const PrivilegeSet more = share.privileges - share_of(given, role).privileges;
        if (more.is_empty()) continue;
        ASSERT_TRUE(has_all_such(before, schema, role, more))
            << schema << " " << after.name_of(role) << "\n"
            << manifest.yaml << story_of(difference);
      }
    }
  });
}

/// Applies a manifest's inside to a database with two schemas and says what export makes of it.
std::string round_trip(Session& session, const std::string& words) {
  const std::string head =
      "version: weir/v1\nname: shop\nprojects:\n  shop:\n    branches:\n      production:\n"
      "        roles:\n          migrator: { user: migrator }\n          web: { user: web }\n"
      "          ana: { user: ana }\n";
  const std::string all = head + fmt::format("        databases:\n          {}:\n{}",
                                             session.value("SELECT current_database()"), words);
  session.apply(wishes_in(all));
  const std::string yaml = exported(session.snapshot()).yaml;
  const std::size_t schemas = yaml.find("            schemas:");
  return schemas == std::string::npos ? yaml : yaml.substr(schemas);
}

/// Whose the schema public is depends on the version.
void make_two_schemas(Session& session) {
  session.execute(
      "DROP SCHEMA public; CREATE ROLE migrator; CREATE ROLE web LOGIN; CREATE ROLE ana LOGIN;"
      "CREATE SCHEMA app AUTHORIZATION migrator; CREATE SCHEMA crm AUTHORIZATION migrator;"
      "CREATE TABLE app.a (id serial); CREATE TABLE app.b (id int); CREATE TABLE crm.c (id int);"
      "ALTER TABLE app.a OWNER TO migrator; ALTER TABLE app.b OWNER TO migrator;"
      "ALTER TABLE crm.c OWNER TO migrator");
}

TEST_F(ExportedDatabases, HaveTheProfilesBackThatWereApplied) {
  Session session(database());
  make_two_schemas(session);
  EXPECT_EQ(round_trip(session, R"(            schemas:
              app: { owner: migrator, access: { web: [readwrite, create], ana: readonly } }
              crm: { owner: migrator, access: { web: builder, ana: [loader, create] } }
)"),
            R"(            schemas:
              app:
                owner: migrator
                access:
                  ana: readonly
                  web: [readwrite, create]
              crm:
                owner: migrator
                access:
                  ana: [loader, create]
                  web: builder
)");
}

TEST_F(ExportedDatabases, KeepNamesThatLookLikeExpressions) {
  Session session(database());
  session.execute(
      R"(CREATE ROLE "${web}"; CREATE SCHEMA "${var.x}"; CREATE TABLE "${var.x}"."$${a}" ("${b}" int);)"
      R"(GRANT SELECT ("${b}") ON "${var.x}"."$${a}" TO "${web}";)"
      R"(GRANT INSERT ON "${var.x}"."$${a}" TO "${web}"; GRANT USAGE ON SCHEMA "${var.x}" TO "${web}")");
  const Exported manifest = exported(session.snapshot());
  const sql::Wishes wishes = wishes_in(manifest.yaml);
  EXPECT_EQ(wishes.access.size(), 3U) << manifest.yaml;
  const Difference difference = session.compare(wishes);
  EXPECT_TRUE(difference.statements.empty() && !has_errors(difference)) << story_of(difference);
}

}  // namespace
}  // namespace weir::test
