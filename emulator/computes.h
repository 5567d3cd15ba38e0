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

  /// What a cluster has; nothing unless a compute of it is awake. Never waits for other work.
  virtual void inspect(const std::string& branch, Inspected inspected) = 0;

  virtual void create_compute(const ComputeDefinition& compute, Done done) = 0;
  virtual void destroy_compute(const std::string& endpoint, Done done) = 0;
  /// Starts the cluster that serves `compute` unless it runs, and holds it until `sleep`.
  virtual void wake(const ComputeDefinition& compute, Woken woken) = 0;
  virtual void sleep(const std::string& endpoint, Done done) = 0;
};

}  // namespace emulator
