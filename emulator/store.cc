#include "emulator/store.h"

#include <algorithm>
#include <fcntl.h>
#include <map>
#include <stdexcept>
#include <unistd.h>

#include <fmt/format.h>
#include <sqlite3.h>

#include "emulator/list_order.h"

namespace emulator {
namespace {

constexpr const char* kSchema = R"(
  PRAGMA journal_mode = WAL;
  -- A killed process loses nothing with NORMAL; only a power cut may lose the newest changes.
  PRAGMA synchronous = NORMAL;
  PRAGMA trusted_schema = OFF;
  PRAGMA busy_timeout = 2000;
  -- Wide rows would make a deep tree WITHOUT ROWID: it keeps whole rows in its inner pages.
  CREATE TABLE IF NOT EXISTS resource (
    name TEXT PRIMARY KEY, kind TEXT NOT NULL, parent TEXT NOT NULL,
    shown TEXT NOT NULL, hidden TEXT NOT NULL, is_deleted INTEGER NOT NULL);
  CREATE INDEX IF NOT EXISTS resource_by_parent ON resource (kind, parent, name, is_deleted);
  CREATE TABLE IF NOT EXISTS operation (
    name TEXT PRIMARY KEY, resource TEXT NOT NULL, shown TEXT NOT NULL, job TEXT NOT NULL,
    is_done INTEGER NOT NULL);
  -- The last part of the name: what is left when all behind the last slash is cut off and removed.
  CREATE INDEX IF NOT EXISTS operation_by_id ON operation (
    replace(name, rtrim(name, replace(name, '/', '')), ''));
  CREATE INDEX IF NOT EXISTS open_operation ON operation (resource) WHERE is_done = 0;
  CREATE TABLE IF NOT EXISTS timer (
    name TEXT NOT NULL, what TEXT NOT NULL, seconds INTEGER NOT NULL, nanoseconds INTEGER NOT NULL,
    PRIMARY KEY (name, what)) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS timer_by_time ON timer (seconds, nanoseconds);
  CREATE TABLE IF NOT EXISTS fact (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
)";
constexpr int kSchemaVersion = 1;

/// '0' follows '/' in ASCII: names below "a" are those from "a/" to before "a0".
std::string first_below(const std::string& name) {
  return name + "/";
}
std::string first_behind(const std::string& name) {
  return name + "0";
}

/// SQLite would make the file readable for everybody.
void make_private(const std::string& path) {
  if (path == ":memory:") return;
  const int descriptor = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (descriptor >= 0) close(descriptor);
}

[[noreturn]] void fail(sqlite3* database, std::string_view doing) {
  throw std::runtime_error(fmt::format("cannot {} the control state {}: {}", doing,
                                       sqlite3_db_filename(database, "main"),
                                       sqlite3_errmsg(database)));
}

}  // namespace

void Store::Close::operator()(sqlite3* database) const {
  sqlite3_close_v2(database);
}

struct Store::Cache {
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
  };
  std::map<const char*, std::unique_ptr<sqlite3_stmt, Finalize>> statements;
};

/// A statement in use: bind in order, then step; it is reset when it goes out of scope.
class Store::Statement {
 public:
  Statement(sqlite3* database, sqlite3_stmt* statement)
      : database_(database), statement_(statement) {}
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;
  ~Statement() {
    sqlite3_reset(statement_);
    sqlite3_clear_bindings(statement_);
  }

  Statement& bind(const std::string& text) {
    sqlite3_bind_text(statement_, ++bound_, text.data(), static_cast<int>(text.size()),
                      SQLITE_TRANSIENT);
    return *this;
  }
  Statement& bind(std::int64_t number) {
    sqlite3_bind_int64(statement_, ++bound_, number);
    return *this;
  }
  bool step() {
    const int result = sqlite3_step(statement_);
    if (result != SQLITE_ROW && result != SQLITE_DONE) fail(database_, "read or change");
    return result == SQLITE_ROW;
  }
  void run() {
    while (step()) {
    }
  }
  std::string text(int column) const {
    const void* bytes = sqlite3_column_blob(statement_, column);
    const int size = sqlite3_column_bytes(statement_, column);
    return bytes == nullptr
               ? ""
               : std::string(static_cast<const char*>(bytes), static_cast<std::size_t>(size));
  }
  std::int64_t number(int column) const { return sqlite3_column_int64(statement_, column); }
  /// A document in a row whose first column is its name.
  Json document(int column) const {
    try {
      return Json::parse(text(column));
    } catch (const Json::exception& mistake) {
      throw std::runtime_error(
          fmt::format("the control state {} cannot be understood at {}: {}; mend or delete that "
                      "row, or use another --data folder",
                      sqlite3_db_filename(database_, "main"), text(0), mistake.what()));
    }
  }

