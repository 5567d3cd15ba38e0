#include "tests/state/sqlite_place.h"

#include <stdexcept>

#include <sqlite3.h>

#include "state/sqlite_store.h"

namespace weir::test {

std::unique_ptr<Store> SqlitePlace::open(const std::string& deployment) {
  return open_sqlite_store(file(), deployment, clock_);
}

std::unique_ptr<Store> SqlitePlace::read(const std::string& deployment) {
  return read_sqlite_store(file(), deployment, clock_);
}

void SqlitePlace::execute(const std::string& sql) {
  execute(sql, true);
}

void SqlitePlace::tamper(const std::string& sql) {
  execute(sql, false);
}

void SqlitePlace::execute(const std::string& sql, bool has_triggers) {
  sqlite3* opened = nullptr;
  sqlite3_open(file().c_str(), &opened);
  const std::unique_ptr<sqlite3, decltype(&sqlite3_close)> database(opened, sqlite3_close);
  sqlite3_db_config(opened, SQLITE_DBCONFIG_ENABLE_TRIGGER, has_triggers ? 1 : 0, nullptr);
  if (sqlite3_exec(opened, sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) {
    throw std::runtime_error(sqlite3_errmsg(opened));
  }
}

}  // namespace weir::test
