#include "tests/sql/random_world.h"

#include <cstdlib>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "sql/quote.h"

namespace weir::test {
namespace {

using namespace weir::sql;
using enum ObjectClass;

/// Whatever a name may be in PostgreSQL: of objects that exist control characters as well.
std::string random_name(std::mt19937& random, int number) {
  static const std::vector<std::string> patterns = {"plain{}",      "ana{}@example.com",
                                                    "a\"b{}",       "\"{}",
                                                    "it's {}",      "select{}",
                                                    "Upper{}",      "ünïcode{} 😀",
                                                    "dot.ted{}",    "back\\slash{}",
                                                    "a=arw/b{}",    "{}) to public; --",
                                                    "PUBLIC{}",     "$1{}",
                                                    "f(integer){}", "%s{}",
                                                    "{}, x",        " {} "};
  std::string pattern = one_of(random, patterns);
  pattern.replace(pattern.find("{}"), 2, std::to_string(number));
  if (is_likely(random, 10)) pattern.resize(kLongestName, '_');
  while (!problem_with_name(pattern).empty()) pattern.pop_back();
  return pattern;
}

class Maker {
 public:
  Maker(Session& session, std::mt19937& random, std::string owner)
      : session_(session), random_(random), owner_(std::move(owner)) {}

  RandomWorld make() {
    make_roles();
    const int schemas = 1 + static_cast<int>(random_() % 3);
    for (int count = 0; count < schemas; ++count) make_schema();
    if (is_likely(random_, 30)) make_large_object();
    give_things();
    give_on();
    make_defaults();
    return std::move(world_);
  }

 private:
  std::string name() { return random_name(random_, ++number_); }
  std::string role() { return one_of(random_, world_.roles); }
  void run(const std::string& sql) { session_.execute(sql); }
  void owned(const std::string& kind, const std::string& object) {
    const std::string owner = is_likely(random_, 50) ? role() : owner_;
    if (owner.empty()) return;
    run(fmt::format("ALTER {} {} OWNER TO {}", kind, object, quoted_name(owner)));
  }

  void make_roles() {
    const int count = 3 + static_cast<int>(random_() % 4);
    for (int at = 0; at < count; ++at) {
      const std::string role = name();
      run(fmt::format("CREATE ROLE {} {}", quoted_name(role),
                      is_likely(random_, 20) ? "NOINHERIT" : "LOGIN"));
      for (const std::string& other : world_.roles) {
        if (!is_likely(random_, 15)) continue;
        run(fmt::format("GRANT {} TO {}", quoted_name(other), quoted_name(role)));
      }
      world_.roles.push_back(role);
    }
  }

  void make_schema() {
    const std::string schema = name();
    run(fmt::format("CREATE SCHEMA {} AUTHORIZATION {}", quoted_name(schema), quoted_name(role())));
    world_.schemas.push_back(schema);
    world_.objects.push_back(the_schema(schema));
    const int tables = static_cast<int>(random_() % 5);
    for (int count = 0; count < tables; ++count) make_table(schema);
    for (int count = 0; count < 2; ++count) {
      if (is_likely(random_, 50)) make_sequence(schema);
      if (is_likely(random_, 50)) make_routine(schema);
      if (is_likely(random_, 50)) make_type(schema);
    }
  }

  void make_table(const std::string& schema) {
    const std::string table = name();
    const std::string full = quoted_name(schema, table);
    const std::string column = name();
    switch (random_() % 4) {
      case 0:
        run(fmt::format("CREATE VIEW {} AS SELECT 1 AS {}, 2 AS other", full, quoted_name(column)));
        break;
      case 1:
        run(fmt::format("CREATE TABLE {} ({} int, other int) PARTITION BY LIST (other)", full,
                        quoted_name(column)));
        break;
      default:
        run(fmt::format("CREATE TABLE {} ({} int, other int)", full, quoted_name(column)));
    }
    owned("TABLE", full);
    world_.objects.push_back(a_table(schema, table));
    world_.objects.push_back(one_column(schema, table, column));
    world_.objects.push_back(one_column(schema, table, "other"));
  }

  static Target a_table(const std::string& schema, const std::string& table) {
    return one_object(kTable, schema, table);
  }

  void make_sequence(const std::string& schema) {
    const std::string sequence = name();
    run("CREATE SEQUENCE " + quoted_name(schema, sequence));
    owned("SEQUENCE", quoted_name(schema, sequence));
    world_.objects.push_back(one_object(kSequence, schema, sequence));
  }