 private:
  sqlite3* database_;
  sqlite3_stmt* statement_;
  int bound_ = 0;
};

namespace {

template <typename Statement>
Row to_row(const Statement& statement) {
  return {.name = statement.text(0),
          .kind = statement.text(1),
          .parent = statement.text(2),
          .shown = statement.document(3),
          .hidden = statement.document(4),
          .is_deleted = statement.number(5) != 0};
}

template <typename Statement>
OperationRow to_operation(const Statement& statement) {
  return {.name = statement.text(0),
          .resource = statement.text(1),
          .shown = statement.document(2),
          .job = statement.document(3),
          .is_done = statement.number(4) != 0};
}

template <typename Statement>
Timer to_timer(const Statement& statement) {
  return {.name = statement.text(0),
          .what = statement.text(1),
          .due = {statement.number(2), static_cast<std::int32_t>(statement.number(3))}};
}

}  // namespace

Store::Store(const std::string& path) : cache_(std::make_unique<Cache>()) {
  make_private(path);
  sqlite3* database = nullptr;
  const int opened =
      sqlite3_open_v2(path.c_str(), &database,
                      SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOFOLLOW, nullptr);
  database_.reset(database);
  if (opened != SQLITE_OK) {
    throw std::runtime_error(
        fmt::format("cannot open the control state {}: {}", path, sqlite3_errmsg(database)));
  }
  refuse_newer_format(path);
  add_list_order();
  execute(kSchema);
  execute(fmt::format("PRAGMA user_version = {}", kSchemaVersion).c_str());
}

/// place(name, seed) for SQL.
void Store::add_list_order() const {
  const auto place = [](sqlite3_context* context, int, sqlite3_value** arguments) {
    const void* name = sqlite3_value_blob(arguments[0]);
    const auto size = static_cast<std::size_t>(sqlite3_value_bytes(arguments[0]));
    const std::string_view text(static_cast<const char*>(name), name == nullptr ? 0 : size);
    sqlite3_result_int64(context, place_in_order(text, sqlite3_value_int64(arguments[1])));
  };
  const int flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_DIRECTONLY;
  if (sqlite3_create_function_v2(database_.get(), "place", 2, flags, nullptr, place, nullptr,
                                 nullptr, nullptr) != SQLITE_OK) {
    fail(database_.get(), "prepare");
  }
}

/// Looks before anything is changed: a file that is not ours, or too new, stays as it is.
void Store::refuse_newer_format(const std::string& path) const {
  Statement statement = prepared("PRAGMA user_version");
  statement.step();
  if (statement.number(0) <= kSchemaVersion) return;
  throw std::runtime_error(fmt::format(
      "the control state {} was written by a newer emulator (format {}, this one knows {}); use "
      "that emulator or another --data folder",
      path, statement.number(0), kSchemaVersion));
}

Store::~Store() {
  cache_.reset();
}

Store::Statement Store::prepared(const char* sql) const {
  auto& cached = cache_->statements[sql];
  if (!cached) {
    sqlite3_stmt* statement = nullptr;
    if (sqlite3_prepare_v3(database_.get(), sql, -1, SQLITE_PREPARE_PERSISTENT, &statement,
                           nullptr) != SQLITE_OK) {
      fail(database_.get(), "prepare a statement on");
    }
    cached.reset(statement);
  }
  return {database_.get(), cached.get()};
}

void Store::execute(const char* sql) const {
  if (sqlite3_exec(database_.get(), sql, nullptr, nullptr, nullptr) != SQLITE_OK) {
    fail(database_.get(), "change");
  }
}

