// The door between the REST side and PostgreSQL: what the API asks of clusters, in the API's words.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace emulator {

/// How a piece of PostgreSQL work ended. An empty `error_code` means success.
struct Outcome {
  std::string error_code = {};  ///< a code of the service, for example "BAD_REQUEST"
  std::string message = {};
  std::string lsn = {};  ///< where a new branch starts, "0/1A2B3C8"
};

/// The data a new branch starts with: the head of `parent`, or its state at a past point.
struct BranchPoint {
  std::string parent;
  std::optional<std::string> lsn = {};
  std::optional<std::chrono::system_clock::time_point> time = {};
};

struct RoleDefinition {
  std::string name;
  bool can_login = true;
  bool is_member_of_superuser = false;
  bool bypassrls = false;
  bool createdb = false;
  bool createrole = false;
};

struct DatabaseDefinition {
  std::string name;
  std::string owner;
};

struct TablePlace {
  std::string database;
  std::string schema;
  std::string name;
};

struct SchemaPlace {
  std::string database;
  std::string schema;
  bool may_be_made = true;
};

/// A table that the service writes, with everything that is in it.
struct TableDefinition {
  struct Column {
    std::string name;
    std::string type;            ///< in PostgreSQL's words, "numeric(10,2)"
    std::string extension = {};  ///< that the type belongs to; its values are given as JSON lists
    std::string generated_as = {};
    bool is_nullable = true;
  };
  TablePlace place;
  std::vector<Column> columns;
  std::vector<std::string> primary_key;
  std::string latest_by = {};  ///< the row with the greatest value stays of those with one key
  std::string rows;            ///< a JSON list of objects by column; bytes in base64
};

/// The roles and databases that a cluster really has, those of the system left out.
struct Inventory {
  std::vector<RoleDefinition> roles;
  std::vector<DatabaseDefinition> databases;
};

struct ComputeDefinition {
  std::string endpoint;  ///< uid of the endpoint, unique for ever
  std::string branch;    ///< uid of its branch
  bool is_read_only = false;
  std::map<std::string, std::string> settings = {};  ///< pg_settings of the endpoint
};

/// Runs PostgreSQL for branches and endpoints, which it knows by uid. Every call returns at once
/// and may be made again after a crash: the same request on a world that already has it succeeds.
/// `Done` runs on the loop's thread.
class Computes {
 public:
  using Done = std::function<void(Outcome)>;
  using Inspected = std::function<void(std::optional<Inventory>)>;
  using Listed = std::function<void(Outcome, std::vector<std::string> names)>;
  using ServerEnded = std::function<void(const std::string& endpoint)>;
  /// Gets the folder of the cluster's Unix socket.
  using Woken = std::function<void(Outcome, std::string socket_folder)>;

  Computes() = default;
  Computes(const Computes&) = delete;
  Computes& operator=(const Computes&) = delete;
  virtual ~Computes() = default;

  /// Called on the loop's thread when the server of an awake compute has ended by itself.
  ServerEnded server_ended = [](const std::string&) {};

  virtual void create_root(const std::string& branch, Done done) = 0;
  virtual void create_branch(const std::string& branch, const BranchPoint& from, Done done) = 0;
  virtual void destroy_branch(const std::string& branch, Done done) = 0;
  /// Drops archived WAL and base copies that no point within `retention` needs.
  virtual void keep_history(const std::string& branch, std::chrono::seconds retention) = 0;

  virtual void create_role(const std::string& branch, const RoleDefinition& role, Done done) = 0;
  virtual void alter_role(const std::string& branch, const RoleDefinition& role, Done done) = 0;
  /// Refused with BAD_REQUEST while the role owns objects, unless `reassign_to` names a role.
  virtual void drop_role(const std::string& branch, const std::string& name,
                         const std::string& reassign_to, Done done) = 0;
  virtual void create_database(const std::string& branch, const DatabaseDefinition& database,
                               Done done) = 0;
  /// Renames `name` to `wanted.name` and gives it to `wanted.owner`.
  virtual void alter_database(const std::string& branch, const std::string& name,
                              const DatabaseDefinition& wanted, Done done) = 0;
  virtual void drop_database(const std::string& branch, const std::string& name, Done done) = 0;
  /// Lets a role connect to a database and make schemas there; "" means to every database.
  virtual void grant_database(const std::string& branch, const std::string& database,
                              const std::string& role, Done done) = 0;

  /// Makes a schema ready for tables of the service; NOT_FOUND when it may not be made.
  virtual void prepare_schema(const std::string& branch, const SchemaPlace& place, Done done) = 0;
  /// Makes or refills a table of the service, which nobody else may write to.
  virtual void write_table(const std::string& branch, const TableDefinition& table, Done done) = 0;
  virtual void drop_table(const std::string& branch, const TablePlace& place, Done done) = 0;
  /// The schemas of a database, those of the system left out.
  virtual void list_schemas(const std::string& branch, const std::string& database,
                            Listed listed) = 0;
  /// The tables in a schema of a database.
  virtual void list_tables(const std::string& branch, const std::string& database,
                           const std::string& schema, Listed listed) = 0;

  /// What a cluster has; nothing unless a compute of it is awake. Never waits for other work.
  virtual void inspect(const std::string& branch, Inspected inspected) = 0;

  virtual void create_compute(const ComputeDefinition& compute, Done done) = 0;
  virtual void destroy_compute(const std::string& endpoint, Done done) = 0;
  /// Starts the cluster that serves `compute` unless it runs, and holds it until `sleep`.
  virtual void wake(const ComputeDefinition& compute, Woken woken) = 0;
  virtual void sleep(const std::string& endpoint, Done done) = 0;
};

}  // namespace emulator
