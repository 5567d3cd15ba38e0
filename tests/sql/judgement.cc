#include "tests/sql/judgement.h"

#include <algorithm>

#include <fmt/format.h>

namespace weir::test {
namespace {

using namespace weir::sql;
using enum ObjectClass;

std::string class_word(ObjectClass object_class) {
  return std::string(noun(object_class));
}

std::set<std::string> words(PrivilegeSet privileges) {
  std::set<std::string> result;
  for (const Privilege privilege : privileges.list()) result.emplace(keyword(privilege));
  return result;
}

bool covers(const Target& target, const ObjectKey& key) {
  const auto& [object_class, schema, table, name] = key;
  if (object_class != class_word(target.object_class) || schema != target.schema) return false;
  return target.is_all() || (table == target.table && name == target.name);
}

/// With a table go its columns where it is exclusive.
bool covers_with_columns(const Target& target, const ObjectKey& key) {
  const auto& [object_class, schema, table, name] = key;
  if (covers(target, key)) return true;
  return target.object_class == kTable && object_class == "column" && schema == target.schema &&
         (target.is_all() || table == target.name);
}

std::string name_of(const Grantee& grantee) {
  return grantee.is_public ? "" : grantee.role;
}

/// Columns without privileges are not in the judgement, but may be wished for.
void add_wished_columns(Judgement& judgement, const Wishes& wishes) {
  for (const AccessWish& wish : wishes.access) {
    if (wish.target.object_class != kColumn) continue;
    const auto table = judgement.owners.find({"table", wish.target.schema, "", wish.target.table});
    judgement.owners.emplace(key_of(wish.target), table->second);
  }
}

/// What somebody owns is not meant by a wish for all objects.
bool keeps_its_own(const Wishes& wishes, const ObjectKey& key, const std::string& owner,
                   const std::string& grantee) {
  if (grantee != owner) return false;
  return std::any_of(wishes.access.begin(), wishes.access.end(), [&](const AccessWish& wish) {
    return wish.target.is_all() && covers(wish.target, key) && name_of(wish.grantee) == grantee;
  });
}

/// Nothing on a single object holds against whatever is said of all of them.
bool denies(const Wishes& wishes, const ObjectKey& key, const std::string& grantee) {
  return std::any_of(wishes.access.begin(), wishes.access.end(), [&](const AccessWish& wish) {
    return !wish.target.is_all() && wish.privileges.is_empty() && covers(wish.target, key) &&
           name_of(wish.grantee) == grantee;
  });
}

void give(Judgement& judgement, const ObjectKey& key, const std::string& owner,
          const AccessWish& wish) {
  const std::string grantee = name_of(wish.grantee);
  Judged& judged = judgement.access[{key, grantee}];
  judged.privileges.merge(words(wish.privileges));
  if (wish.is_grantable && grantee != owner) judged.grantable.merge(words(wish.privileges));
}

constexpr const char* kJudging = R"(
SELECT o.class, o.schema, o.container, o.name, pg_get_userbyid(o.owner),
  CASE WHEN e.grantee IS NULL THEN NULL WHEN e.grantee = 0 THEN '' ELSE pg_get_userbyid(e.grantee) END,
  e.privilege_type, e.is_grantable
FROM (
  SELECT 'schema' AS class, '' AS schema, '' AS container, nspname::text AS name, nspowner AS owner,
    coalesce(nspacl, acldefault('n', nspowner)) AS acl, oid AS namespace FROM pg_namespace
  UNION ALL SELECT CASE relkind WHEN 'S' THEN 'sequence' ELSE 'table' END, nspname, '', relname,
    relowner, coalesce(relacl, acldefault(CASE relkind WHEN 'S' THEN 's' ELSE 'r' END::"char", relowner)),
    relnamespace
    FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace WHERE relkind IN ('r','v','m','p','f','S')
  UNION ALL SELECT 'column', nspname, relname, attname, relowner, attacl, relnamespace
    FROM pg_attribute JOIN pg_class c ON c.oid = attrelid JOIN pg_namespace n ON n.oid = relnamespace
    WHERE attacl IS NOT NULL
  UNION ALL SELECT 'function', nspname, '',
    proname || '(' || oidvectortypes(p.proargtypes) || ')', proowner,
    coalesce(proacl, acldefault('f', proowner)), pronamespace
    FROM pg_proc p JOIN pg_namespace n ON n.oid = pronamespace
  UNION ALL SELECT 'type', nspname, '', typname, typowner, coalesce(typacl, acldefault('T', typowner)),
    typnamespace FROM pg_type t JOIN pg_namespace n ON n.oid = typnamespace
    WHERE NOT EXISTS (SELECT FROM pg_type a WHERE a.typarray = t.oid)
      AND NOT EXISTS (SELECT FROM pg_class r WHERE r.reltype = t.oid AND r.relkind <> 'c')
      AND typtype <> 'm'
  UNION ALL SELECT 'database', '', '', datname, datdba, coalesce(datacl, acldefault('d', datdba)), 0
    FROM pg_database WHERE datname = current_database()
  UNION ALL SELECT 'large object', '', '', oid::text, lomowner,
    coalesce(lomacl, acldefault('L', lomowner)), 0 FROM pg_largeobject_metadata
) o LEFT JOIN LATERAL aclexplode(o.acl) e ON true
WHERE o.namespace NOT IN (SELECT oid FROM pg_namespace WHERE nspname ~ '^(pg_|information_schema$)'))";

}  // namespace

