#include "providers/http/retry.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <ctime>

#include <fmt/format.h>

#include "providers/http/problem.h"

namespace weir::http {
namespace {

/// Codes that mean one thing whatever the status is.
bool is_refusal_of_pace(std::string_view code) {
  return code == "RESOURCE_EXHAUSTED" || code == "REQUEST_LIMIT_EXCEEDED";
}
bool is_final_code(std::string_view code) {
  constexpr std::array<std::string_view, 6> kFinal = {
      "INVALID_STATE", "INVALID_PARAMETER_VALUE", "RESOURCE_DOES_NOT_EXIST",
      "ABORTED",       "ALREADY_EXISTS",          "RESOURCE_ALREADY_EXISTS"};
  return std::find(kFinal.begin(), kFinal.end(), code) != kFinal.end();
}

Verdict verdict_on_failure(Repeatable repeatable, Failure failure) {
  switch (failure) {
    case Failure::kUnresolved:
    case Failure::kUnreachable:
      // Nothing was sent, so that even a call that changes something may be made again.
      return Verdict::kRetryBriefly;
    case Failure::kTimeout:
    case Failure::kLost:
      return repeatable == Repeatable::kYes ? Verdict::kRetry : Verdict::kFinal;
    default:
      return Verdict::kFinal;
  }
}

/// Since 1970, of a date as HTTP writes it.
std::optional<std::int64_t> seconds_of_date(std::string_view text) {
  const std::string terminated(text);
  for (const char* format :
       {"%a, %d %b %Y %H:%M:%S GMT", "%A, %d-%b-%y %H:%M:%S GMT", "%a %b %e %H:%M:%S %Y"}) {
    std::tm date = {};
    const char* end = strptime(terminated.c_str(), format, &date);
    if (end != nullptr && *end == '\0') return timegm(&date);
  }
  return std::nullopt;
}

Duration jittered_delay(const RetryPolicy& policy, int attempt, double random) {
  Duration delay = policy.first_delay;
  for (int i = 1; i < attempt && delay < policy.longest_delay; ++i) delay *= 2;
  delay = std::min(delay, policy.longest_delay);
  return std::chrono::duration_cast<Duration>(
      std::chrono::duration<double, std::nano>(static_cast<double>(delay.count()) * random));
}

std::string reason_of(const Answer& answer, const Problem& problem) {
  if (answer.failure != Failure::kNone) return "no answer (" + tame(answer.detail) + ")";
  return fmt::format("{}{}{}", answer.status, problem.code.empty() ? "" : " ", problem.code);
}

std::string limit_of(const RetryPolicy& policy, Verdict verdict) {
  if (verdict == Verdict::kRetryBriefly) {
    return fmt::format(", {} times in all", policy.brief_retries + 1);
  }
  if (policy.budget < Duration::zero()) return "";
  return fmt::format(", for up to {}", rough_duration(policy.budget));
}

std::optional<Duration> delay_asked_for(const Answer& answer, const Problem& problem, Instant now) {
  const auto asked = parse_retry_after(answer.header("retry-after"), now);
  return asked ? asked : problem.retry_delay;
}

}  // namespace

Verdict verdict_on(Repeatable repeatable, Failure failure, int status, std::string_view code) {
  if (failure != Failure::kNone) return verdict_on_failure(repeatable, failure);
  // The service did not begin what it refused for its pace, so any call may come again.
  if (status == 429 || is_refusal_of_pace(code)) return Verdict::kRetry;
  if (repeatable == Repeatable::kNo || is_final_code(code)) return Verdict::kFinal;
  // 501 and 505 say that it will never work.
  const bool is_outage = status >= 500 && status <= 599 && status != 501 && status != 505;
  return is_outage ? Verdict::kRetry : Verdict::kFinal;
}

std::optional<Instant> parse_http_date(std::string_view text) {
  if (text.empty()) return std::nullopt;
  const auto seconds = seconds_of_date(text);
  // Years that nanoseconds cannot count are nobody's clock.
  constexpr std::int64_t kMost = 9'000'000'000;
  if (!seconds || *seconds < 0 || *seconds > kMost) return std::nullopt;
  return Instant(std::chrono::seconds(*seconds));
}

std::optional<Duration> parse_retry_after(std::string_view text, Instant now) {
  constexpr std::chrono::seconds kLongest = std::chrono::hours(24 * 365);
  constexpr std::int64_t kMost = kLongest.count();
  if (text.empty()) return std::nullopt;
  std::int64_t seconds = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (end == text.data() + text.size()) {
    if (error == std::errc::result_out_of_range) {
      return text.front() == '-' ? std::chrono::seconds(0) : kLongest;
    }
    return std::chrono::seconds(std::clamp<std::int64_t>(seconds, 0, kMost));
  }
  const auto date = seconds_of_date(text);
  if (!date) return std::nullopt;
  const std::int64_t distance =
      *date - std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count();
  return std::chrono::seconds(std::clamp<std::int64_t>(distance, 0, kMost));
}

Outcome send_with_retries(const std::function<Answer()>& send, Repeatable repeatable,
                          const RetryPolicy& policy, const Timing& timing,
                          const std::string& what) {
  const Duration start = timing.elapsed();
  for (int attempt = 1;; ++attempt) {
    Answer answer = send();
    const bool is_problem = answer.failure == Failure::kNone && answer.status >= 400;
    const Problem problem = is_problem ? read_problem(answer) : Problem();
    const Verdict verdict = verdict_on(repeatable, answer.failure, answer.status, problem.code);
    const Duration spent = timing.elapsed() - start;
    const bool is_limited = policy.budget >= Duration::zero();
    const bool is_over = (is_limited && spent >= policy.budget) ||
                         (verdict == Verdict::kRetryBriefly && attempt > policy.brief_retries);
    if (verdict == Verdict::kFinal) return {.answer = std::move(answer), .attempts = attempt};
    const auto asked = delay_asked_for(answer, problem, timing.now());
    if (is_over || (is_limited && asked && *asked > policy.budget - spent)) {
      return {.answer = std::move(answer), .attempts = attempt, .asked_wait = asked};
    }
    const Duration delay = std::max(jittered_delay(policy, attempt, timing.random()),
                                    asked.value_or(Duration::zero()));
    if (timing.tell) {
      timing.tell(fmt::format("{}: {}; trying again{}", what, reason_of(answer, problem),
                              limit_of(policy, verdict)));
    }
    timing.sleep(is_limited ? std::min(delay, policy.budget - spent) : delay);
  }
}

}  // namespace weir::http
