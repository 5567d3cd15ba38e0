// SQLite as this program uses it: one connection, prepared statements, and errors that say what to
// do.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "core/error.h"

struct sqlite3;
struct sqlite3_stmt;

namespace weir {

/// What makes a database ours.
struct SqliteFormat {
  std::int64_t application = 0;
  std::int64_t version = 0;
};

class SqliteDatabase {
 public:
  enum class Access {
    kChange,
    kRead,
  };
  class Statement;

  /// Opens a file that is there. Throws StateError, and changes nothing, unless it is a whole
  /// database of this format.
  SqliteDatabase(const std::filesystem::path& file, const SqliteFormat& format, Access access);
  SqliteDatabase(const SqliteDatabase&) = delete;
  SqliteDatabase& operator=(const SqliteDatabase&) = delete;
  ~SqliteDatabase();

  /// `sql` must live as long as the database does: it is the statement's name.
  Statement prepared(const char* sql);
  void execute(const char* sql);
  /// Runs `change` so that all of it happens or nothing.
  void transaction(const std::function<void()>& change);
  std::int64_t last_row() const;
  /// How many rows the last statement changed.
  std::int64_t changed_rows() const;

  /// "the state in /home/ana/.weir/shop.db"
  const std::string& where() const { return where_; }
  /// Whether the tables and what belongs to them are as `schema` makes them.
  bool has_schema(const char* schema);
  /// The content of a new file: what `schema` makes, in the mode that keeps a log of writes.
  static std::string new_file(const SqliteFormat& format, const char* schema);

 private:
  void open(Access access);
  void check_header(const SqliteFormat& format);
  void check_length(std::string_view header, std::int64_t size) const;
  void configure(Access access);
  bool has_log() const;

  struct Close {
    void operator()(sqlite3* database) const;
  };
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const;
  };
  std::filesystem::path file_;
  std::string where_;
  std::unique_ptr<sqlite3, Close> database_;
  // Last: the statements end before their database does.
  std::map<const char*, std::unique_ptr<sqlite3_stmt, Finalize>> statements_;
};

/// A statement in use: bind in order, then step; it is free again when this goes out of scope.
class SqliteDatabase::Statement {
 public:
  Statement(sqlite3* database, sqlite3_stmt* statement, const std::string& where)
      : database_(database), statement_(statement), where_(where) {}
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;
  ~Statement();

  Statement& bind(std::int64_t number);
  Statement& bind(const std::string& text);
  Statement& bind_bytes(const std::string& bytes);
  Statement& bind_null();
  /// Whether there is one more row.
  bool step();
  void run() {
    while (step()) {
    }
  }

  std::int64_t number(int column) const;
  /// Text or bytes; "" for null.
  std::string text(int column) const;

 private:
  sqlite3* database_;
  sqlite3_stmt* statement_;
  const std::string& where_;
  int bound_ = 0;
};

}  // namespace weir