ObjectKey key_of(const Target& target) {
  return {class_word(target.object_class), target.schema, target.table, target.name};
}

Judgement judge(Session& session) {
  Judgement result;
  for (const auto& row : session.rows(kJudging)) {
    const ObjectKey key = {row[0].c_str(), row[1].c_str(), row[2].c_str(), row[3].c_str()};
    const std::string owner = row[4].c_str();
    result.owners[key] = owner;
    if (row[5].is_null()) continue;
    const std::string grantee = row[5].c_str();
    Judged& judged = result.access[{key, grantee}];
    judged.privileges.insert(row[6].c_str());
    // The owner may give everything on, whether that is written or not.
    if (row[7].as<bool>() && grantee != owner) judged.grantable.insert(row[6].c_str());
  }
  return result;
}

Judgement expected(Judgement before, const Wishes& wishes) {
  add_wished_columns(before, wishes);
  Judgement after = before;
  for (const ExclusiveWish& wish : wishes.exclusive) {
    std::erase_if(after.access, [&](const auto& item) {
      const ObjectKey& key = item.first.first;
      return covers_with_columns(wish.target, key) && item.first.second != before.owners.at(key);
    });
  }
  for (const auto& [key, owner] : before.owners) {
    for (const AccessWish& wish : wishes.access) {
      const std::string grantee = name_of(wish.grantee);
      // Who is named for a table has nothing of its columns but what is said of them.
      if (covers_with_columns(wish.target, key) && !covers(wish.target, key) && grantee != owner) {
        after.access[{key, grantee}] = {};
      }
      const bool is_kept =
          keeps_its_own(wishes, key, owner, grantee) && !denies(wishes, key, grantee);
      if (covers(wish.target, key) && !is_kept) {
        after.access[{key, grantee}] = {};
      }
    }
    for (const AccessWish& wish : wishes.access) {
      const bool is_denied = denies(wishes, key, name_of(wish.grantee));
      if (covers(wish.target, key) && !is_denied) give(after, key, owner, wish);
    }
  }
  return after;
}

std::string differences(const Judgement& wanted, const Judgement& found) {
  static const Judged nothing;
  std::string text;
  std::set<std::pair<ObjectKey, std::string>> pairs;
  for (const auto& [pair, judged] : wanted.access) pairs.insert(pair);
  for (const auto& [pair, judged] : found.access) pairs.insert(pair);
  for (const auto& pair : pairs) {
    const auto one = wanted.access.find(pair);
    const auto other = found.access.find(pair);
    const Judged& left = one == wanted.access.end() ? nothing : one->second;
    const Judged& right = other == found.access.end() ? nothing : other->second;
    if (left == right) continue;
    const auto& [object_class, schema, table, name] = pair.first;
    text += fmt::format("{} {}.{}.{} for {}: wanted {} ({}), found {} ({})\n", object_class, schema,
                        table, name, pair.second, fmt::join(left.privileges, ","),
                        fmt::join(left.grantable, ","), fmt::join(right.privileges, ","),
                        fmt::join(right.grantable, ","));
  }
  return text;
}

}  // namespace weir::test
