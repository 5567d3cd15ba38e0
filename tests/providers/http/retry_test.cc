#include "providers/http/retry.h"

#include <gtest/gtest.h>

#include "tests/support/fake_timing.h"

namespace weir::http {
namespace {

using std::chrono::seconds;

struct Case {
  const char* name;
  Repeatable repeatable;
  Failure failure;
  int status;
  const char* code;
  Verdict verdict;
};

constexpr auto kYes = Repeatable::kYes;
constexpr auto kNo = Repeatable::kNo;
constexpr auto kNone = Failure::kNone;

constexpr Case kCases[] = {
    {"success", kYes, kNone, 200, "", Verdict::kFinal},
    {"redirect", kYes, kNone, 302, "", Verdict::kFinal},
    {"bad request", kYes, kNone, 400, "BAD_REQUEST", Verdict::kFinal},
    {"unauthenticated", kYes, kNone, 401, "", Verdict::kFinal},
    {"forbidden", kYes, kNone, 403, "PERMISSION_DENIED", Verdict::kFinal},
    {"not found", kYes, kNone, 404, "NOT_FOUND", Verdict::kFinal},
    {"conflict", kYes, kNone, 409, "ABORTED", Verdict::kFinal},
    {"too many", kYes, kNone, 429, "", Verdict::kRetry},
    {"too many, of a change", kNo, kNone, 429, "", Verdict::kRetry},
    {"too many by its code", kYes, kNone, 400, "REQUEST_LIMIT_EXCEEDED", Verdict::kRetry},
    {"exhausted by its code", kYes, kNone, 403, "RESOURCE_EXHAUSTED", Verdict::kRetry},
    {"internal", kYes, kNone, 500, "INTERNAL_ERROR", Verdict::kRetry},
    {"internal, but the code wins", kYes, kNone, 500, "INVALID_PARAMETER_VALUE", Verdict::kFinal},
    {"not implemented", kYes, kNone, 501, "", Verdict::kFinal},
    {"bad gateway", kYes, kNone, 502, "", Verdict::kRetry},
    {"unavailable", kYes, kNone, 503, "", Verdict::kRetry},
    {"gateway timeout", kYes, kNone, 504, "", Verdict::kRetry},
    {"unavailable, of a change", kNo, kNone, 503, "", Verdict::kFinal},
    {"lost", kYes, Failure::kLost, 0, "", Verdict::kRetry},
    {"lost, of a change", kNo, Failure::kLost, 0, "", Verdict::kFinal},
    {"timeout", kYes, Failure::kTimeout, 0, "", Verdict::kRetry},
    {"timeout, of a change", kNo, Failure::kTimeout, 0, "", Verdict::kFinal},
    {"unresolved", kYes, Failure::kUnresolved, 0, "", Verdict::kRetryBriefly},
    {"unreachable", kNo, Failure::kUnreachable, 0, "", Verdict::kRetryBriefly},
    {"untrusted", kYes, Failure::kUntrusted, 0, "", Verdict::kFinal},
    {"forbidden address", kYes, Failure::kForbidden, 0, "", Verdict::kFinal},
    {"too large", kYes, Failure::kTooLarge, 0, "", Verdict::kFinal},
};

TEST(Retry, FollowsItsTable) {
  for (const Case& each : kCases) {
    EXPECT_EQ(verdict_on(each.repeatable, each.failure, each.status, each.code), each.verdict)
        << each.name;
  }
}

TEST(Retry, ReadsEveryFormOfRetryAfter) {
  const Instant now = *parse_timestamp("1994-11-06T08:49:00Z");
  EXPECT_EQ(parse_retry_after("7", now), seconds(7));
  EXPECT_EQ(parse_retry_after("0", now), seconds(0));
  EXPECT_EQ(parse_retry_after("-3", now), seconds(0));
  EXPECT_EQ(parse_retry_after("Sun, 06 Nov 1994 08:49:37 GMT", now), seconds(37));
  EXPECT_EQ(parse_retry_after("Sunday, 06-Nov-94 08:49:37 GMT", now), seconds(37));
  EXPECT_EQ(parse_retry_after("Sun Nov  6 08:49:37 1994", now), seconds(37));
  EXPECT_EQ(parse_retry_after("Sun, 06 Nov 1994 08:00:00 GMT", now), seconds(0));
  EXPECT_EQ(parse_retry_after("99999999999999999999999", now), std::chrono::hours(24 * 365));
  EXPECT_EQ(parse_retry_after("-99999999999999999999999", now), seconds(0));
  EXPECT_EQ(parse_retry_after("Fri, 31 Dec 9999 23:59:59 GMT", now), std::chrono::hours(24 * 365));
  for (const char* junk : {"", "soon", "3 apples", "1.5", "0x10", "Sun, 06 Nov 1994"}) {
    EXPECT_EQ(parse_retry_after(junk, now), std::nullopt) << junk;
  }
}

Answer refusal(const std::string& retry_after = "") {
  Answer answer = {.status = 429};
  if (!retry_after.empty()) answer.headers["retry-after"] = retry_after;
  return answer;
}

/// Sends with answers that follow each other, the last one for ever.
Outcome run(test::FakeTiming& time, std::vector<Answer> answers, const RetryPolicy& policy = {}) {
  std::size_t next = 0;
  return send_with_retries([&] { return answers[std::min(next++, answers.size() - 1)]; },
                           Repeatable::kYes, policy, time.timing(), "GET /x at https://x.test");
}

TEST(Retry, DelaysGrowWithFullJitterUpToALimit) {
  test::FakeTiming time;
  const Outcome outcome = run(time, {refusal()}, {.budget = std::chrono::minutes(1)});
  EXPECT_EQ(outcome.answer.status, 429);
  const std::vector<Duration> first(time.sleeps.begin(), time.sleeps.begin() + 7);
  using std::chrono::milliseconds;
  EXPECT_EQ(first, (std::vector<Duration>{milliseconds(250), milliseconds(500), seconds(1),
                                          seconds(2), seconds(4), seconds(5), seconds(5)}));
}

TEST(Retry, EndsAtTheBudgetAndNotBeyond) {
  test::FakeTiming time;
  const Instant start = time.now;
  run(time, {refusal()}, {.budget = seconds(60)});
  EXPECT_EQ(time.now - start, seconds(60));
}

TEST(Retry, WaitsAtLeastAsLongAsItIsAsked) {
  test::FakeTiming time;
  const Outcome outcome = run(time, {refusal("30"), Answer{.status = 200}});
  EXPECT_EQ(outcome.answer.status, 200);
  EXPECT_EQ(outcome.attempts, 2);
  EXPECT_EQ(time.sleeps, std::vector<Duration>{seconds(30)});
}

TEST(Retry, EndsAtOnceWhenItIsAskedToWaitBeyondTheBudget) {
  test::FakeTiming time;
  const Outcome outcome = run(time, {refusal("999999")}, {.budget = seconds(300)});
  EXPECT_TRUE(time.sleeps.empty());
  EXPECT_EQ(outcome.attempts, 1);
  EXPECT_EQ(outcome.asked_wait, seconds(999999));
  EXPECT_EQ(run(time, {refusal()}, {.budget = seconds(300)}).asked_wait, std::nullopt);
}

TEST(Retry, TellsWhyItTriesAgain) {
  test::FakeTiming time;
  std::vector<std::string> told;
  http::Timing timing = time.timing();
  timing.tell = [&](const std::string& why) { told.push_back(why); };
  std::vector<Answer> answers = {
      {.status = 503, .body = R"({"error_code": "TEMPORARILY_UNAVAILABLE"})"},
      {.failure = Failure::kUnreachable, .detail = "refused"},
      {.status = 200}};
  std::size_t next = 0;
  send_with_retries([&] { return answers[next++]; }, Repeatable::kYes, {}, timing,
                    "GET /x at https://x.test");
  EXPECT_EQ(told, (std::vector<std::string>{
                      "GET /x at https://x.test: 503 TEMPORARILY_UNAVAILABLE; trying again, for up "
                      "to 5 min",
                      "GET /x at https://x.test: no answer (refused); trying again, 4 times in "
                      "all"}));
}

TEST(Retry, JunkAndZeroFallBackToTheUsualDelay) {
  for (const char* text : {"soon", "0", "-1"}) {
    test::FakeTiming time;
    run(time, {refusal(text), Answer{.status = 200}});
    EXPECT_EQ(time.sleeps, std::vector<Duration>{std::chrono::milliseconds(250)}) << text;
  }
}

TEST(Retry, ReadsTheDelayFromTheDetailsWhenThereIsNoHeader) {
  test::FakeTiming time;
  Answer answer = refusal();
  answer.body = R"({"error_code": "REQUEST_LIMIT_EXCEEDED", "message": "slow", "details": [
      {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retry_delay": "9s"}]})";
  run(time, {answer, Answer{.status = 200}});
  EXPECT_EQ(time.sleeps, std::vector<Duration>{seconds(9)});
}

TEST(Retry, AnUnreachableHostIsTriedAFewTimesOnly) {
  test::FakeTiming time;
  const Outcome outcome = run(time, {Answer{.failure = Failure::kUnreachable}});
  EXPECT_EQ(outcome.attempts, 4);
}

TEST(Retry, ANegativeBudgetIsNoLimit) {
  test::FakeTiming time;
  std::vector<Answer> answers(100, refusal("60"));
  answers.push_back({.status = 200});
  const Outcome outcome = run(time, answers, {.budget = seconds(-1)});
  EXPECT_EQ(outcome.attempts, 101);
}

}  // namespace
}  // namespace weir::http
