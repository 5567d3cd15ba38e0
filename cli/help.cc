#include "cli/help.h"

#include <algorithm>

#include <fmt/format.h>

#include "core/error.h"

namespace weir {
namespace {

/// "-f, -file PATH"
std::string spelling_of(const Flag& flag) {
  std::string text;
  for (const std::string_view other : words_of(flag.other_names)) {
    text += fmt::format("-{}, ", other);
  }
  text += fmt::format("-{}", flag.name);
  if (!flag.value.empty()) text += fmt::format(" {}", flag.value);
  return text;
}

std::string usage_of(const Command& command) {
  std::string usage = fmt::format("weir {} [flags]", command.name);
  if (!command.arguments.empty()) usage += fmt::format(" {}", command.arguments);
  return usage;
}

std::string indented(std::string_view text) {
  std::string result;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    result += fmt::format("  {}\n", text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return result;
}

std::string doc_of(const Flag& flag, const Command& command) {
  std::string doc(flag.doc);
  if (flag.name == "output") {
    doc += fmt::format(": {}", fmt::join(words_of(command.formats), ", "));
  }
  if (flag.is_repeatable) doc += "; may be repeated";
  return doc;
}

}  // namespace

std::string help_text() {
  std::string text =
      "weir makes Databricks Lakebase what manifests declare.\n\n"
      "  weir validate             # finds mistakes, offline\n"
      "  weir plan -e dev          # shows what would change\n"
      "  weir apply -e dev         # shows it, asks, and does it\n"
      "  weir drift -e prod        # shows what somebody else changed\n\n"
      "Commands:\n";
  for (const Command& command : all_commands()) {
    text += fmt::format("  {:<12}{}\n", command.name, command.doc);
  }
  text +=
      "\nweir help COMMAND has examples and flags. Environment variables:\n"
      "  DATABRICKS_HOST, DATABRICKS_TOKEN, DATABRICKS_CONFIG_PROFILE, …   the workspace\n"
      "  WEIR_ENV, WEIR_VAR_name, WEIR_PARALLELISM                         defaults of flags\n"
      "  WEIR_STATE, WEIR_DATA_DIR                                         where the state is\n"
      "  WEIR_LOG                                                          debug: as -verbose\n"
      "  WEIR_CLI_ARGS                                                     more flags\n"
      "  WEIR_NOW                                                          plans as of this time\n"
      "  NO_COLOR, FORCE_COLOR                                             colours\n"
      "\nExit codes: 0 done, 1 error, 2 changes or drift, 3 invalid manifest, 4 blocked, "
      "5 somebody\nelse applies, 6 some steps were not done, 7 stale plan, 64 usage, 130 and 143 "
      "interrupted.\n";
  return text;
}

std::string help_text(const Command& command) {
  std::string text = fmt::format("weir {} {}.\n\n", command.name, command.doc);
  text += indented(command.examples);
  text += fmt::format("\nUsage: {}\n", usage_of(command));
  if (!command.details.empty()) text += fmt::format("\n{}\n", command.details);
  text += "\nFlags, with one dash or two:\n";
  std::size_t width = 0;
  for (const Flag* flag : flags_of(command)) width = std::max(width, spelling_of(*flag).size());
  for (const Flag* flag : flags_of(command)) {
    text += fmt::format("  {:<{}}  {}\n", spelling_of(*flag), width, doc_of(*flag, command));
  }
  return text;
}

}  // namespace weir
