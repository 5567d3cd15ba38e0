// The thread that owns the emulator's world: sockets, timers and closures run here, one at a time.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <vector>

namespace emulator {

/// Runs handlers one after another on the thread that calls `run`; only `post` and `stop` may be
/// called from other threads.
class Loop {
 public:
  using Task = std::function<void()>;
  using Ready = std::function<void(std::uint32_t events)>;
  using TimerId = std::uint64_t;

  Loop();
  ~Loop();
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  /// Runs `task` soon on the loop's thread.
  void post(Task task);
  /// Runs `task` on the loop's thread after `delay` of real time.
  TimerId after(std::chrono::nanoseconds delay, Task task);
  void cancel(TimerId timer);

  /// Calls `ready` with the epoll events of `fd` until `unwatch`. The caller keeps `fd` open.
  void watch(int fd, std::uint32_t events, Ready ready);
  void change(int fd, std::uint32_t events);
  void unwatch(int fd);

  /// Runs until `stop`. A handler that throws is reported, and the others go on.
  void run();
  void stop();
  /// Waits for the next event, at most `limit`, and runs what became due.
  void turn(std::chrono::milliseconds limit);

 private:
  using Instant = std::chrono::steady_clock::time_point;

  void wait_for_events(std::chrono::milliseconds limit);
  std::chrono::milliseconds time_to_next_timer() const;
  void run_due_timers();
  void run_posted();

  int epoll_;
  int wake_;
  bool stopped_ = false;
  TimerId next_timer_ = 1;
  std::map<int, std::shared_ptr<Ready>> watched_;
  std::map<std::pair<Instant, TimerId>, Task> timers_;
  std::map<TimerId, Instant> timer_times_;
  std::mutex posted_mutex_;
  std::vector<Task> posted_;
};

/// Watches a descriptor as long as it lives, on the loop's thread.
class Watch {
 public:
  Watch(Loop& loop, int fd, std::uint32_t events, Loop::Ready ready) : loop_(loop), fd_(fd) {
    loop_.watch(fd, events, std::move(ready));
  }
  Watch(const Watch&) = delete;
  Watch& operator=(const Watch&) = delete;
  ~Watch() { loop_.unwatch(fd_); }

 private:
  Loop& loop_;
  int fd_;
};

}  // namespace emulator
