// The way back from the workers: results wait here until the coordinator takes them.
#pragma once

#include <condition_variable>
#include <mutex>
#include <utility>
#include <vector>

namespace weir {

template <typename Result>
class Inbox {
 public:
  void put(Result result) {
    {
      const std::lock_guard lock(mutex_);
      results_.push_back(std::move(result));
    }
    arrived_.notify_one();
  }

  /// Waits until there is something, and takes all of it.
  std::vector<Result> take() {
    std::unique_lock lock(mutex_);
    arrived_.wait(lock, [this] { return !results_.empty(); });
    return std::exchange(results_, {});
  }

 private:
  std::mutex mutex_;
  std::condition_variable arrived_;
  std::vector<Result> results_;
};

}  // namespace weir
