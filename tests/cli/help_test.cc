#include "cli/help.h"

#include <algorithm>

#include "core/error.h"
#include "tests/cli/golden.h"

namespace weir {
namespace {

using test::expect_golden;

TEST(Help, ListsTheCommands) {
  expect_golden("help.txt", help_text());
}

TEST(Help, ShowsExamplesFirst) {
  expect_golden("help_plan.txt", help_text(*find_command("plan")));
}

TEST(Help, HasExamplesForEveryCommand) {
  for (const Command& command : all_commands()) {
    EXPECT_TRUE(command.examples.starts_with("weir ")) << command.name;
  }
}

TEST(Help, FitsIntoALine) {
  for (const Command& command : all_commands()) {
    std::istringstream lines(help_text(command));
    for (std::string line; std::getline(lines, line);) EXPECT_LE(line.size(), 120U) << line;
  }
}

TEST(Completion, KnowsCommandsFlagsAndFormats) {
  expect_golden("completion.bash", completion_script("bash"));
  expect_golden("completion.zsh", completion_script("zsh"));
  expect_golden("completion.fish", completion_script("fish"));
  expect_golden("completion.pwsh", completion_script("pwsh"));
}

TEST(Completion, GivesPowerShellTextsThatNeedNoQuoting) {
  for (const Command& command : all_commands()) {
    for (const std::string_view text : {command.name, command.flags, command.formats}) {
      EXPECT_EQ(text.find('\''), std::string_view::npos) << text;
    }
  }
  const std::string script = completion_script("pwsh");
  EXPECT_EQ(std::ranges::count(script, '{'), std::ranges::count(script, '}'));
  EXPECT_EQ(std::ranges::count(script, '('), std::ranges::count(script, ')'));
  EXPECT_EQ(std::ranges::count(script, '\'') % 2, 0);
}

TEST(Completion, RefusesOtherShells) {
  EXPECT_THROW(completion_script("tcsh"), UsageError);
}

}  // namespace
}  // namespace weir
