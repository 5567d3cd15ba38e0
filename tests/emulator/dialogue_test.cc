// Plays every file of tests/emulator/dialogues and compares it with what really came.
#include "tests/emulator/dialogue.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace emulator {
namespace {

std::vector<std::filesystem::path> dialogue_files() {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(DIALOGUE_FOLDER)) {
    if (entry.path().extension() == ".txt") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

/// The first line that is not as written, with what came instead.
std::string first_difference(const std::string& written, const std::string& played) {
  std::istringstream left(written);
  std::istringstream right(played);
  std::string expected;
  std::string came;
  for (int number = 1;; ++number) {
    const bool has_left = static_cast<bool>(std::getline(left, expected));
    const bool has_right = static_cast<bool>(std::getline(right, came));
    if (!has_left && !has_right) return "";
    if (has_left != has_right || expected != came) {
      return "line " + std::to_string(number) + "\n  written: " + (has_left ? expected : "(end)") +
             "\n  came:    " + (has_right ? came : "(end)") + "\n";
    }
  }
}

class Dialogue : public testing::TestWithParam<std::filesystem::path> {};

TEST_P(Dialogue, GoesAsWritten) {
  const std::string written = read_text(GetParam());
  const std::string played = play_dialogue(written);
  if (std::getenv("UPDATE_GOLDEN") != nullptr) {
    std::ofstream(GetParam()) << played;
    return;
  }
  EXPECT_EQ(written == played, true)
      << first_difference(written, played) << "run with UPDATE_GOLDEN=1 to rewrite " << GetParam()
      << ", then review the difference as code";
}

INSTANTIATE_TEST_SUITE_P(Emulator, Dialogue, testing::ValuesIn(dialogue_files()),
                         [](const auto& parameter) { return parameter.param.stem().string(); });

}  // namespace
}  // namespace emulator
