// Threads that make short blocking calls; nobody else waits for the network.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace weir {

/// Runs tasks in the order of `post`, as many at once as there are threads.
class Workers {
 public:
  /// A task must not throw.
  using Task = std::function<void()>;

  explicit Workers(std::size_t threads);
  Workers(const Workers&) = delete;
  Workers& operator=(const Workers&) = delete;
  /// Forgets what has not begun and waits for what has.
  ~Workers();

  void post(Task task);

 private:
  void work();

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Task> queue_;
  bool is_ending_ = false;
  std::vector<std::thread> threads_;  // last: its threads use the members above
};

}  // namespace weir
