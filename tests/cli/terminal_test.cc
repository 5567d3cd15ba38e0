#include "cli/terminal.h"

#include <map>

#include <gtest/gtest.h>

namespace weir {
namespace {

GetEnvironment environment(std::map<std::string, std::string> values) {
  return [values = std::move(values)](const std::string& name) -> std::optional<std::string> {
    const auto found = values.find(name);
    if (found == values.end()) return std::nullopt;
    return found->second;
  };
}

bool has_colour(std::map<std::string, std::string> values, bool is_terminal,
                ColourWish wish = ColourWish::kAutomatic) {
  return describe_terminal(environment(std::move(values)), is_terminal, wish).has_colour;
}

TEST(Terminal, DecidesAboutColours) {
  EXPECT_TRUE(has_colour({}, true));
  EXPECT_FALSE(has_colour({}, false));
  EXPECT_FALSE(has_colour({{"TERM", "dumb"}}, true));
  EXPECT_FALSE(has_colour({{"NO_COLOR", "1"}}, true));
  EXPECT_TRUE(has_colour({{"NO_COLOR", ""}}, true));
  EXPECT_TRUE(has_colour({{"FORCE_COLOR", "1"}}, false));
  EXPECT_TRUE(has_colour({{"CLICOLOR_FORCE", "1"}}, false));
  EXPECT_FALSE(has_colour({{"FORCE_COLOR", "0"}}, true));
  EXPECT_FALSE(has_colour({{"NO_COLOR", "1"}, {"FORCE_COLOR", "1"}}, true));
  EXPECT_FALSE(has_colour({{"FORCE_COLOR", "1"}}, true, ColourWish::kNever));
}

TEST(Terminal, DrawsInAsciiWhereTheLocaleIsNotUtf8) {
  const Terminal utf8 =
      describe_terminal(environment({{"LANG", "de_DE.UTF-8"}}), false, ColourWish::kAutomatic);
  const Terminal ascii = describe_terminal(environment({{"LANG", "de_DE.UTF-8"}, {"LC_ALL", "C"}}),
                                           false, ColourWish::kAutomatic);
  EXPECT_EQ(utf8.symbol(Symbol::kUndelete), "↑");
  EXPECT_EQ(ascii.symbol(Symbol::kUndelete), "^");
  EXPECT_EQ(ascii.symbol(Symbol::kArrow), "->");
  EXPECT_EQ(ascii.symbol(Symbol::kExpires), "t");
}

TEST(Terminal, KnowsItsWidth) {
  const auto width = [](const std::string& columns) {
    return describe_terminal(environment({{"COLUMNS", columns}}), true, ColourWish::kAutomatic)
        .width;
  };
  EXPECT_EQ(width("132"), 132U);
  EXPECT_EQ(width("many"), 80U);
  EXPECT_EQ(width("3"), 80U);
}

TEST(Terminal, KnowsBuildServers) {
  EXPECT_TRUE(is_automation(environment({{"CI", "true"}})));
  EXPECT_TRUE(is_automation(environment({{"JENKINS_URL", "http://ci.example"}})));
  EXPECT_FALSE(is_automation(environment({{"CI", "false"}})));
  EXPECT_FALSE(is_automation(environment({})));
}

TEST(Terminal, PaintsOnlyWithColours) {
  EXPECT_EQ(Terminal{.has_colour = true}.paint(Colour::kRed, "no"), "\x1b[31mno\x1b[0m");
  EXPECT_EQ(Terminal{}.paint(Colour::kRed, "no"), "no");
}

TEST(Terminal, MakesTextFromElsewhereHarmless) {
  EXPECT_EQ(harmless("plain übergröße 漢字 🦊"), "plain übergröße 漢字 🦊");
  EXPECT_EQ(harmless("\x1b]0;title\x07"), "\\x1b]0;title\\x07");
  EXPECT_EQ(harmless("a\r\nb\tc"), "a\\r\\nb\\tc");
  EXPECT_EQ(harmless("\u202Egnirts"), "\\u{202e}gnirts");
  EXPECT_EQ(harmless("a\u2066b\u200Bc\uFEFF"), "a\\u{2066}b\\u{200b}c\\u{feff}");
  EXPECT_EQ(harmless("\u009B31m"), "\\u{9b}31m");
  EXPECT_EQ(harmless("\xff\xc3"), "\\xff\\xc3");
  EXPECT_EQ(harmless("\xed\xa0\x80"), "\\xed\\xa0\\x80");
  EXPECT_EQ(harmless("\xc0\xaf"), "\\xc0\\xaf");
  EXPECT_EQ(harmless(std::string_view("a\0b", 3)), "a\\x00b");
  EXPECT_EQ(harmless_lines("a\nb\r"), "a\nb\\r");
}

TEST(Terminal, KeepsLogsFromTakingTextForCommands) {
  EXPECT_EQ(without_commands("::set-output name=x::y"), "\\::set-output name=x::y");
  EXPECT_EQ(without_commands("a\n  ::error::b\nc::d"), "a\n  \\::error::b\nc::d");
  EXPECT_EQ(without_commands("##[group]x"), "\\##[group]x");
}

}  // namespace
}  // namespace weir