std::string Store::file() const {
  return sqlite3_db_filename(database_.get(), "main");
}

void Store::transaction(const std::function<void()>& change) {
  if (depth_ > 0) return change();
  execute("BEGIN IMMEDIATE");
  ++depth_;
  try {
    change();
    execute("COMMIT");
  } catch (...) {
    --depth_;
    // A failed COMMIT (a full disk) may have rolled back already; that is the wish here anyway.
    sqlite3_exec(database_.get(), "ROLLBACK", nullptr, nullptr, nullptr);
    throw;
  }
  --depth_;
}

std::optional<Row> Store::find(const std::string& name) const {
  Statement statement = prepared("SELECT * FROM resource WHERE name = ?");
  if (!statement.bind(name).step()) return std::nullopt;
  return to_row(statement);
}

void Store::put(const Row& row) {
  prepared("INSERT OR REPLACE INTO resource VALUES (?, ?, ?, ?, ?, ?)")
      .bind(row.name)
      .bind(row.kind)
      .bind(row.parent)
      .bind(to_text(row.shown))
      .bind(to_text(row.hidden))
      .bind(std::int64_t{row.is_deleted ? 1 : 0})
      .run();
}

void Store::erase(const std::string& name) {
  prepared("DELETE FROM resource WHERE name = ?").bind(name).run();
}

void Store::erase_below(const std::string& name) {
  prepared("DELETE FROM resource WHERE name >= ? AND name < ?")
      .bind(first_below(name))
      .bind(first_behind(name))
      .run();
}

std::vector<Row> Store::children(const std::string& parent, const std::string& kind) const {
  Statement statement =
      prepared("SELECT * FROM resource WHERE kind = ? AND parent = ? ORDER BY name");
  statement.bind(kind).bind(parent);
  std::vector<Row> rows;
  while (statement.step()) rows.push_back(to_row(statement));
  return rows;
}

std::vector<Row> Store::all(const std::string& kind) const {
  Statement statement = prepared("SELECT * FROM resource WHERE kind = ? ORDER BY name");
  statement.bind(kind);
  std::vector<Row> rows;
  while (statement.step()) rows.push_back(to_row(statement));
  return rows;
}

std::size_t Store::count(const std::string& parent, const std::string& kind) const {
  Statement statement =
      prepared("SELECT count(*) FROM resource WHERE kind = ? AND parent = ? AND is_deleted = 0");
  statement.bind(kind).bind(parent).step();
  return static_cast<std::size_t>(statement.number(0));
}

Store::Page Store::page(const ListQuery& query) const {
  Statement statement = prepared(
      !query.order ? "SELECT name, shown FROM resource WHERE kind = ? AND parent = ? AND name > ?"
                     " AND is_deleted <= ? ORDER BY name LIMIT ?"
                   : "SELECT name, shown FROM resource WHERE kind = ?1 AND parent = ?2"
                     " AND (?3 = '' OR (place(name, ?6), name) > (place(?3, ?6), ?3))"
                     " AND is_deleted <= ?4 ORDER BY place(name, ?6), name LIMIT ?5");
  statement.bind(query.kind)
      .bind(query.parent)
      .bind(query.after)
      .bind(std::int64_t{query.with_deleted ? 1 : 0})
      .bind(static_cast<std::int64_t>(query.limit) + 1);
  if (query.order) statement.bind(*query.order);
  Page page;
  std::string last;
  for (std::size_t i = 0; statement.step(); ++i) {
    if (i == query.limit) {
      page.last = last;
      break;
    }
    if (i > 0) page.documents += ',';
    last = statement.text(0);
    page.documents += statement.text(1);
  }
  return page;
}

std::optional<OperationRow> Store::find_operation(const std::string& name) const {
  Statement statement = prepared("SELECT * FROM operation WHERE name = ?");
  if (!statement.bind(name).step()) return std::nullopt;
  return to_operation(statement);
}

std::optional<OperationRow> Store::find_operation_by_id(const std::string& id) const {
  Statement statement = prepared(
      "SELECT * FROM operation WHERE replace(name, rtrim(name, replace(name, '/', '')), '') = ?");
  if (!statement.bind(id).step()) return std::nullopt;
  return to_operation(statement);
}

