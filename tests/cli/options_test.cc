#include "cli/options.h"

#include <gtest/gtest.h>

#include "cli/help.h"
#include "core/error.h"

namespace weir {
namespace {

std::optional<std::string> no_environment(const std::string& /*name*/) {
  return std::nullopt;
}

Options parse(const std::vector<std::string>& arguments) {
  return parse_options(arguments, no_environment);
}

std::string refusal_of(const std::vector<std::string>& arguments) {
  try {
    parse(arguments);
    return "";
  } catch (const UsageError& error) {
    return error.what();
  }
}

TEST(Options, TakesOneDashOrTwo) {
  EXPECT_EQ(parse({"plan", "-env", "dev"}).value("env"), "dev");
  EXPECT_EQ(parse({"plan", "--env=dev"}).value("env"), "dev");
  EXPECT_EQ(parse({"plan", "-e", "dev"}).value("env"), "dev");
}

TEST(Options, RefusesAValueThatIsNoneOfItsWords) {
  EXPECT_EQ(parse({"drift", "-wake", "never"}).value("wake"), "never");
  EXPECT_EQ(refusal_of({"drift", "-wake", "nevr"}), "-wake nevr: expected never, auto, always");
}

TEST(Options, CanBeSaidAgain) {
  EXPECT_EQ(
      parse({"apply", "--env=prod", "-only", "projects/*", "-no-prune", "a plan"}).command_line(),
      "weir apply -env prod -no-prune -only 'projects/*' 'a plan'");
}

TEST(Options, KnowsTerraformsNames) {
  EXPECT_EQ(parse({"plan", "-target=projects/a"}).values("only"),
            std::vector<std::string>{"projects/a"});
  EXPECT_EQ(parse({"plan", "-exclude", "projects/a"}).value("except"), "projects/a");
}

TEST(Options, CollectsWhatMayBeRepeated) {
  EXPECT_EQ(parse({"validate", "-f", "a.yaml", "-f=b"}).values("file"),
            (std::vector<std::string>{"a.yaml", "b"}));
}

TEST(Options, RefusesASecondValueOfWhatStandsOnce) {
  EXPECT_EQ(refusal_of({"plan", "-e", "dev", "-env=prod"}),
            "-env stands twice, as dev and as prod; choose one");
}

TEST(Options, ReadsSwitchesWithAndWithoutAValue) {
  EXPECT_TRUE(parse({"plan", "-detailed-exitcode"}).has("detailed-exitcode"));
  EXPECT_TRUE(parse({"plan", "-detailed-exitcode=true"}).has("detailed-exitcode"));
  EXPECT_FALSE(parse({"plan", "-detailed-exitcode=false"}).has("detailed-exitcode"));
  EXPECT_EQ(refusal_of({"plan", "-destroy=maybe"}), "-destroy=maybe: expected true or false");
}

TEST(Options, SaysWhatWasMeantInsteadOfAnUnknownFlag) {
  EXPECT_EQ(refusal_of({"plan", "-detailed-exit-code"}),
            "weir plan has no -detailed-exit-code; did you mean -detailed-exitcode?");
  EXPECT_EQ(refusal_of({"plan", "-qqqqqqqqq"}),
            "weir plan has no -qqqqqqqqq; weir help plan lists what it has");
}

TEST(Options, SaysWhatWasMeantInsteadOfAnUnknownCommand) {
  EXPECT_EQ(refusal_of({"plam"}), "weir has no command \"plam\"; did you mean \"plan\"?");
  EXPECT_EQ(refusal_of({"-json"}),
            "the first word must be a command, not -json; write flags behind it, as in weir plan "
            "-json");
}

TEST(Options, ExplainsFlagsThatPeopleKnowFromElsewhere) {
  EXPECT_EQ(refusal_of({"plan", "-refresh-only"}),
            "weir plan has no -refresh-only; use weir drift, which shows what moved in the "
            "workspace");
  EXPECT_EQ(refusal_of({"plan", "-lock=false"}),
            "weir plan has no -lock; leave it away: only weir apply and weir destroy lock, and "
            "always");
}

TEST(Options, ExplainsCommandsThatPeopleKnowFromElsewhere) {
  EXPECT_EQ(refusal_of({"init"}),
            "weir has no init: there is nothing to set up; write weir.yaml, with weir schema for "
            "your editor");
  EXPECT_EQ(refusal_of({"import", "x"}),
            "weir has no import: what exists is adopted by its name; weir export writes a manifest "
            "for it");
}

TEST(Options, EveryFlagFromElsewhereIsInTheHelpOfPlan) {
  const std::string help = help_text(*find_command("plan"));
  for (const char* flag : {"refresh", "refresh-only", "lock", "lock-timeout", "input",
                           "auto-approve", "compact-warnings"}) {
    const std::string refusal = refusal_of({"plan", std::string("-") + flag});
    EXPECT_TRUE(refusal.starts_with(std::string("weir plan has no -") + flag + "; ")) << refusal;
    EXPECT_EQ(refusal.find("did you mean"), std::string::npos) << refusal;
    EXPECT_NE(help.find(std::string("-") + flag), std::string::npos) << flag;
  }
}

TEST(Options, RefusesFlagsOfOtherCommands) {
  EXPECT_EQ(refusal_of({"validate", "-profile", "x"}).substr(0, 29),
            "weir validate has no -profile");
}

TEST(Options, RefusesWhatContradictsItself) {
  EXPECT_EQ(refusal_of({"plan", "-prune", "-no-prune"}),
            "-prune and -no-prune contradict each other; choose one");
  EXPECT_EQ(refusal_of({"plan", "-json", "-markdown"}),
            "-markdown and -output json contradict each other; choose one format");
}

TEST(Options, RefusesFormatsThatACommandDoesNotHave) {
  EXPECT_EQ(refusal_of({"validate", "-o", "jsn"}),
            "weir validate cannot print jsn: it has text, json; did you mean \"json\"?");
  EXPECT_EQ(parse({"output", "-format", "env"}).value("output"), "env");
  EXPECT_EQ(parse({"plan", "-json-lines"}).value("output"), "json-lines");
}

TEST(Options, CountsArguments) {
  EXPECT_EQ(refusal_of({"show"}), "weir show needs FILE; usage: weir show [flags] FILE");
  EXPECT_EQ(refusal_of({"plan", "plan.json"}).substr(0, 37),
            "weir plan does not expect \"plan.json\"");
}

TEST(Options, NeedsValues) {
  EXPECT_EQ(refusal_of({"plan", "-out"}), "-out needs a value: -out=FILE");
  EXPECT_EQ(refusal_of({"plan", "-out="}), "-out needs a value: -out=FILE");
}

TEST(Options, TakesADashAloneAsAnArgument) {
  EXPECT_EQ(parse({"fmt", "-"}).arguments(), std::vector<std::string>{"-"});
  EXPECT_EQ(parse({"fmt", "--", "-check"}).arguments(), std::vector<std::string>{"-check"});
}

TEST(Options, AddsWhatTheEnvironmentSays) {
  const GetEnvironment getenv = [](const std::string& name) -> std::optional<std::string> {
    if (name == "WEIR_CLI_ARGS") return "-e dev -var 'a=b c' -zzz";
    return std::nullopt;
  };
  try {
    parse_options({"plan"}, getenv);
    FAIL() << "-zzz is unknown";
  } catch (const UsageError& error) {
    EXPECT_NE(std::string(error.what()).find("WEIR_CLI_ARGS adds: -e dev"), std::string::npos)
        << error.what();
  }
}

TEST(Options, SplitsAsAShellDoes) {
  EXPECT_EQ(split_arguments("a 'b c' \"d\"e  ''"),
            (std::vector<std::string>{"a", "b c", "de", ""}));
  EXPECT_THROW(split_arguments("'a"), UsageError);
}

TEST(Options, DeclaresEveryFlagThatACommandNames) {
  for (const Command& command : all_commands()) {
    for (const std::string_view name : words_of(command.flags)) {
      EXPECT_NE(find_flag(name), nullptr) << command.name << " " << name;
    }
    const bool prints = !command.formats.empty();
    EXPECT_EQ(prints, command.flags.find("output") != std::string_view::npos) << command.name;
  }
}

}  // namespace
}  // namespace weir
