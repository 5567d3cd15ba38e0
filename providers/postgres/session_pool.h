// The sessions of a run: few for each database, few in all, and used again.
#pragma once

#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <vector>

#include "core/databases.h"
#include "core/units.h"
#include "providers/postgres/session.h"

namespace weir::postgres {

/// Thread-safe. Whoever finds no session free waits for one.
class SessionPool {
 public:
  struct Limits {
    std::size_t for_each_database = 2;
    std::size_t in_all = 16;
    /// An idle session keeps a compute awake. Looked at whenever a session comes or goes.
    Duration idle = std::chrono::seconds(30);
  };
  using Open = std::function<std::unique_ptr<Session>(const DatabasePlace& place)>;

  /// A session for as long as it is needed.
  class Loan {
   public:
    Loan(SessionPool& pool, DatabasePlace place, std::unique_ptr<Session> session);
    Loan(const Loan&) = delete;
    Loan& operator=(const Loan&) = delete;
    ~Loan();

    Session& operator*() { return *session_; }
    Session* operator->() { return session_.get(); }
    /// Nobody gets this session again, nor one of the same age: what has ended one ends others.
    void spoil();

   private:
    SessionPool& pool_;
    const DatabasePlace place_;
    std::unique_ptr<Session> session_;
    bool is_spoilt_ = false;
  };

  SessionPool(Open open, Limits limits);

  /// Throws what `open` throws.
  Loan borrow(const DatabasePlace& place);

 private:
  struct Idle {
    std::unique_ptr<Session> session;
    std::chrono::steady_clock::time_point since;
  };
  struct Sessions {
    std::size_t lent = 0;
    std::vector<Idle> idle;
  };

  bool may_lend(const DatabasePlace& place) const;
  std::size_t count() const;
  /// Null when the caller has to open a session, for which there is room then.
  std::unique_ptr<Session> take(const DatabasePlace& place);
  void give_back(const DatabasePlace& place, std::unique_ptr<Session> session, bool is_spoilt);
  void end_old();
  void make_room();

  const Open open_;
  const Limits limits_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::map<DatabasePlace, Sessions> databases_;
};

}  // namespace weir::postgres
