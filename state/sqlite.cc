#include "state/sqlite.h"

#include <array>
#include <fcntl.h>
#include <unistd.h>

#include <fmt/format.h>
#include <sqlite3.h>

#include "core/store.h"
#include "state/codec.h"
#include "state/refusals.h"

namespace weir {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kMagic{"SQLite format 3\0", 16};
constexpr std::size_t kHeaderSize = 100;
constexpr std::size_t kPageSizeAt = 16;
constexpr std::size_t kPageCountAt = 28;
constexpr std::size_t kVersionAt = 60;
constexpr std::size_t kApplicationAt = 68;

std::int64_t big_endian(std::string_view bytes, std::size_t at, std::size_t count) {
  std::int64_t number = 0;
  for (const char c : bytes.substr(at, count))
    number = number * 256 + static_cast<unsigned char>(c);
  return number;
}

std::string_view advice(int code) {
  switch (code & 0xFF) {
    case SQLITE_FULL:
      return "The disk is full: make room and start again; what was recorded is whole";
    case SQLITE_IOERR:
      return "The disk refuses it: look for room, quotas and faults, and start again; what was "
             "recorded is whole";
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return "Another program holds it for longer than 5 s: end that program, or wait";
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_CANTOPEN:
      return "The file and its folder must be yours to write: see ls -ld on both";
    default:
      return "This should not happen: please report it";
  }
}

[[noreturn]] void fail(sqlite3* database, const std::string& where) {
  const int code = sqlite3_extended_errcode(database);
  const std::string said = sqlite3_errmsg(database);
  if ((code & 0xFF) == SQLITE_CORRUPT || (code & 0xFF) == SQLITE_NOTADB) {
    throw damaged(where, said);
  }
  const std::string text =
      fmt::format("{} cannot be read or written: {} ({}). {}", where, said, code, advice(code));
  if ((code & 0xFF) == SQLITE_BUSY) throw StateBusyError(text);
  throw StateError(text);
}

/// As a URI, because only that can say that nobody changes the file.
std::string immutable_uri(const fs::path& file) {
  std::string uri = "file:";
  for (const char c : file.string()) {
    if (c == '?' || c == '#' || c == '%') {
      uri += fmt::format("%{:02X}", static_cast<unsigned>(static_cast<unsigned char>(c)));
    } else {
      uri += c;
    }
  }
  return uri + "?immutable=1";
}

bool may_write(const fs::path& path) {
  return faccessat(AT_FDCWD, path.c_str(), W_OK, AT_EACCESS) == 0;
}

}  // namespace

void SqliteDatabase::Close::operator()(sqlite3* database) const {
  sqlite3_close_v2(database);
}

void SqliteDatabase::Finalize::operator()(sqlite3_stmt* statement) const {
  sqlite3_finalize(statement);
}

SqliteDatabase::SqliteDatabase(const fs::path& file, const SqliteFormat& format, Access access)
    : file_(file), where_(fmt::format("the state in {}", file.string())) {
  open(access);
  check_header(format);
  configure(access);
}

SqliteDatabase::~SqliteDatabase() = default;

bool SqliteDatabase::has_log() const {
  std::error_code absent;
  const auto size = fs::file_size(file_.string() + "-wal", absent);
  return !absent && size > 0;
}

void SqliteDatabase::open(Access access) {
  // A reader that may write takes part in the log and clears it away; one that may not must do
  // without a log.
  const bool can_write = may_write(file_) && may_write(file_.parent_path());
  int flags = SQLITE_OPEN_NOFOLLOW | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
  std::string name = file_.string();
  if (access == Access::kChange || can_write) {
    flags |= SQLITE_OPEN_READWRITE;
  } else {
    flags |= SQLITE_OPEN_READONLY | SQLITE_OPEN_URI;
    if (!has_log()) name = immutable_uri(file_);
  }
  sqlite3* database = nullptr;
  const int opened = sqlite3_open_v2(name.c_str(), &database, flags, nullptr);
  database_.reset(database);
  if (opened != SQLITE_OK) fail(database, where_);
}

