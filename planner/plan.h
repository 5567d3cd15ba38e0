// What would be done: steps with edges, computed once and never again.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/address.h"
#include "core/databases.h"
#include "core/diagnostic.h"
#include "core/operation.h"
#include "core/store.h"
#include "core/units.h"
#include "manifest/manifest.h"
#include "planner/change.h"
#include "sql/difference.h"

namespace weir {

enum class Action {
  kCreate,
  kUpdate,
  kDelete,  ///< softly where the service can
  kPurge,   ///< for good
  kUndelete,
  kForget,   ///< it is gone, or to be left alone: only the record goes
  kExecute,  ///< statements inside a database
};

/// "create", "update", …
std::string_view text_of(Action action);

/// What must still hold when the step begins; otherwise it is stale.
struct Precondition {
  bool must_be_absent = false;
  std::string uid = {};
  std::string update_time = {};
  Document fields = Document::object();  ///< observed values of the fields that the step changes
  /// The uids, or "", of what is there already and is needed: what contains the resource, and what
  /// the step refers to; by remote name.
  std::map<std::string, std::string> needs = {};
};

/// Something that goes with a resource that is deleted or replaced.
struct Loss {
  std::string kind;
  std::string name;  ///< remote
  bool is_declared = false;
  std::string size = {};           ///< "1.2 GiB"
  std::string last_activity = {};  ///< a timestamp
};

/// An app that nobody here declares, and the key under which it has what ends.
struct BoundApp {
  std::string name;  ///< "shop-app"
  std::string key;   ///< of its resources
};

/// A statement inside a database, and why it is there.
struct PlannedStatement {
  sql::Statement statement = {};
  Reason reason = Reason::kNew;
};

/// A role whose password comes from a secret variable.
struct PasswordSource {
  std::string role = {};  ///< as it is called inside Postgres
  SecretSource secret = {};
};

/// What a step executes inside a database, in one transaction.
struct Script {
  DatabasePlace place = {};
  /// As sql::document_of gives them: compared with the database again right before.
  Document wishes = Document::object();
  std::vector<PlannedStatement> statements = {};
  std::vector<PasswordSource> passwords = {};
  /// What the statements were worked out from when the database could not be seen yet, in words;
  /// "": they are exactly what will be executed.
  std::string predicted_from = {};
};

/// The schemas that a script drops, with all that is in them.
std::vector<std::string> dropped_schemas(const Script& script);

struct Step {
  Action action = Action::kCreate;
  bool is_replacement = false;  ///< one half of delete and create
  Address address = {};
  const Kind* kind = nullptr;
  std::string remote_name = {};
  std::string why = {};  ///< one clause: "not in the workspace", "pg_version is fixed at creation"
  std::vector<FieldChange> changes = {};
  std::optional<Request> request = {};  ///< the first one; none for kForget and kExecute
  std::optional<Script> script = {};    ///< of kExecute
  Precondition precondition = {};
  std::vector<std::size_t> after = {};  ///< indices of steps that come first
  std::string disruption = {};
  std::vector<Loss> losses = {};
  std::vector<BoundApp> bound_apps = {};  ///< that lose with it what they are bound to
  std::string recoverable_until = {};     ///< when a deletion can be undone: until when, in words
  /// Steps with the same lock run one at a time: the service changes a branch's roles, databases
  /// and endpoints singly. A lock and no edges, since any order will do.
  std::string lock = {};
  /// What is remembered of the address once the step is done, but for what only the service knows
  /// then (uid, create_time); nothing: nothing is.
  std::optional<Record> record = {};
  /// The same of what the service makes together with the resource, and of roles that statements
  /// make.
  std::vector<Record> brings = {};
  Place place = {};

  bool is_destructive() const { return action == Action::kDelete || action == Action::kPurge; }
};

/// What differs in the workspace from what was last applied, whoever changed it.
struct Drift {
  Address address = {};
  const Kind* kind = nullptr;
  bool is_gone = false;
  std::vector<FieldChange> changes = {};
  /// Inside a database: what would undo the drift, and says what it is.
  std::vector<PlannedStatement> statements = {};
  /// The same where nothing can undo it: "there is no table app.t".
  std::vector<std::string> problems = {};
  Place place = {};
};

/// Something in a declared parent that no manifest declares.
struct Unmanaged {
  const Kind* kind = nullptr;
  std::string name;  ///< remote; inside of a database its address
  std::string postgres_name = {};
  std::string access = {};  ///< inside: "table app.a gives SELECT to bob, which nothing declares"
};

/// Something that people should know and that changes nothing.
struct Notice {
  enum class Type {
    kExpiresSoon,
    kExpired,
    kLeftAsItIs,
    kKeptOnRemoval,
    kDefaultsDoNotReach,
    kPolicy,
    kInside,         ///< what no statement does or can do
    kNotSeen,        ///< a database that was not looked into, and why
    kChangedUnseen,  ///< the same, and what is declared of it has changed since it was applied
  };
  Type type = Type::kLeftAsItIs;
  Address address = {};
  std::string text = {};
  Place place = {};
};

bool is_unseen(const Notice& notice);
/// "expires_soon", …
std::string_view text_of(Notice::Type type);

struct Plan {
  std::string name = {};  ///< of the manifest
  std::string environment = {};
  std::string host = {};
  std::string workspace_id = {};
  ServerChoice server = {};  ///< instead of a workspace; its address gives the host
  Instant made_at = {};
  std::string manifest_hash = {};
  StateChoice state = {};        ///< where is what was remembered when it was made
  std::string lineage = {};      ///< of that state; "" when there was none
  std::int64_t serial = 0;       ///< what that state had reached
  std::vector<Step> steps = {};  ///< in an order in which they could run one by one
  /// What is to be remembered of resources that exist as declared and need no step.
  std::vector<Record> adoptions = {};
  std::vector<Drift> drift = {};
  std::vector<Unmanaged> unmanaged = {};
  std::vector<Notice> notices = {};
  /// Reasons why it must not be applied: protection, policies, missing consent.
  std::vector<Diagnostic> refusals = {};
  std::size_t declared = 0;  ///< declarations in all
  std::size_t adopted = 0;   ///< declarations that exist as wanted and were never applied
  std::size_t requests = 0;  ///< sent to see the world
  std::size_t queries = 0;   ///< round trips into databases, for the same

  bool is_empty() const { return steps.empty(); }
  /// What it is for, in sentences.
  std::string_view target() const { return server.is_made() ? "server" : "workspace"; }
};

struct Counts {
  std::size_t create = 0;
  std::size_t update = 0;
  std::size_t destroy = 0;  ///< resources, and schemas that scripts drop
  std::size_t replace = 0;
  std::size_t undelete = 0;
  std::size_t adopt = 0;
  std::size_t forget = 0;
  std::size_t statements = 0;
  std::size_t drifted = 0;
};

Counts count(const Plan& plan);

}  // namespace weir
