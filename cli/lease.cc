#include "cli/lease.h"

#include <array>
#include <chrono>
#include <thread>
#include <unistd.h>

#include <fmt/format.h>

#include "cli/interrupts.h"
#include "core/clock.h"

namespace weir {
namespace {

constexpr std::chrono::milliseconds kPause{250};

Duration patience_of(const Invocation& invocation) {
  const std::string text = invocation.options.value("lock-timeout");
  if (text.empty()) return {};
  if (const auto duration = parse_duration(text)) return *duration;
  throw UsageError(fmt::format("-lock-timeout {}: expected a duration such as 30s", text));
}

Run new_run(const Invocation& invocation, const Clock& clock, const std::string& plan_hash) {
  const std::string now = timestamp_text(clock.now());
  return {.id = fmt::format("{}-{}", now, getpid()),
          .plan_hash = plan_hash,
          .actor = actor_of(invocation),
          .tool_version = WEIR_VERSION,
          .started_at = now};
}

std::string words_of(const Holder& holder) {
  return fmt::format("{} applies since {}; wait for it, or wait with -lock-timeout 10m",
                     harmless(holder.actor), harmless(holder.since));
}

}  // namespace

std::string actor_of(const Invocation& invocation) {
  std::array<char, 256> host = {};
  if (gethostname(host.data(), host.size() - 1) != 0) host[0] = '?';
  std::string who = invocation.variable("USER").value_or("");
  if (who.empty()) who = invocation.variable("LOGNAME").value_or(fmt::format("user {}", getuid()));
  return fmt::format("{}@{}, process {}", who, host.data(), getpid());
}

HeldLease::HeldLease(const Invocation& invocation, const Clock& clock, Store& store,
                     const std::string& plan_hash)
    : store_(store) {
  const Run run = new_run(invocation, clock, plan_hash);
  const auto end = std::chrono::steady_clock::now() + patience_of(invocation);
  bool is_told = false;
  while (const auto holder = store.try_acquire(run)) {
    if (std::chrono::steady_clock::now() >= end) throw LockHeldError(words_of(*holder));
    if (!is_told) report(invocation, fmt::format("waiting: {}\n", words_of(*holder)));
    is_told = true;
    std::this_thread::sleep_for(kPause);
    Interrupts::stop_if_any();
  }
}

HeldLease::~HeldLease() {
  if (is_held_) give_up("failed");
}

void HeldLease::give_up(const std::string& outcome) noexcept {
  is_held_ = false;
  try {
    store_.release(outcome);
  } catch (const std::exception&) {
    // Why this run ends is being told already.
  }
}

void HeldLease::release(const std::string& outcome) {
  is_held_ = false;
  store_.release(outcome);
}

}  // namespace weir
