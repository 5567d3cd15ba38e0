// What weir remembers of earlier applies. Losing it changes no create or update of a plan.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/address.h"
#include "core/document.h"
#include "core/error.h"
#include "core/units.h"

namespace weir {

/// One resource as it was last applied.
struct Record {
  Address address;
  std::string kind;
  std::string remote_name;
  std::string uid = {};
  Document fields = Document::object();  ///< canonical values that the manifest had
  bool is_protected = false;             ///< `lifecycle.protect` outlives the block that set it
  std::string on_remove = {};            ///< "delete", "keep" or "fail"
  std::string create_time = {};          ///< of the resource; lifetimes count from it

  bool operator==(const Record&) const = default;
};

using Records = std::map<Address, Record>;

/// The record as JSON, for stores and plan files.
Document document_of(const Record& record);
/// The inverse; nothing for what it never writes.
std::optional<Record> read_record(const Document& document);

/// Something that is about to be asked of the service, or was and whose end is not known. It is on
/// disk before the request leaves.
struct Intent {
  std::string id;      ///< unique among those that are open
  std::string action;  ///< "create"
  Address address;
  std::string kind;
  std::string remote_name;
  std::string uid = {};        ///< that the resource has; "" when it is made
  std::string request = {};    ///< method and target, for people
  std::string operation = {};  ///< its name, once the service has accepted the work
  std::string prepared_at = {};
  std::optional<Record> record =
      {};  ///< what is remembered when it succeeds; nothing: none is left

  bool operator==(const Intent&) const = default;
};

/// What is remembered of an address from now on.
struct Remembered {
  std::string action;  ///< "create", "adopt", "forget", …: for the history
  Address address;
  std::optional<Record> record = {};  ///< nothing: it is forgotten
};

/// One durable step of an apply: all of it happens, or nothing.
struct Commit {
  struct Accepted {
    std::string intent;
    std::string operation;
  };

  std::vector<Intent> prepared = {};
  std::vector<Accepted> accepted = {};
  std::vector<std::string> closed = {};  ///< intents that are over, by id
  std::vector<Remembered> remembered = {};

  bool is_empty() const {
    return prepared.empty() && accepted.empty() && closed.empty() && remembered.empty();
  }
};

/// One change of one record, never altered afterwards.
struct HistoryEntry {
  std::int64_t serial = 0;  ///< of the commit
  std::string at = {};      ///< RFC 3339
  std::string run = {};     ///< the apply that did it
  std::string action = {};
  Address address = {};
  std::optional<Record> before = {};
  std::optional<Record> after = {};
};

/// One apply, from its lease to its end.
struct Run {
  std::string id = {};
  std::string plan_hash = {};
  std::string actor = {};  ///< "ana@laptop, process 4711"
  std::string tool_version = {};
  std::string started_at = {};
  std::string ended_at = {};
  std::string outcome = {};  ///< "" while it runs, or when it was killed
};

/// How the runs ended that carried a plan out, and those of `weir state`; others end in words for
/// people.
namespace outcome {
inline constexpr std::string_view kComplete = "complete";
inline constexpr std::string_view kIncomplete = "incomplete";
inline constexpr std::string_view kForgotten = "forgotten";
inline constexpr std::string_view kUnlocked = "unlocked";
}  // namespace outcome

/// What is known of the state as a whole.
struct Head {
  std::string lineage = {};  ///< random, made with the state
  std::int64_t serial = 0;   ///< counts the commits that changed a record, and unlocks
  std::int64_t epoch = 0;    ///< counts the leases
  std::string chain = {};    ///< of the history: each entry hashes the one before it
  std::string host = {};     ///< of the workspace that it is about; "" before the first apply
  std::string workspace_id = {};
};

/// Who may apply, for how long.
struct Holder {
  std::string actor = {};
  std::string run = {};
  std::string since = {};
};

/// The lease went to somebody else, or nobody can say whether it did. Nothing may be sent any more.
class LeaseLostError : public StateError {
 public:
  using StateError::StateError;
};

/// Another program works on the state right now, for longer than this one waited.
class StateBusyError : public StateError {
 public:
  using StateError::StateError;
};

/// Used by one thread. Everything that fails throws StateError with what to do about it.
class Store {
 public:
  Store() = default;
  Store(const Store&) = delete;
  Store& operator=(const Store&) = delete;
  virtual ~Store() = default;

  virtual Head head() = 0;
  virtual Records records() = 0;
  virtual std::vector<Intent> intents() = 0;
  /// Oldest first, of commits after `after_serial`.
  virtual std::vector<HistoryEntry> history(std::int64_t after_serial) = 0;
  virtual std::vector<Run> runs() = 0;

  /// Takes the lease and begins a run, unless somebody holds it: then it answers who. A lease whose
  /// time is over, or whose process is gone, is free.
  virtual std::optional<Holder> try_acquire(const Run& run) = 0;
  /// Who holds the lease now.
  virtual std::optional<Holder> holder() = 0;
  /// To be called now and then while a lease is held; renews it when it is time. Throws
  /// LeaseLostError.
  virtual void keep_alive() = 0;
  /// How long requests may still be on their way under this lease; the longest duration where a
  /// lease cannot end by itself.
  virtual Duration lease_left() = 0;
  /// How long a new holder must wait before its first request, for those of a holder that was
  /// taken over from while it may have lived; usually zero.
  virtual Duration drain() = 0;
  /// The workspace that the state is about, set once.
  virtual void bind(const std::string& host, const std::string& workspace_id) = 0;
  /// Durable when it returns. Throws LeaseLostError when the lease is not ours any more.
  virtual void commit(const Commit& commit) = 0;
  /// Ends the run and gives the lease back.
  virtual void release(const std::string& outcome) = 0;
  /// Ends the lease of somebody else by force: they will find it lost. Noted in the history. Where
  /// a lease ends with its process, one of a living process is refused.
  virtual void unlock(const std::string& actor) = 0;
};

}  // namespace weir
