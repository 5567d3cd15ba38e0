// The control state on disk: one SQLite database, changed only inside transactions.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "emulator/json.h"
#include "emulator/time_values.h"

struct sqlite3;

namespace emulator {

/// A resource: the document that clients see and what only the emulator knows of it.
struct Row {
  std::string name;    ///< "projects/shop/branches/dev"
  std::string kind;    ///< "branch"
  std::string parent;  ///< "projects/shop", "" at the top
  Json shown = Json::object();
  Json hidden = Json::object();
  bool is_deleted = false;  ///< softly
};

struct OperationRow {
  std::string name;      ///< "projects/shop/operations/b3A4"
  std::string resource;  ///< what it acts on
  Json shown = Json::object();
  Json job = Json::object();  ///< what is left to do; survives a crash
  bool is_done = false;
};

/// Something that the clock will make happen to a resource.
struct Timer {
  std::string name;  ///< of the resource or operation
  std::string what;  ///< "finish", "settle", "suspend", "expire", "purge", …
  Instant due;
};

struct ListQuery {
  std::string kind;
  std::string parent;
  std::string after;  ///< list names behind this one
  std::size_t limit = 0;
  bool with_deleted = false;
  std::optional<std::int64_t> order = {};  ///< the seed of another order than by name
};

/// Keeps rows by name. Every change is durable against the death of this process once the
/// outermost `transaction` returns.
class Store {
 public:
  /// Opens or makes the database; ":memory:" keeps nothing. Throws std::runtime_error.
  explicit Store(const std::string& path);
  ~Store();
  Store(const Store&) = delete;
  Store& operator=(const Store&) = delete;

  /// The database's file, for messages.
  std::string file() const;

  /// Runs `change` so that all of it happens or nothing; an exception undoes it.
  void transaction(const std::function<void()>& change);

  std::optional<Row> find(const std::string& name) const;
  void put(const Row& row);
  void erase(const std::string& name);
  /// Erases every row below `name`, which itself stays.
  void erase_below(const std::string& name);
  std::vector<Row> children(const std::string& parent, const std::string& kind) const;
  /// Every row of a kind, wherever it stands.
  std::vector<Row> all(const std::string& kind) const;
  std::size_t count(const std::string& parent, const std::string& kind) const;
  /// A page of documents as text, joined by commas, and the name of the last one if more follow.
  struct Page {
    std::string documents;
    std::string last;
  };
  Page page(const ListQuery& query) const;

  std::optional<OperationRow> find_operation(const std::string& name) const;
  /// By its id alone, without the name of what it acts on.
  std::optional<OperationRow> find_operation_by_id(const std::string& id) const;
  void put_operation(const OperationRow& operation);
  /// Erases ended operations except about the `kept` newest.
  void forget_operations(std::int64_t kept);
  /// Operations that have not ended: at `scope` or below it.
  std::vector<OperationRow> open_operations(const std::string& scope) const;
  std::vector<OperationRow> open_operations() const;

  void set_timer(const Timer& timer);
  void clear_timer(const std::string& name, const std::string& what);
  void clear_timers_below(const std::string& name);
  std::optional<Timer> find_timer(const std::string& name, const std::string& what) const;
  std::optional<Timer> next_timer() const;
  std::vector<Timer> timers(const std::string& what) const;

  std::string fact(const std::string& key) const;
  void set_fact(const std::string& key, const std::string& value);
  void erase_fact(const std::string& key);
  /// Facts whose key begins with `prefix`, in order of their keys.
  std::vector<std::pair<std::string, std::string>> facts(const std::string& prefix) const;

 private:
  class Statement;
  Statement prepared(const char* sql) const;
  void execute(const char* sql) const;
  void refuse_newer_format(const std::string& path) const;
  void add_list_order() const;

  struct Close {
    void operator()(sqlite3* database) const;
  };
  std::unique_ptr<sqlite3, Close> database_;
  struct Cache;
  std::unique_ptr<Cache> cache_;  // before the database goes: its statements belong to it
  int depth_ = 0;
};

}  // namespace emulator
