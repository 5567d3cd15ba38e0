#include "cli/invocation.h"

#include <cerrno>
#include <cstdio>
#include <cstring>

#include <fmt/format.h>

#include "core/clock.h"
#include "core/error.h"

namespace weir {

std::string Invocation::format() const {
  const std::string chosen = options.value("output");
  return chosen.empty() ? "text" : chosen;
}

std::optional<std::string> Invocation::variable(const std::string& name) const {
  std::optional<std::string> value = getenv(name);
  return value && !value->empty() ? value : std::nullopt;
}

void print_text(const Invocation& invocation, std::string_view text) {
  print_exactly(invocation.out.is_github ? without_commands(text) : std::string(text));
}

namespace {

/// Standard output is one for the whole program, and so is this.
bool is_anything_printed = false;

}  // namespace

bool has_printed() {
  return is_anything_printed;
}

void print_exactly(std::string_view text) {
  is_anything_printed = is_anything_printed || !text.empty();
  const std::size_t written = std::fwrite(text.data(), 1, text.size(), stdout);
  if (written != text.size() || std::fflush(stdout) != 0) {
    throw Error(fmt::format("cannot write to standard output: {}", std::strerror(errno)));
  }
}

void report(const Invocation& invocation, std::string_view text) {
  const std::string shown = invocation.err.is_github ? without_commands(text) : std::string(text);
  std::fwrite(shown.data(), 1, shown.size(), stderr);
}

void note(const Invocation& invocation, std::string_view text) {
  if (!invocation.is_quiet()) report(invocation, text);
}

namespace {

class StandingClock : public Clock {
 public:
  explicit StandingClock(Instant now) : now_(now) {}
  Instant now() const override { return now_; }

 private:
  const Instant now_;
};

}  // namespace

std::unique_ptr<Clock> clock_of(const Invocation& invocation) {
  if (!invocation.variable("WEIR_NOW")) return std::make_unique<SystemClock>();
  return std::make_unique<StandingClock>(time_of_run(invocation));
}

Instant time_of_run(const Invocation& invocation) {
  const std::optional<std::string> chosen = invocation.variable("WEIR_NOW");
  if (!chosen) return SystemClock().now();
  const std::optional<Instant> instant = parse_timestamp(*chosen);
  if (!instant) {
    throw ConfigurationError(fmt::format(
        "WEIR_NOW is \"{}\"; write a time such as 2026-08-20T12:00:00Z, or unset it", *chosen));
  }
  return *instant;
}

}  // namespace weir
