#include "planner/synced_tables.h"

#include <algorithm>
#include <tuple>

#include "planner/selection.h"

namespace weir {
namespace {

constexpr std::string_view kAfterSync = "sql-after-sync";

/// "crm" and "customers" of "synced_tables/shop.crm.customers": the catalog is Unity Catalog's.
sql::TableEndWish table_of(const Step& step) {
  const std::string& name = step.remote_name;
  const std::size_t last = name.rfind('.');
  const std::size_t first = name.rfind('.', last - 1);
  return {.tag = step.address.text(),
          .schema = name.substr(first + 1, last - first - 1),
          .name = name.substr(last + 1)};
}

/// What stands there when the statements have their turn was left by a synced table of ours.
bool leaves_a_table(const Draft& draft, const Step& step) {
  if (step.action != Action::kCreate) return true;
  const Wish* wish = draft.wishes.find(step.address);
  return wish != nullptr && wish->record != nullptr &&
         wish->record->remote_name == step.remote_name;
}

bool is_same(const sql::TableEndWish& one, const sql::TableEndWish& other) {
  return one.schema == other.schema && one.name == other.name;
}

/// One wish for each table; it is dropped where any of them says so: that comes first.
void join(std::vector<sql::TableEndWish>& ends) {
  std::ranges::sort(ends, [](const sql::TableEndWish& left, const sql::TableEndWish& right) {
    return std::tie(left.schema, left.name, right.drops) <
           std::tie(right.schema, right.name, left.drops);
  });
  ends.erase(std::unique(ends.begin(), ends.end(), is_same), ends.end());
}

/// Who copies tables there, as the one shows that is there already. Nobody says who that is
/// elsewhere: the owner of the schema makes no difference to what others may do there.
sql::RoleId writer_in(const sql::Catalogue& catalogue, const sql::TableEndWish& table,
                      const sql::Wishes& wishes) {
  const sql::ObjectGroup* before =
      catalogue.group_of(sql::ObjectClass::kTable, table.schema, "", table.name);
  if (before != nullptr) return before->owner;
  const auto wish = std::ranges::find(wishes.schemas, table.schema, &sql::SchemaWish::name);
  const bool has_owner = wish != wishes.schemas.end() && wish->owner;
  const sql::Role* owner = has_owner ? catalogue.role_named(*wish->owner) : nullptr;
  if (owner != nullptr) return owner->id;
  const sql::ObjectGroup* schema =
      catalogue.group_of(sql::ObjectClass::kSchema, "", "", table.schema);
  return schema == nullptr ? catalogue.current_user : schema->owner;
}

}  // namespace

SyncedTables::SyncedTables(const Draft& draft) {
  for (const Step& step : draft.plan.steps) {
    // What nobody chose is neither ended nor made.
    if (!step.kind->is_a("synced_table") || !is_selected(draft.options, step.address)) continue;
    // A table stands in a schema, and that in a database.
    const Address address =
        step.action == Action::kCreate ? step.address : address_before(draft, step);
    Tables& tables = by_database_[address.parent().parent()];
    tables.ends.push_back(table_of(step));
    tables.ends.back().drops = leaves_a_table(draft, step);
    if (step.action == Action::kCreate) tables.coming.push_back(tables.ends.back());
    tables.end_now = tables.end_now || step.is_destructive();
  }
  for (auto& [database, tables] : by_database_) join(tables.ends);
}

const SyncedTables::Tables& SyncedTables::tables_of(const Address& database) const {
  static const Tables none;
  const auto found = by_database_.find(database);
  return found == by_database_.end() ? none : found->second;
}

const std::vector<sql::TableEndWish>& SyncedTables::ends_in(const Address& database) const {
  return tables_of(database).ends;
}

bool SyncedTables::end_in(const Address& database) const {
  return tables_of(database).end_now;
}

bool SyncedTables::come_in(const Address& database) const {
  return !tables_of(database).coming.empty();
}

sql::Catalogue SyncedTables::with_those_of(const Address& database, const sql::Catalogue& catalogue,
                                           const sql::Wishes& wishes) const {
  sql::Catalogue after = catalogue;
  for (const sql::TableEndWish& end : ends_in(database)) {
    sql::remove_table(after, end.schema, end.name);
  }
  for (const sql::TableEndWish& table : tables_of(database).coming) {
    sql::add_table(after, table.schema, table.name, writer_in(catalogue, table, wishes));
  }
  return after;
}

bool SyncedTables::end_is_among(const Address& database, const std::vector<sql::Tag>& tags) const {
  return std::ranges::any_of(ends_in(database), [&](const sql::TableEndWish& end) {
    return end.drops && std::ranges::find(tags, end.tag) != tags.end();
  });
}

Address address_after_sync(const Address& database) {
  return database.singleton(kAfterSync);
}

bool is_after_sync(const Step& script) {
  return script.action == Action::kExecute && script.address.key() == kAfterSync;
}

}  // namespace weir
