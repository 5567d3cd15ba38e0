// What becomes of the copies in Postgres when synced tables end and are made.
#pragma once

#include <unordered_map>
#include <vector>

#include "planner/draft.h"
#include "sql/catalogue.h"
#include "sql/wishes.h"

namespace weir {

class SyncedTables {
 public:
  /// Once it is decided what ends and what is made.
  explicit SyncedTables(const Draft& draft);

  /// Those of a database, of which its statements do not speak: they are gone by then, or not there
  /// yet. What is left of those that this plan ends is dropped.
  const std::vector<sql::TableEndWish>& ends_in(const Address& database) const;
  /// Whether this plan ends any of them.
  bool end_in(const Address& database) const;
  /// Whether any of them is there once the plan is carried out.
  bool come_in(const Address& database) const;
  /// The database with those that come, as far as anybody knows before: nobody was given anything
  /// on them but by default privileges.
  sql::Catalogue with_those_of(const Address& database, const sql::Catalogue& catalogue,
                               const sql::Wishes& wishes) const;
  /// Whether one of the tags is that of an end.
  bool end_is_among(const Address& database, const std::vector<sql::Tag>& tags) const;

 private:
  struct Tables {
    std::vector<sql::TableEndWish> ends = {};
    std::vector<sql::TableEndWish> coming = {};
    bool end_now = false;
  };
  const Tables& tables_of(const Address& database) const;

  std::unordered_map<Address, Tables> by_database_;
};

/// "projects/shop/branches/dev/databases/app/sql-after-sync": the statements that wait for them.
Address address_after_sync(const Address& database);
bool is_after_sync(const Step& script);

}  // namespace weir
