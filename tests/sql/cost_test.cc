// What large databases cost. WEIR_TABLES=10000 prints the times of a long run.
#include <chrono>
#include <cstdio>
#include <cstdlib>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "sql/read_catalogue.h"
#include "tests/sql/server.h"
#include "tests/sql/wished.h"

namespace weir::test {
namespace {

using namespace weir::sql;
using Clock = std::chrono::steady_clock;

constexpr int kSchemas = 10;
constexpr int kRoles = 40;

int tables_wanted() {
  const char* wanted = std::getenv("WEIR_TABLES");
  return wanted == nullptr ? 500 : std::stoi(wanted);
}

void make_tables(Session& session, int tables) {
  session.execute(fmt::format(
      "DO $$BEGIN FOR r IN 1..{} LOOP EXECUTE format('CREATE ROLE r%s', r); END LOOP;"
      "FOR s IN 1..{} LOOP EXECUTE format('CREATE SCHEMA s%s', s);"
      "FOR t IN 1..{} LOOP EXECUTE format('CREATE TABLE s%s.t%s(id serial)', s, t); END LOOP;"
      "END LOOP; END$$",
      kRoles, kSchemas, tables / kSchemas));
}

Wishes access_to_everything() {
  Wishes wishes;
  for (int schema = 1; schema <= kSchemas; ++schema) {
    for (int role = 1; role <= kRoles; ++role) {
      wishes.access.push_back(wished(
          fmt::format("r{}", role), all_in_schema(ObjectClass::kTable, fmt::format("s{}", schema)),
          {Privilege::kSelect, Privilege::kInsert, Privilege::kUpdate, Privilege::kDelete}));
    }
  }
  return wishes;
}

double milliseconds_since(Clock::time_point start) {
  return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

void print(const std::string& what, double milliseconds) {
  if (std::getenv("WEIR_TABLES") != nullptr) fmt::print("{}: {:.1f} ms\n", what, milliseconds);
}

TEST(Cost, OfTablesThatAreAlikeIsTheirNames) {
  Session session(SqlServer::get().new_database());
  make_tables(session, tables_wanted());
  const Wishes wishes = access_to_everything();
  auto start = Clock::now();
  const Difference first = session.apply(wishes);
  print("first apply", milliseconds_since(start));
  EXPECT_EQ(first.statements.size(), static_cast<std::size_t>(kSchemas));

  start = Clock::now();
  const std::string text = session.snapshot_text();
  print(fmt::format("snapshot of {} bytes", text.size()), milliseconds_since(start));
  start = Clock::now();
  const ReadCatalogue read = read_catalogue(text);
  print("read", milliseconds_since(start));
  ASSERT_TRUE(read.catalogue);
  std::size_t groups = 0;
  for (const ObjectGroup& group : read.catalogue->groups) {
    if (group.object_class == ObjectClass::kTable) ++groups;
  }
  EXPECT_EQ(groups, static_cast<std::size_t>(kSchemas))
      << "one for each schema, however many tables";
  // The privileges of 40 roles stand once in a schema; a table with its sequence adds its names.
  EXPECT_LT(text.size(), 60'000U + static_cast<std::size_t>(tables_wanted()) * 100U);

  start = Clock::now();
  const Difference second = difference(*read.catalogue, wishes);
  print("difference", milliseconds_since(start));
  EXPECT_TRUE(second.statements.empty());
}

/// The worst case: no two tables alike, so that nothing can be grouped.
TEST(Cost, OfTablesThatAllDifferGrowsWithTheirNumber) {
  Catalogue catalogue;
  catalogue.version = {150000};
  catalogue.current_user = 1;
  catalogue.roles.push_back({.id = 1, .name = "owner", .is_superuser = true});
  for (RoleId role = 2; role < 2 + kRoles; ++role) {
    catalogue.roles.push_back({.id = role, .name = fmt::format("r{}", role - 1)});
  }
  for (int schema = 1; schema <= kSchemas; ++schema) {
    const std::string name = fmt::format("s{}", schema);
    catalogue.groups.push_back({.object_class = ObjectClass::kSchema, .owner = 1, .names = {name}});
    for (int table = 0; table < tables_wanted() / kSchemas; ++table) {
      ObjectGroup group = {.schema = name, .owner = 1, .names = {fmt::format("t{}", table)}};
      for (RoleId role = 2; role < 2 + kRoles; ++role) {
        const bool has_all = (static_cast<unsigned>(table) >> (role % 12) & 1U) != 0;
        group.acl.push_back({1, role, {Privilege::kSelect}, {}});
        if (has_all) group.acl.back().privileges.add(Privilege::kInsert);
      }
      catalogue.groups.push_back(std::move(group));
    }
  }
  const auto start = Clock::now();
  const Difference found = difference(catalogue, access_to_everything());
  print(fmt::format("difference of {} tables that all differ, {} statements", tables_wanted(),
                    found.statements.size()),
        milliseconds_since(start));
  EXPECT_FALSE(found.statements.empty());
}

}  // namespace
}  // namespace weir::test
