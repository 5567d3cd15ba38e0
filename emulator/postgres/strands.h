// A small pool of threads that works on one cluster strictly in order and on many at once.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <list>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

namespace emulator {

/// Tasks that share a name run one after another in the order of `post`; others run side by side.
/// The threads live until `finish`, so children started by a task do too.
class Strands {
 public:
  using Task = std::function<void()>;
  using Names = std::vector<std::string>;

  explicit Strands(int threads);
  Strands(const Strands&) = delete;
  Strands& operator=(const Strands&) = delete;
  ~Strands();

  void post(Names names, Task task);
  void post_after(std::chrono::milliseconds delay, Names names, Task task);
  /// Runs everything that was posted, forgets what is delayed, and ends the threads.
  void finish();

 private:
  using Instant = std::chrono::steady_clock::time_point;
  struct Job {
    Names names;
    Task task;
  };

  void work();
  void queue_due();
  /// The first job none of whose names is busy or wanted by an earlier job.
  std::list<Job>::iterator next_job();

  std::mutex mutex_;
  std::condition_variable changed_;
  std::list<Job> queue_;
  std::multimap<Instant, Job> delayed_;
  std::set<std::string> busy_;
  bool is_finishing_ = false;
  std::vector<std::thread> threads_;  // last: its threads use the members above
};

}  // namespace emulator
