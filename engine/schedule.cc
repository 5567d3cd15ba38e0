#include "engine/schedule.h"

#include <algorithm>

namespace weir {

Schedule::Schedule(const Plan& plan)
    : plan_(plan), nodes_(plan.steps.size()), open_(plan.steps.size()) {
  std::map<std::string, std::size_t> lengths;  // of what runs one at a time, from here to the end
  for (std::size_t step = nodes_.size(); step-- > 0;) {
    Node& node = nodes_[step];
    const std::string& lock = plan.steps[step].lock;
    // Whatever shares a lock is a queue: each of its steps has the rest of it behind itself.
    if (!lock.empty()) node.length = lengths[lock] = std::max(node.length, lengths[lock] + 1);
    node.missing = plan.steps[step].after.size();
    for (const std::size_t before : plan.steps[step].after) {
      nodes_[before].next.push_back(step);
      nodes_[before].length = std::max(nodes_[before].length, node.length + 1);
    }
  }
  for (std::size_t step = 0; step < nodes_.size(); ++step) {
    if (nodes_[step].missing == 0) make_ready(step);
  }
}

std::pair<std::ptrdiff_t, std::size_t> Schedule::urgency(std::size_t step) const {
  return {-static_cast<std::ptrdiff_t>(nodes_[step].length), step};
}

void Schedule::make_ready(std::size_t step) {
  nodes_[step].state = State::kReady;
  const std::string& lock = plan_.steps[step].lock;
  const bool has_to_wait = !lock.empty() && locks_[lock].is_taken;
  (has_to_wait ? locks_[lock].waiting : ready_).insert(urgency(step));
}

std::optional<std::pair<std::size_t, std::size_t>> Schedule::waiting() {
  const auto waits = [](const Node& node) { return node.state == State::kWaiting; };
  const auto first = std::find_if(nodes_.begin() + static_cast<std::ptrdiff_t>(first_waiting_),
                                  nodes_.end(), waits);
  first_waiting_ = static_cast<std::size_t>(first - nodes_.begin());
  if (first == nodes_.end()) return std::nullopt;
  const std::vector<std::size_t>& after = plan_.steps[first_waiting_].after;
  const auto is_open = [&](std::size_t step) { return nodes_[step].state != State::kDone; };
  return std::pair(first_waiting_, *std::ranges::find_if(after, is_open));
}

std::optional<std::size_t> Schedule::begin() {
  while (!ready_.empty()) {
    const auto first = *ready_.begin();
    ready_.erase(ready_.begin());
    const std::size_t step = first.second;
    const std::string& name = plan_.steps[step].lock;
    if (!name.empty()) {
      Lock& lock = locks_[name];
      if (lock.is_taken) {
        lock.waiting.insert(first);
        continue;
      }
      lock.is_taken = true;
    }
    nodes_[step].state = State::kRunning;
    --open_;
    return step;
  }
  return std::nullopt;
}

void Schedule::end(std::size_t step, State state) {
  nodes_[step].state = state;
  const std::string& name = plan_.steps[step].lock;
  if (name.empty()) return;
  Lock& lock = locks_[name];
  lock.is_taken = false;
  if (lock.waiting.empty()) return;
  ready_.insert(*lock.waiting.begin());
  lock.waiting.erase(lock.waiting.begin());
}

void Schedule::finish(std::size_t step) {
  end(step, State::kDone);
  for (const std::size_t next : nodes_[step].next) {
    Node& node = nodes_[next];
    if (--node.missing == 0 && node.state == State::kWaiting) make_ready(next);
  }
}

std::vector<std::size_t> Schedule::fail(std::size_t step) {
  end(step, State::kFailed);
  std::vector<std::size_t> blocked;
  std::vector<std::size_t> ahead = nodes_[step].next;
  while (!ahead.empty()) {
    const std::size_t next = ahead.back();
    ahead.pop_back();
    Node& node = nodes_[next];
    if (node.state != State::kWaiting) continue;
    node.state = State::kBlocked;
    --open_;
    blocked.push_back(next);
    ahead.insert(ahead.end(), node.next.begin(), node.next.end());
  }
  std::ranges::sort(blocked);
  return blocked;
}

}  // namespace weir
