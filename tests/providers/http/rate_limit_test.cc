#include "providers/http/rate_limit.h"

#include <atomic>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "tests/support/fake_timing.h"

namespace weir::http {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

double seconds_for(RateLimit& limit, test::FakeTiming& time, int requests) {
  const Instant start = time.now;
  for (int i = 0; i < requests; ++i) limit.wait();
  return std::chrono::duration<double>(time.now - start).count();
}

TEST(RateLimit, LetsABurstThroughAndThenKeepsThePace) {
  test::FakeTiming time;
  RateLimit limit(15, time.timing());
  EXPECT_EQ(seconds_for(limit, time, 15), 0);
  EXPECT_NEAR(seconds_for(limit, time, 30), 2.0, 0.1);
}

TEST(RateLimit, HalvesWhenItIsRefusedAndRecoversSlowly) {
  test::FakeTiming time;
  RateLimit limit(16, time.timing());
  limit.slow_down();
  EXPECT_DOUBLE_EQ(limit.per_second(), 8);
  time.now += seconds(15);
  EXPECT_NEAR(limit.per_second(), 12, 0.01);
  time.now += seconds(60);
  EXPECT_DOUBLE_EQ(limit.per_second(), 16);
}

TEST(RateLimit, RefusalsOfOneBurstCountOnce) {
  test::FakeTiming time;
  RateLimit limit(16, time.timing());
  for (int i = 0; i < 10; ++i) limit.slow_down();
  EXPECT_DOUBLE_EQ(limit.per_second(), 8);
  time.now += seconds(1);
  limit.slow_down();
  EXPECT_NEAR(limit.per_second(), 4.1, 0.2);
}

TEST(RateLimit, NeverStopsAltogether) {
  test::FakeTiming time;
  RateLimit limit(15, time.timing());
  for (int i = 0; i < 100; ++i) {
    limit.slow_down();
    time.now += milliseconds(1001);
  }
  EXPECT_GE(limit.per_second(), 0.5);
}

TEST(RateLimit, IsSharedByThreads) {
  std::atomic<int> passed = 0;
  RateLimit limit(1000, Timing::real());
  constexpr int kThreads = 8;
  std::vector<std::thread> threads;
  threads.reserve(kThreads);
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&] {
      for (int j = 0; j < 50; ++j) {
        limit.wait();
        ++passed;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(passed, 400);
}

}  // namespace
}  // namespace weir::http
