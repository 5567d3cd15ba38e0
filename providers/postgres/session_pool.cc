#include "providers/postgres/session_pool.h"

#include <algorithm>

namespace weir::postgres {

SessionPool::Loan::Loan(SessionPool& pool, DatabasePlace place, std::unique_ptr<Session> session)
    : pool_(pool), place_(std::move(place)), session_(std::move(session)) {}

SessionPool::Loan::~Loan() {
  pool_.give_back(place_, std::move(session_), is_spoilt_);
}

void SessionPool::Loan::spoil() {
  is_spoilt_ = true;
}

SessionPool::SessionPool(Open open, Limits limits) : open_(std::move(open)), limits_(limits) {}

SessionPool::Loan SessionPool::borrow(const DatabasePlace& place) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return may_lend(place); });
  std::unique_ptr<Session> session = take(place);
  lock.unlock();
  if (session) return {*this, place, std::move(session)};
  try {
    session = open_(place);
  } catch (...) {
    give_back(place, nullptr, true);
    throw;
  }
  return {*this, place, std::move(session)};
}

std::size_t SessionPool::count() const {
  std::size_t count = 0;
  for (const auto& [place, sessions] : databases_) count += sessions.lent + sessions.idle.size();
  return count;
}

bool SessionPool::may_lend(const DatabasePlace& place) const {
  const auto found = databases_.find(place);
  if (found != databases_.end()) {
    if (found->second.lent >= limits_.for_each_database) return false;
    if (!found->second.idle.empty()) return true;
  }
  const bool has_idle = std::any_of(databases_.begin(), databases_.end(),
                                    [](const auto& entry) { return !entry.second.idle.empty(); });
  return has_idle || count() < limits_.in_all;
}

std::unique_ptr<Session> SessionPool::take(const DatabasePlace& place) {
  end_old();
  Sessions& sessions = databases_[place];
  std::unique_ptr<Session> session;
  if (!sessions.idle.empty()) {
    // The youngest: the others become old enough to be closed.
    session = std::move(sessions.idle.back().session);
    sessions.idle.pop_back();
  } else if (count() >= limits_.in_all) {
    make_room();
  }
  ++sessions.lent;
  return session;
}

void SessionPool::give_back(const DatabasePlace& place, std::unique_ptr<Session> session,
                            bool is_spoilt) {
  {
    // Sessions end under the lock, which takes no answer of a server, so that there are never more
    // of them than the limits say.
    const std::lock_guard lock(mutex_);
    Sessions& sessions = databases_[place];
    if (is_spoilt) {
      session.reset();
      sessions.idle.clear();
    } else {
      sessions.idle.push_back(
          {.session = std::move(session), .since = std::chrono::steady_clock::now()});
    }
    --sessions.lent;
    end_old();
  }
  changed_.notify_all();
}

void SessionPool::end_old() {
  const auto now = std::chrono::steady_clock::now();
  for (auto& [place, sessions] : databases_) {
    std::erase_if(sessions.idle, [&](const Idle& idle) { return now - idle.since > limits_.idle; });
  }
}

void SessionPool::make_room() {
  Sessions* oldest = nullptr;
  for (auto& [place, sessions] : databases_) {
    if (sessions.idle.empty()) continue;
    if (oldest == nullptr || sessions.idle.front().since < oldest->idle.front().since) {
      oldest = &sessions;
    }
  }
  if (oldest != nullptr) oldest->idle.erase(oldest->idle.begin());
}

}  // namespace weir::postgres
