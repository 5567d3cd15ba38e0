#include "providers/http/command.h"

#include <chrono>

#include <gtest/gtest.h>

namespace weir::http {
namespace {

TEST(Command, GivesOutputComplaintAndStatus) {
  const CommandResult result =
      run_command({"/bin/sh", "-c", "echo out; echo err >&2; exit 3"}, std::chrono::seconds(10));
  EXPECT_EQ(result.status, 3);
  EXPECT_EQ(result.output.reveal(), "out\n");
  EXPECT_EQ(result.complaint, "err\n");
}

TEST(Command, AbsenceHasItsOwnStatus) {
  EXPECT_EQ(run_command({"/nowhere/program"}, std::chrono::seconds(10)).status, 127);
}

TEST(Command, EndsWhatTakesTooLong) {
  const CommandResult result = run_command({"/bin/sleep", "60"}, std::chrono::milliseconds(50));
  EXPECT_EQ(result.status, -1);
}

TEST(Command, EndsWhatSaysTooMuch) {
  const CommandResult result =
      run_command({"/bin/sh", "-c", "exec cat /dev/zero"}, std::chrono::seconds(30));
  EXPECT_EQ(result.status, -1);
  EXPECT_LT(result.output.reveal().size(), 2U << 20U);
}

TEST(Command, NoShellReadsTheWords) {
  EXPECT_EQ(run_command({"echo", "$HOME; id"}, std::chrono::seconds(10)).output.reveal(),
            "$HOME; id\n");
}

}  // namespace
}  // namespace weir::http
