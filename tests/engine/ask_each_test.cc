#include "engine/ask_each.h"

#include <atomic>
#include <latch>
#include <stdexcept>

#include <gtest/gtest.h>

namespace weir {
namespace {

const std::function<void()> kNothingElse;

TEST(AskEach, AnswersInTheOrderOfTheQuestionsWhicheverArrivesFirst) {
  std::latch second(1);
  const auto answers = ask_each(std::vector{1, 2, 3}, 2, kNothingElse, [&](int question) {
    if (question == 1) second.wait();
    if (question == 2) second.count_down();
    return question * 10;
  });
  ASSERT_EQ(answers.size(), 3U);
  EXPECT_EQ(answers[0].result, 10);
  EXPECT_EQ(answers[1].result, 20);
  EXPECT_EQ(answers[2].result, 30);
}

TEST(AskEach, PutsWhatWasThrownInThePlaceOfTheAnswer) {
  const auto answers = ask_each(std::vector{1, 2}, 2, kNothingElse, [](int question) {
    if (question == 1) throw std::runtime_error("no");
    return question;
  });
  EXPECT_THROW(std::rethrow_exception(answers[0].failure), std::runtime_error);
  EXPECT_EQ(answers[1].failure, nullptr);
  EXPECT_EQ(answers[1].result, 2);
}

TEST(AskEach, AsksNobodyForNothing) {
  const auto ask = [](int question) { return question; };
  EXPECT_TRUE(ask_each(std::vector<int>(), 4, kNothingElse, ask).empty());
}

TEST(AskEach, WaitsForWhatHasBegunWhenItIsInterrupted) {
  std::latch begun(1);
  std::atomic<int> asked = 0;
  const std::vector<int> questions(100, 1);
  const auto interrupt = [&] {
    begun.wait();
    throw std::runtime_error("interrupted");
  };
  const auto ask = [&](int question) {
    if (asked++ == 0) begun.count_down();
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
    return question;
  };
  EXPECT_THROW(ask_each(questions, 2, interrupt, ask), std::runtime_error);
  EXPECT_LT(asked, 100) << "what has not begun is forgotten";
}

}  // namespace
}  // namespace weir
