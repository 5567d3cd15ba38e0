// The end of schemas, with all that is in them.
#include <algorithm>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "sql/draft.h"
#include "sql/quote.h"

namespace weir::sql {
namespace {

/// "12 tables and 3 sequences", or "nothing".
std::string contents(const Catalogue& world, const std::string& schema) {
  std::map<ObjectClass, std::size_t> counts;
  for (const ObjectGroup& group : world.groups) {
    if (group.schema == schema && group.object_class != ObjectClass::kColumn) {
      counts[group.object_class] += group.names.size();
    }
  }
  std::vector<std::string> parts;
  parts.reserve(counts.size());
  for (const auto& [object_class, count] : counts) {
    parts.push_back(
        fmt::format("{} {}", count, count == 1 ? noun(object_class) : plural(object_class)));
  }
  return parts.empty() ? "nothing" : shown_list(parts);
}

/// What stands outside and does not outlive it: "; with it go view public.v and …".
std::string company(const Catalogue& world, const std::string& schema) {
  std::vector<std::string> names;
  for (const Hanging& hanging : world.hanging) {
    if (hanging.schema == schema) names.push_back(hanging.what);
  }
  constexpr std::size_t kMost = 20;
  return names.empty() ? "" : "; outside of it go with it: " + shown_list(names, kMost);
}

/// The schema that a target is, or stands in; "" where it is in none.
const std::string& schema_of(const Target& target) {
  return target.object_class == ObjectClass::kSchema ? target.name : target.schema;
}

/// The table that a target is, or a part of; nothing for other targets.
std::pair<std::string, std::string> table_of(const Target& target) {
  if (target.object_class == ObjectClass::kColumn) return {target.schema, target.table};
  const bool is_table = target.object_class == ObjectClass::kTable && !target.is_all();
  return is_table ? std::pair(target.schema, target.name) : std::pair<std::string, std::string>();
}

}  // namespace

Wishes without_what_ends(Wishes wishes) {
  std::set<std::string> schemas;
  for (const SchemaEndWish& wish : wishes.ends) schemas.insert(wish.name);
  std::set<std::pair<std::string, std::string>> tables;
  for (const TableEndWish& wish : wishes.table_ends) tables.emplace(wish.schema, wish.name);
  const auto goes = [&](const auto& wish) {
    return schemas.contains(schema_of(wish.target)) || tables.contains(table_of(wish.target));
  };
  std::erase_if(wishes.owners, goes);
  std::erase_if(wishes.access, goes);
  std::erase_if(wishes.exclusive, goes);
  std::erase_if(wishes.defaults, [&](const DefaultWish& wish) {
    return wish.schema && schemas.contains(*wish.schema);
  });
  std::erase_if(wishes.future,
                [&](const FutureWish& wish) { return schemas.contains(wish.schema); });
  std::erase_if(wishes.after_create, [&](const AfterCreateWish& wish) {
    return schemas.contains(wish.schema) || tables.contains({wish.schema, wish.table});
  });
  return wishes;
}

void draft_table_ends(Draft& draft, const Wishes& wishes) {
  for (const TableEndWish& wish : wishes.table_ends) {
    const ObjectGroup* group =
        draft.world.group_of(ObjectClass::kTable, wish.schema, "", wish.name);
    if (group == nullptr) continue;
    const RoleId owner = group->owner;
    const std::vector<Tag> tags = {wish.tag};
    const std::string table = shown_name(wish.schema) + "." + shown_name(wish.name);
    remove_table(draft.world, wish.schema, wish.name);
    if (!wish.drops) continue;
    if (!draft.obtain(Right::kActAs, owner, tags, "drop table " + table)) continue;
    draft.add(Phase::kEnds, {.text = drop_table(wish.schema, wish.name),
                             .tags = tags,
                             .why = fmt::format("{} is what its synced table has left", table),
                             .takes_away = true});
  }
}

void draft_ends(Draft& draft, const Wishes& wishes) {
  for (const SchemaEndWish& wish : wishes.ends) {
    const std::vector<Tag> tags = {wish.tag};
    const ObjectGroup* group = draft.world.group_of(ObjectClass::kSchema, "", "", wish.name);
    if (group == nullptr || !draft.is_name(wish.name, tags)) continue;
    const std::string purpose = "drop " + shown_name(wish.name);
    if (!draft.obtain(Right::kActAs, group->owner, tags, purpose)) continue;
    draft.add(Phase::kEnds, {.text = drop_schema(wish.name),
                             .tags = tags,
                             .why = fmt::format("{} is to go; it holds {}{}", shown_name(wish.name),
                                                contents(draft.world, wish.name),
                                                company(draft.world, wish.name)),
                             .takes_away = true});
  }
}

}  // namespace weir::sql