void Store::put_operation(const OperationRow& operation) {
  prepared("INSERT OR REPLACE INTO operation VALUES (?, ?, ?, ?, ?)")
      .bind(operation.name)
      .bind(operation.resource)
      .bind(to_text(operation.shown))
      .bind(to_text(operation.job))
      .bind(std::int64_t{operation.is_done ? 1 : 0})
      .run();
}

void Store::forget_operations(std::int64_t kept) {
  // A change gives an operation the newest rowid: one when it begins and one when it ends.
  prepared(
      "DELETE FROM operation WHERE rowid <= (SELECT max(rowid) FROM operation) - ? AND is_done = 1")
      .bind(2 * kept)
      .run();
}

std::vector<OperationRow> Store::open_operations(const std::string& scope) const {
  Statement statement = prepared(
      "SELECT * FROM operation INDEXED BY open_operation WHERE is_done = 0"
      " AND (resource = ? OR (resource >= ? AND resource < ?)) ORDER BY name");
  statement.bind(scope).bind(first_below(scope)).bind(first_behind(scope));
  std::vector<OperationRow> operations;
  while (statement.step()) operations.push_back(to_operation(statement));
  return operations;
}

std::vector<OperationRow> Store::open_operations() const {
  Statement statement =
      prepared("SELECT * FROM operation INDEXED BY open_operation WHERE is_done = 0 ORDER BY name");
  std::vector<OperationRow> operations;
  while (statement.step()) operations.push_back(to_operation(statement));
  return operations;
}

void Store::set_timer(const Timer& timer) {
  prepared("INSERT OR REPLACE INTO timer VALUES (?, ?, ?, ?)")
      .bind(timer.name)
      .bind(timer.what)
      .bind(timer.due.seconds)
      .bind(std::int64_t{timer.due.nanoseconds})
      .run();
}

void Store::clear_timer(const std::string& name, const std::string& what) {
  prepared("DELETE FROM timer WHERE name = ? AND what = ?").bind(name).bind(what).run();
}

void Store::clear_timers_below(const std::string& name) {
  prepared("DELETE FROM timer WHERE name = ? OR (name >= ? AND name < ?)")
      .bind(name)
      .bind(first_below(name))
      .bind(first_behind(name))
      .run();
}

std::optional<Timer> Store::find_timer(const std::string& name, const std::string& what) const {
  Statement statement = prepared("SELECT * FROM timer WHERE name = ? AND what = ?");
  if (!statement.bind(name).bind(what).step()) return std::nullopt;
  return to_timer(statement);
}

std::optional<Timer> Store::next_timer() const {
  Statement statement =
      prepared("SELECT * FROM timer ORDER BY seconds, nanoseconds, name, what LIMIT 1");
  if (!statement.step()) return std::nullopt;
  return to_timer(statement);
}

std::vector<Timer> Store::timers(const std::string& what) const {
  Statement statement = prepared("SELECT * FROM timer WHERE what = ? ORDER BY name");
  statement.bind(what);
  std::vector<Timer> timers;
  while (statement.step()) timers.push_back(to_timer(statement));
  return timers;
}

std::string Store::fact(const std::string& key) const {
  Statement statement = prepared("SELECT value FROM fact WHERE key = ?");
  return statement.bind(key).step() ? statement.text(0) : "";
}

void Store::set_fact(const std::string& key, const std::string& value) {
  prepared("INSERT OR REPLACE INTO fact VALUES (?, ?)").bind(key).bind(value).run();
}

void Store::erase_fact(const std::string& key) {
  prepared("DELETE FROM fact WHERE key = ?").bind(key).run();
}

std::vector<std::pair<std::string, std::string>> Store::facts(const std::string& prefix) const {
  Statement statement =
      prepared("SELECT key, value FROM fact WHERE key >= ? AND key < ? ORDER BY key");
  statement.bind(prefix).bind(prefix + "\x7f");
  std::vector<std::pair<std::string, std::string>> result;
  while (statement.step()) result.emplace_back(statement.text(0), statement.text(1));
  return result;
}

}  // namespace emulator