/// Reads through SQLite's own descriptor: closing one of ours would drop SQLite's locks.
void SqliteDatabase::check_header(const SqliteFormat& format) {
  sqlite3_file* opened = nullptr;
  sqlite3_file_control(database_.get(), "main", SQLITE_FCNTL_FILE_POINTER,
                       static_cast<void*>(&opened));
  sqlite3_int64 size = 0;
  if (opened == nullptr || opened->pMethods == nullptr ||
      opened->pMethods->xFileSize(opened, &size) != SQLITE_OK) {
    fail(database_.get(), where_);
  }
  if (size == 0) throw damaged(where_, "the file is empty, and weir never leaves it so");
  std::string header(kHeaderSize, '\0');
  if (size >= sqlite3_int64{kHeaderSize}) {
    opened->pMethods->xRead(opened, header.data(), static_cast<int>(kHeaderSize), 0);
  }
  const std::int64_t application = big_endian(header, kApplicationAt, 4);
  if (!header.starts_with(kMagic) || application != format.application) {
    throw StateError(fmt::format(
        "{} was not written by weir, or its first bytes are damaged. Name another file for the "
        "state, or put back a copy of it",
        where_));
  }
  const std::int64_t version = big_endian(header, kVersionAt, 4);
  if (version > format.version) throw too_new(where_, version, format.version);
  if (version < 1) throw damaged(where_, fmt::format("there never was a format {}", version));
  check_length(header, size);
}

void SqliteDatabase::check_length(std::string_view header, std::int64_t size) const {
  // Pages that are still in the log may be missing in the file.
  if (has_log()) return;
  const std::int64_t page_field = big_endian(header, kPageSizeAt, 2);
  const std::int64_t page = page_field == 1 ? 65536 : page_field;
  const std::int64_t expected = page * big_endian(header, kPageCountAt, 4);
  if (size >= expected) return;
  throw damaged(where_, fmt::format("it has {} of its {} bytes", size, expected));
}

