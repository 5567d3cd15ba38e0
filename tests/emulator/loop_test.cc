#include "emulator/loop.h"

#include <stdexcept>

#include <gtest/gtest.h>

namespace emulator {
namespace {

TEST(Loop, GoesOnAfterAHandlerThatThrows) {
  Loop loop;
  int ran = 0;
  loop.post([] { throw std::runtime_error("no space left"); });
  loop.post([&] { ++ran; });
  loop.after(std::chrono::milliseconds(0), [] { throw std::runtime_error("no space left"); });
  loop.after(std::chrono::milliseconds(0), [&] {
    ++ran;
    loop.stop();
  });
  loop.run();
  EXPECT_EQ(ran, 2);
}

TEST(Loop, RunsTimersInTheOrderOfTheirTimesAndNotThoseThatAreCancelled) {
  Loop loop;
  std::vector<int> order;
  loop.after(std::chrono::milliseconds(20), [&] {
    order.push_back(2);
    loop.stop();
  });
  const Loop::TimerId cancelled =
      loop.after(std::chrono::milliseconds(10), [&] { order.push_back(0); });
  loop.after(std::chrono::milliseconds(1), [&] { order.push_back(1); });
  loop.cancel(cancelled);
  loop.run();
  EXPECT_EQ(order, (std::vector<int>{1, 2}));
}

}  // namespace
}  // namespace emulator
