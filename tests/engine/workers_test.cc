#include "engine/workers.h"

#include <algorithm>
#include <iterator>
#include <pthread.h>

#include <gtest/gtest.h>

#include "core/error.h"
#include "engine/inbox.h"

namespace weir {
namespace {

Inbox<int>::Time much_later() {
  return std::chrono::steady_clock::now() + std::chrono::minutes(1);
}

/// For a while every new thread wants more room for its stack than there is.
class NoRoomForThreads {
 public:
  NoRoomForThreads() {
    pthread_getattr_default_np(&before_);
    pthread_attr_t large;
    pthread_attr_init(&large);
    pthread_attr_setstacksize(&large, std::size_t{1} << 46U);
    pthread_setattr_default_np(&large);
    pthread_attr_destroy(&large);
  }
  NoRoomForThreads(const NoRoomForThreads&) = delete;
  NoRoomForThreads& operator=(const NoRoomForThreads&) = delete;
  ~NoRoomForThreads() { pthread_setattr_default_np(&before_); }

 private:
  pthread_attr_t before_ = {};
};

TEST(Workers, DoWhatIsPosted) {
  Inbox<int> inbox;
  Workers workers(3);
  for (int i = 0; i < 20; ++i) workers.post([&inbox, i] { inbox.put(i); });
  std::size_t done = 0;
  while (done < 20) done += inbox.take(1, much_later()).size();
  EXPECT_EQ(done, 20U);
}

TEST(Inbox, WakesItsReaderWhenThereIsEnough) {
  Inbox<int> inbox;
  inbox.put(1);
  Workers workers(1);
  workers.post([&inbox] {
    for (int i = 2; i <= 5; ++i) inbox.put(i);
  });
  std::vector<int> taken = inbox.take(3, much_later());
  EXPECT_GE(taken.size(), 3U);
  while (taken.size() < 5)
    std::ranges::copy(inbox.take(1, much_later()), std::back_inserter(taken));
  EXPECT_EQ(taken.back(), 5);
}

TEST(Inbox, GivesWhatIsThereWhenTimeIsUp) {
  Inbox<int> inbox;
  EXPECT_TRUE(inbox.take(1, std::chrono::steady_clock::now()).empty());
  inbox.put(1);
  EXPECT_EQ(inbox.take(2, std::chrono::steady_clock::now()), std::vector<int>{1});
}

TEST(Workers, SayThatNoThreadCanBeStarted) {
  const NoRoomForThreads no_room;
  try {
    const Workers workers(3);
    FAIL();
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("no thread can be started: "), std::string::npos);
  }
}

}  // namespace
}  // namespace weir
