// The way back from the workers: results wait here until the coordinator takes them.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <utility>
#include <vector>

namespace weir {

template <typename Result>
class Inbox {
 public:
  void put(Result result) {
    const std::lock_guard lock(mutex_);
    results_.push_back(std::move(result));
    if (results_.size() >= enough_) arrived_.notify_one();
  }

  using Time = std::chrono::steady_clock::time_point;

  /// Waits until there are as many as `enough`, at most until `end`, and takes all that are there.
  /// Whoever has given the workers much to do wakes seldom.
  std::vector<Result> take(std::size_t enough, Time end) {
    std::unique_lock lock(mutex_);
    enough_ = enough;
    arrived_.wait_until(lock, end, [this] { return results_.size() >= enough_; });
    return std::exchange(results_, {});
  }

 private:
  std::mutex mutex_;
  std::condition_variable arrived_;
  std::vector<Result> results_;
  std::size_t enough_ = 1;
};

}  // namespace weir
