#include "emulator/postgres/strands.h"

#include <algorithm>
#include <utility>

namespace emulator {

Strands::Strands(int threads) {
  for (int i = 0; i < threads; ++i) threads_.emplace_back([this] { work(); });
}

Strands::~Strands() {
  finish();
}

void Strands::post(Names names, Task task) {
  {
    const std::lock_guard lock(mutex_);
    queue_.push_back({std::move(names), std::move(task)});
  }
  changed_.notify_one();
}

void Strands::post_after(std::chrono::milliseconds delay, Names names, Task task) {
  const Instant due = std::chrono::steady_clock::now() + delay;
  {
    const std::lock_guard lock(mutex_);
    delayed_.emplace(due, Job{std::move(names), std::move(task)});
  }
  changed_.notify_one();
}

void Strands::finish() {
  {
    const std::lock_guard lock(mutex_);
    is_finishing_ = true;
    delayed_.clear();
  }
  changed_.notify_all();
  for (std::thread& thread : threads_) {
    if (thread.joinable()) thread.join();
  }
}

void Strands::work() {
  std::unique_lock lock(mutex_);
  for (;;) {
    queue_due();
    const auto next = next_job();
    if (next != queue_.end()) {
      Job job = std::move(*next);
      queue_.erase(next);
      busy_.insert(job.names.begin(), job.names.end());
      lock.unlock();
      job.task();
      job.task = nullptr;
      lock.lock();
      for (const std::string& name : job.names) busy_.erase(name);
      changed_.notify_all();
      continue;
    }
    // All threads end together: a thread that leaves early would take its servers with it.
    if (is_finishing_ && queue_.empty() && busy_.empty()) {
      changed_.notify_all();
      return;
    }
    if (delayed_.empty()) {
      changed_.wait(lock);
    } else {
      const Instant due = delayed_.begin()->first;
      changed_.wait_until(lock, due);
    }
  }
}

void Strands::queue_due() {
  const Instant now = std::chrono::steady_clock::now();
  while (!delayed_.empty() && delayed_.begin()->first <= now) {
    queue_.push_back(std::move(delayed_.begin()->second));
    delayed_.erase(delayed_.begin());
  }
}

std::list<Strands::Job>::iterator Strands::next_job() {
  std::set<std::string> taken = busy_;
  for (auto job = queue_.begin(); job != queue_.end(); ++job) {
    const bool is_free =
        std::none_of(job->names.begin(), job->names.end(),
                     [&](const std::string& name) { return taken.contains(name); });
    if (is_free) return job;
    taken.insert(job->names.begin(), job->names.end());
  }
  return queue_.end();
}

}  // namespace emulator