  void make_routine(const std::string& schema) {
    const std::string routine = name();
    const std::string full = quoted_name(schema, routine);
    if (is_likely(random_, 30)) {
      run(fmt::format("CREATE PROCEDURE {}(integer) LANGUAGE sql AS 'SELECT 1'", full));
      owned("PROCEDURE", full + "(integer)");
      world_.objects.push_back(one_object(kRoutine, schema, routine + "(integer)"));
      return;
    }
    run(fmt::format("CREATE FUNCTION {}(text, integer[]) RETURNS int LANGUAGE sql AS 'SELECT 1'",
                    full));
    owned("FUNCTION", full + "(text, integer[])");
    world_.objects.push_back(one_object(kRoutine, schema, routine + "(text, integer[])"));
  }

  void make_type(const std::string& schema) {
    const std::string type = name();
    const std::string full = quoted_name(schema, type);
    switch (random_() % 3) {
      case 0:
        run(fmt::format("CREATE TYPE {} AS ENUM ('a')", full));
        break;
      case 1:
        run(fmt::format("CREATE DOMAIN {} AS text", full));
        break;
      default:
        run(fmt::format("CREATE TYPE {} AS (a int)", full));
    }
    owned("TYPE", full);
    world_.objects.push_back(one_object(kType, schema, type));
  }

  void make_large_object() {
    const std::string number = session_.value("SELECT lo_create(0)");
    owned("LARGE OBJECT", number);
    world_.objects.push_back(one_object(kLargeObject, "", number));
  }

  /// "SELECT ON TABLE …", as a person would write it.
  std::string random_subject(const Target& target) {
    const PrivilegeSet known = privileges_of(target.object_class, {150000});
    const Privilege privilege = one_of(random_, known.list());
    return subject(target, std::string(keyword(privilege)));
  }

 public:
  static std::string subject(const Target& target, const std::string& privilege) {
    switch (target.object_class) {
      case kDatabase:
        return fmt::format("{} ON DATABASE {}", privilege, quoted_name(target.name));
      case kSchema:
        return fmt::format("{} ON SCHEMA {}", privilege, quoted_name(target.name));
      case kTable:
        return fmt::format("{} ON {}", privilege, quoted_name(target.schema, target.name));
      case kColumn:
        return fmt::format("{} ({}) ON {}", privilege, quoted_name(target.name),
                           quoted_name(target.schema, target.table));
      case kSequence:
        return fmt::format("{} ON SEQUENCE {}", privilege, quoted_name(target.schema, target.name));
      case kRoutine: {
        const std::size_t open = target.name.rfind('(');
        return fmt::format("{} ON ROUTINE {}{}", privilege,
                           quoted_name(target.schema, target.name.substr(0, open)),
                           target.name.substr(open));
      }
      case kType:
        return fmt::format("{} ON TYPE {}", privilege, quoted_name(target.schema, target.name));
      case kLargeObject:
        return fmt::format("{} ON LARGE OBJECT {}", privilege, target.name);
    }
    return "";
  }

 private:
  void give_things() {
    const std::size_t count = world_.objects.size() * 2;
    for (std::size_t at = 0; at < count; ++at) {
      const Target& target = one_of(random_, world_.objects);
      const bool is_public = is_likely(random_, 10);
      const std::string to = is_public ? "PUBLIC" : quoted_name(role());
      if (is_likely(random_, 15)) {
        run(fmt::format("REVOKE {} FROM {} CASCADE", random_subject(target), to));
      } else {
        run(fmt::format("GRANT {} TO {}{}", random_subject(target), to,
                        !is_public && is_likely(random_, 50) ? " WITH GRANT OPTION" : ""));
      }
    }
  }

  /// Whoever may give something on does so; what is refused is no part of the world.
  void give_on() {
    for (const std::string& schema : world_.schemas) {
      for (const std::string& role : world_.roles) {
        run(fmt::format("GRANT USAGE ON SCHEMA {} TO {}", quoted_name(schema), quoted_name(role)));
      }
    }
    const std::size_t count = world_.objects.size() * 3;
    for (std::size_t at = 0; at < count; ++at) {
      const Target& target = one_of(random_, world_.objects);
      // Only to those who come later: circles are a test of their own.
      const std::size_t giver = random_() % (world_.roles.size() - 1);
      const std::size_t taker = giver + 1 + random_() % (world_.roles.size() - giver - 1);
      session_.code_of(fmt::format("SET LOCAL ROLE {}; GRANT {} TO {}{}",
                                   quoted_name(world_.roles[giver]), random_subject(target),
                                   quoted_name(world_.roles[taker]),
                                   is_likely(random_, 50) ? " WITH GRANT OPTION" : ""));
      run("RESET ROLE");
    }
  }