void SqliteDatabase::configure(Access access) {
  sqlite3* database = database_.get();
  sqlite3_db_config(database, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_db_config(database, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  execute("PRAGMA busy_timeout = 5000");
  execute("PRAGMA cell_size_check = ON");
  execute("PRAGMA foreign_keys = ON");
  execute("PRAGMA synchronous = FULL");
  // 16 MiB, four times the usual: the log is brought into the file less often, with fewer syncs.
  execute("PRAGMA wal_autocheckpoint = 16384");
  if (access == Access::kRead) return execute("PRAGMA query_only = ON");
  // A log that is there was left by a process that died, unless somebody uses it right now.
  if (has_log()) {
    Statement check = prepared("PRAGMA quick_check(1)");
    check.step();
    if (check.text(0) != "ok") throw damaged(where_, check.text(0));
  }
}

SqliteDatabase::Statement SqliteDatabase::prepared(const char* sql) {
  auto& known = statements_[sql];
  if (!known) {
    sqlite3_stmt* statement = nullptr;
    if (sqlite3_prepare_v3(database_.get(), sql, -1, SQLITE_PREPARE_PERSISTENT, &statement,
                           nullptr) != SQLITE_OK) {
      fail(database_.get(), where_);
    }
    known.reset(statement);
  }
  return {database_.get(), known.get(), where_};
}

void SqliteDatabase::execute(const char* sql) {
  if (sqlite3_exec(database_.get(), sql, nullptr, nullptr, nullptr) != SQLITE_OK) {
    fail(database_.get(), where_);
  }
}

void SqliteDatabase::transaction(const std::function<void()>& change) {
  execute("BEGIN IMMEDIATE");
  try {
    change();
    execute("COMMIT");
  } catch (...) {
    // After some failures SQLite has rolled back already, and says so; that is the wish anyway.
    sqlite3_exec(database_.get(), "ROLLBACK", nullptr, nullptr, nullptr);
    throw;
  }
}

std::int64_t SqliteDatabase::last_row() const {
  return sqlite3_last_insert_rowid(database_.get());
}

std::int64_t SqliteDatabase::changed_rows() const {
  return sqlite3_changes64(database_.get());
}

bool SqliteDatabase::has_schema(const char* schema) {
  constexpr const char* kTexts =
      "SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name";
  sqlite3* opened = nullptr;
  const int code = sqlite3_open_v2(":memory:", &opened, SQLITE_OPEN_READWRITE, nullptr);
  const std::unique_ptr<sqlite3, Close> model(opened);
  sqlite3_stmt* texts = nullptr;
  if (code != SQLITE_OK || sqlite3_exec(opened, schema, nullptr, nullptr, nullptr) != SQLITE_OK ||
      sqlite3_prepare_v2(opened, kTexts, -1, &texts, nullptr) != SQLITE_OK) {
    fail(opened, "a new state in memory");
  }
  const std::unique_ptr<sqlite3_stmt, Finalize> owner(texts);
  Statement expected(opened, texts, where_);
  Statement found = prepared(kTexts);
  while (expected.step()) {
    const bool is_same =
        found.step() && found.text(0) == expected.text(0) && found.text(1) == expected.text(1);
    if (!is_same) return false;
  }
  return !found.step();
}

std::string SqliteDatabase::new_file(const SqliteFormat& format, const char* schema) {
  const std::string where = "a new state in memory";
  sqlite3* opened = nullptr;
  const int code = sqlite3_open_v2(":memory:", &opened, SQLITE_OPEN_READWRITE, nullptr);
  const std::unique_ptr<sqlite3, Close> database(opened);
  // Small pages: a commit writes whole ones, and changes a few rows in each of five tables.
  const std::string sql = fmt::format(
      "PRAGMA page_size = 1024; PRAGMA application_id = {}; PRAGMA user_version = {}; {}",
      format.application, format.version, schema);
  if (code != SQLITE_OK ||
      sqlite3_exec(opened, sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) {
    fail(opened, where);
  }
  sqlite3_int64 size = 0;
  const std::unique_ptr<unsigned char, decltype(&sqlite3_free)> image(
      sqlite3_serialize(opened, "main", &size, 0), sqlite3_free);
  if (!image) fail(opened, where);
  std::string content(reinterpret_cast<const char*>(image.get()), static_cast<std::size_t>(size));
  // Both format numbers say "log of writes", so that no opener has to change the mode.
  content.at(18) = content.at(19) = 2;
  return content;
}

SqliteDatabase::Statement::~Statement() {
  sqlite3_reset(statement_);
  sqlite3_clear_bindings(statement_);
}

SqliteDatabase::Statement& SqliteDatabase::Statement::bind(std::int64_t number) {
  sqlite3_bind_int64(statement_, ++bound_, number);
  return *this;
}

SqliteDatabase::Statement& SqliteDatabase::Statement::bind(const std::string& text) {
  sqlite3_bind_text64(statement_, ++bound_, text.data(), text.size(), SQLITE_TRANSIENT,
                      SQLITE_UTF8);
  return *this;
}

SqliteDatabase::Statement& SqliteDatabase::Statement::bind_bytes(const std::string& bytes) {
  sqlite3_bind_blob64(statement_, ++bound_, bytes.data(), bytes.size(), SQLITE_TRANSIENT);
  return *this;
}

SqliteDatabase::Statement& SqliteDatabase::Statement::bind_null() {
  ++bound_;  // what is not bound is null
  return *this;
}

bool SqliteDatabase::Statement::step() {
  const int result = sqlite3_step(statement_);
  if (result != SQLITE_ROW && result != SQLITE_DONE) fail(database_, where_);
  return result == SQLITE_ROW;
}

std::int64_t SqliteDatabase::Statement::number(int column) const {
  return sqlite3_column_int64(statement_, column);
}

std::string SqliteDatabase::Statement::text(int column) const {
  const void* bytes = sqlite3_column_blob(statement_, column);
  const int size = sqlite3_column_bytes(statement_, column);
  if (bytes == nullptr) return "";
  return {static_cast<const char*>(bytes), static_cast<std::size_t>(size)};
}

}  // namespace weir
