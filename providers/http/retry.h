// Which calls are made again, after how long, and for how long: one table, pure.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "providers/http/message.h"
#include "providers/http/timing.h"

namespace weir::http {

enum class Verdict : std::uint8_t {
  kFinal,
  kRetry,
  kRetryBriefly,  ///< a few times only: more often it is a mistake than an outage
};

enum class Repeatable : std::uint8_t { kNo, kYes };

/// Decides by what happened, never by an error's text. `code` is the service's error code.
Verdict verdict_on(Repeatable repeatable, Failure failure, int status, std::string_view code);

/// A date as HTTP writes it, in any of its three forms.
std::optional<Instant> parse_http_date(std::string_view text);

/// The value of a Retry-After header: seconds or a date. Nothing for what is neither; a time that
/// is over is 0.
std::optional<Duration> parse_retry_after(std::string_view text, Instant now);

struct RetryPolicy {
  Duration budget = std::chrono::minutes(5);  ///< negative: no limit
  Duration first_delay = std::chrono::milliseconds(500);
  Duration longest_delay = std::chrono::seconds(10);
  int brief_retries = 3;
};

struct Outcome {
  Answer answer;
  int attempts = 0;
  /// What the service asked for, when it is longer than what was left of the budget.
  std::optional<Duration> asked_wait = {};
};

/// Calls `send` until its answer is final or the budget is spent. Delays have full jitter, are at
/// least what the service asks for, and never reach beyond the budget: when more is asked for, it
/// ends at once. Tells about each new attempt at `what`, "GET /api/2.0/postgres/projects".
Outcome send_with_retries(const std::function<Answer()>& send, Repeatable repeatable,
                          const RetryPolicy& policy, const Timing& timing, const std::string& what);

}  // namespace weir::http
