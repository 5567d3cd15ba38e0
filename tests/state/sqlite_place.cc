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
  sqlite3* opened = nullptr;
  sqlite3_open(file().c_str(), &opened);
  const std::unique_ptr<sqlite3, decltype(&sqlite3_close)> database(opened, sqlite3_close);
  if (sqlite3_exec(opened, sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) {
    throw std::runtime_error(sqlite3_errmsg(opened));
  }
}

}  // namespace weir::test