  void make_defaults() {
    for (int count = 0; count < 4; ++count) {
      static const std::vector<std::string> kinds = {"SELECT ON TABLES", "USAGE ON SEQUENCES",
                                                     "EXECUTE ON ROUTINES", "USAGE ON TYPES"};
      const std::string place = is_likely(random_, 70)
                                    ? " IN SCHEMA " + quoted_name(one_of(random_, world_.schemas))
                                    : "";
      const bool gives = is_likely(random_, 80);
      run(fmt::format("ALTER DEFAULT PRIVILEGES FOR ROLE {}{} {} {} {} {}", quoted_name(role()),
                      place, gives ? "GRANT" : "REVOKE", one_of(random_, kinds),
                      gives ? "TO" : "FROM",
                      is_likely(random_, 30) ? "PUBLIC" : quoted_name(role())));
    }
  }

  Session& session_;
  std::mt19937& random_;
  std::string owner_;
  RandomWorld world_;
  int number_ = 0;
};

PrivilegeSet random_privileges(std::mt19937& random, ObjectClass object_class) {
  PrivilegeSet result;
  for (const Privilege privilege : privileges_of(object_class, {150000}).list()) {
    if (is_likely(random, 40)) result.add(privilege);
  }
  return result;
}

AccessWish random_wish(const RandomWorld& world, std::mt19937& random, const Target& target) {
  const bool is_public = is_likely(random, 15);
  AccessWish wish = {
      .grantee = {.role = is_public ? "" : one_of(random, world.roles), .is_public = is_public},
      .target = target};
  const bool is_for_nothing = is_likely(random, 20);
  if (!is_for_nothing) wish.privileges = random_privileges(random, target.object_class);
  wish.is_grantable = !is_public && is_likely(random, 20);
  return wish;
}

}  // namespace

bool is_likely(std::mt19937& random, int percent) {
  return static_cast<int>(random() % 100) < percent;
}

void for_each_seed(int worlds, const std::function<void(std::mt19937&)>& check) {
  const char* first = std::getenv("WEIR_SEED");
  const char* count = std::getenv("WEIR_WORLDS");
  const unsigned start = first == nullptr ? 1 : static_cast<unsigned>(std::stoul(first));
  if (count != nullptr) worlds = std::stoi(count);
  if (first != nullptr && count == nullptr) worlds = 1;
  for (unsigned seed = start; seed < start + static_cast<unsigned>(worlds); ++seed) {
    SCOPED_TRACE(fmt::format("WEIR_SEED={}", seed));
    std::mt19937 random(seed);
    check(random);
    if (testing::Test::HasFailure()) return;
  }
}

RandomWorld make_world(Session& session, std::mt19937& random, const std::string& owner) {
  return Maker(session, random, owner).make();
}

Wishes random_access(const RandomWorld& world, std::mt19937& random) {
  Wishes wishes;
  const auto wish_for = [&](const Target& target, int percent) {
    if (!is_likely(random, percent)) return;
    wishes.access.push_back(random_wish(world, random, target));
    wishes.access.back().tag = fmt::format("wish {}", wishes.access.size());
  };
  const auto close = [&](const Target& target) {
    if (is_likely(random, 10)) wishes.exclusive.push_back({.tag = "only", .target = target});
  };
  for (const Target& target : world.objects) {
    wish_for(target, 40);
    close(target);
  }
  for (const std::string& schema : world.schemas) {
    for (const ObjectClass object_class : {kTable, kSequence, kRoutine, kType}) {
      wish_for(all_in_schema(object_class, schema), 50);
      wish_for(all_in_schema(object_class, schema), 20);
      close(all_in_schema(object_class, schema));
    }
  }
  return wishes;
}

std::string random_meddling(Session& session, const RandomWorld& world, std::mt19937& random) {
  const Target& target = one_of(random, world.objects);
  const Privilege privilege = one_of(random, privileges_of(target.object_class, {150000}).list());
  const std::string subject = Maker::subject(target, std::string(keyword(privilege)));
  const std::string role = quoted_name(one_of(random, world.roles));
  std::string statement = is_likely(random, 50)
                              ? fmt::format("GRANT {} TO {}", subject, role)
                              : fmt::format("REVOKE {} FROM {} CASCADE", subject, role);
  session.execute(statement);
  return statement;
}

}  // namespace weir::test
