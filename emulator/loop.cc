#include "emulator/loop.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <exception>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <system_error>
#include <unistd.h>

#include <fmt/format.h>

namespace emulator {
namespace {

[[noreturn]] void throw_errno(const char* call) {
  throw std::system_error(errno, std::generic_category(), call);
}

/// What fails in one handler, for want of disk say, must not end everybody else's work.
void run_guarded(const Loop::Task& task) {
  try {
    task();
  } catch (const std::exception& error) {
    fmt::print(stderr, "weir-emulator: {}; going on\n", error.what());
  }
}

}  // namespace

Loop::Loop() : epoll_(epoll_create1(EPOLL_CLOEXEC)), wake_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  if (epoll_ < 0 || wake_ < 0) throw_errno("cannot create the event loop");
  watch(wake_, EPOLLIN, [this](std::uint32_t) {
    std::uint64_t count = 0;
    [[maybe_unused]] const auto bytes = read(wake_, &count, sizeof count);
  });
}

Loop::~Loop() {
  close(wake_);
  close(epoll_);
}

void Loop::post(Task task) {
  {
    const std::lock_guard lock(posted_mutex_);
    posted_.push_back(std::move(task));
  }
  const std::uint64_t one = 1;
  [[maybe_unused]] const auto bytes = write(wake_, &one, sizeof one);
}

Loop::TimerId Loop::after(std::chrono::nanoseconds delay, Task task) {
  const TimerId id = next_timer_++;
  const Instant due = std::chrono::steady_clock::now() + delay;
  timers_.emplace(std::pair{due, id}, std::move(task));
  timer_times_.emplace(id, due);
  return id;
}

void Loop::cancel(TimerId timer) {
  const auto found = timer_times_.find(timer);
  if (found == timer_times_.end()) return;
  timers_.erase({found->second, timer});
  timer_times_.erase(found);
}

void Loop::watch(int fd, std::uint32_t events, Ready ready) {
  epoll_event event{.events = events, .data = {.fd = fd}};
  if (epoll_ctl(epoll_, EPOLL_CTL_ADD, fd, &event) != 0) throw_errno("cannot watch a socket");
  watched_[fd] = std::make_shared<Ready>(std::move(ready));
}

void Loop::change(int fd, std::uint32_t events) {
  epoll_event event{.events = events, .data = {.fd = fd}};
  if (epoll_ctl(epoll_, EPOLL_CTL_MOD, fd, &event) != 0) throw_errno("cannot watch a socket");
}

void Loop::unwatch(int fd) {
  epoll_ctl(epoll_, EPOLL_CTL_DEL, fd, nullptr);
  watched_.erase(fd);
}

void Loop::run() {
  while (!stopped_) turn(std::chrono::hours(1));
}

void Loop::stop() {
  post([this] { stopped_ = true; });
}

void Loop::turn(std::chrono::milliseconds limit) {
  wait_for_events(std::min(limit, time_to_next_timer()));
  run_posted();
  run_due_timers();
}

void Loop::wait_for_events(std::chrono::milliseconds limit) {
  std::array<epoll_event, 64> events{};
  const int count = epoll_wait(epoll_, events.data(), static_cast<int>(events.size()),
                               static_cast<int>(limit.count()));
  if (count < 0 && errno != EINTR) throw_errno("cannot wait for events");
  for (int i = 0; i < count; ++i) {
    const epoll_event& event = events[static_cast<std::size_t>(i)];
    const auto found = watched_.find(event.data.fd);
    if (found == watched_.end()) continue;
    // Kept alive here because the handler may unwatch its own descriptor.
    const std::shared_ptr<Ready> ready = found->second;
    run_guarded([&] { (*ready)(event.events); });
  }
}

std::chrono::milliseconds Loop::time_to_next_timer() const {
  if (timers_.empty()) return std::chrono::hours(1);
  const auto left = timers_.begin()->first.first - std::chrono::steady_clock::now();
  return std::max(std::chrono::milliseconds(0), std::chrono::ceil<std::chrono::milliseconds>(left));
}

void Loop::run_due_timers() {
  const Instant now = std::chrono::steady_clock::now();
  while (!timers_.empty() && timers_.begin()->first.first <= now) {
    auto node = timers_.extract(timers_.begin());
    timer_times_.erase(node.key().second);
    run_guarded(node.mapped());
  }
}

void Loop::run_posted() {
  std::vector<Task> tasks;
  {
    const std::lock_guard lock(posted_mutex_);
    tasks.swap(posted_);
  }
  for (Task& task : tasks) run_guarded(task);
}

}  // namespace emulator
