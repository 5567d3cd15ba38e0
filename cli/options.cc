#include "cli/options.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "cli/app_environment.h"
#include "core/error.h"
#include "core/nearest.h"

namespace weir {
namespace {

/// Flags that exclude each other, by first name.
constexpr std::array<std::pair<std::string_view, std::string_view>, 3> kEitherOr = {{
    {"prune", "no-prune"},
    {"destroy", "no-prune"},
    {"quiet", "verbose"},
}};

/// Flags that people know from elsewhere, and what to do instead.
constexpr std::array<std::pair<std::string_view, std::string_view>, 7> kElsewhere = {{
    {"refresh-only", "use weir drift, which shows what moved in the workspace"},
    {"refresh", "leave it away: a plan always looks at the workspace"},
    {"lock", "leave it away: only weir apply and weir destroy lock, and always"},
    {"lock-timeout", "leave it away: this command changes nothing, so nothing is locked"},
    {"auto-approve", "leave it away: this command asks for no approval"},
    {"input", "leave it away: this command never asks"},
    {"compact-warnings", "leave it away: warnings are short and go to standard error"},
}};

/// Commands that people know from elsewhere, and what to do instead.
constexpr std::array<std::pair<std::string_view, std::string_view>, 4> kCommandsElsewhere = {{
    {"import", "what exists is adopted by its name; weir export writes a manifest for it"},
    {"init", "there is nothing to set up; write weir.yaml, with weir schema for your editor"},
    {"refresh", "every plan looks at the workspace; weir drift shows what moved there"},
    {"console", "weir print shows the merged tree, weir output the outputs"},
}};

std::string with_help(const std::string& problem, const std::string& hint) {
  return hint.empty() ? problem : fmt::format("{}; {}", problem, hint);
}

[[noreturn]] void refuse_flag(const Command& command, std::string_view name) {
  for (const auto& [elsewhere, instead] : kElsewhere) {
    if (elsewhere == name) {
      throw UsageError(fmt::format("weir {} has no -{}; {}", command.name, name, instead));
    }
  }
  std::vector<std::string_view> names;
  for (const Flag* flag : flags_of(command)) {
    names.push_back(flag->name);
    for (const std::string_view other : words_of(flag->other_names)) names.push_back(other);
  }
  const std::string near = nearest(name, names);
  const std::string hint = near.empty()
                               ? fmt::format("weir help {} lists what it has", command.name)
                               : fmt::format("did you mean -{}?", near);
  throw UsageError(with_help(fmt::format("weir {} has no -{}", command.name, name), hint));
}

/// Quoted only where a shell would take it for something else.
std::string as_a_word(const std::string& text) {
  constexpr std::string_view kPlain = "-_./=:@%+,";
  const bool is_plain = !text.empty() && std::ranges::all_of(text, [&](unsigned char letter) {
    return std::isalnum(letter) != 0 || kPlain.find(static_cast<char>(letter)) != kPlain.npos;
  });
  return is_plain ? text : shell_quoted(text);
}

/// Reads the arguments of one command from left to right.
class Reading {
 public:
  Reading(const Command& command, const std::vector<std::string>& words)
      : command_(command), words_(words) {}

  Options run() {
    bool are_flags_over = false;
    while (next_ < words_.size()) {
      const std::string& word = words_[next_++];
      if (!are_flags_over && word == "--") {
        are_flags_over = true;
      } else if (are_flags_over || word == "-" || !word.starts_with('-')) {
        arguments_.push_back(word);
      } else {
        read_flag(std::string_view(word).substr(word.starts_with("--") ? 2 : 1));
      }
    }
    if (!flags_.contains("help")) check();
    return {command_, std::move(flags_), std::move(arguments_)};
  }

 private:
  void read_flag(std::string_view text) {
    const std::size_t equals = std::min(text.find('='), text.size());
    const std::string_view name = text.substr(0, equals);
    const Flag* flag = find_flag(name);
    if (flag == nullptr || !has_flag(*flag)) refuse_flag(command_, name);
    std::string value;
    if (equals < text.size()) {
      value = std::string(text.substr(equals + 1));
    } else if (flag->value.empty()) {
      value = "true";
    } else if (next_ < words_.size()) {
      value = words_[next_++];
    } else {
      throw UsageError(fmt::format("-{} needs a value: -{}={}", name, name, flag->value));
    }
    keep(*flag, name, value);
  }

  void keep(const Flag& flag, std::string_view spelling, const std::string& value) {
    if (flag.value.empty() && value != "true" && value != "false") {
      throw UsageError(fmt::format("-{}={}: expected true or false", spelling, value));
    }
    if (!flag.value.empty() && value.empty()) {
      throw UsageError(fmt::format("-{} needs a value: -{}={}", spelling, spelling, flag.value));
    }
    check_choice(flag, spelling, value);
    std::vector<std::string>& values = flags_[std::string(flag.name)];
    if (!values.empty() && !flag.is_repeatable && values.front() != value) {
      throw UsageError(fmt::format("-{} stands twice, as {} and as {}; choose one", spelling,
                                   values.front(), value));
    }
    if (flag.is_repeatable || values.empty()) values.push_back(value);
  }

  /// What -output may be differs from command to command.
  static void check_choice(const Flag& flag, std::string_view spelling, const std::string& value) {
    const auto choices = words_of(flag.choices);
    const bool is_right = choices.empty() || flag.name == "output" ||
                          std::ranges::find(choices, value) != choices.end();
    if (is_right) return;
    throw UsageError(fmt::format("-{} {}: expected {}", spelling, value, fmt::join(choices, ", ")));
  }

  bool has_flag(const Flag& flag) const {
    const std::vector<const Flag*> flags = flags_of(command_);
    return std::ranges::find(flags, &flag) != flags.end();
  }

  bool is_set(std::string_view name) const {
    const auto found = flags_.find(name);
    return found != flags_.end() && found->second.front() != "false";
  }

  void check() {
    choose_format();
    for (const auto& [one, other] : kEitherOr) {
      if (is_set(one) && is_set(other)) {
        throw UsageError(fmt::format("-{} and -{} contradict each other; choose one", one, other));
      }
    }
    if (arguments_.size() > command_.most_arguments) {
      throw UsageError(fmt::format("weir {} does not expect \"{}\"; usage: weir {} [flags] {}",
                                   command_.name, arguments_[command_.most_arguments],
                                   command_.name, command_.arguments));
    }
    if (arguments_.size() < command_.least_arguments) {
      throw UsageError(fmt::format("weir {} needs {}; usage: weir {} [flags] {}", command_.name,
                                   command_.arguments, command_.name, command_.arguments));
    }
  }

  /// Turns -json and its like into -output, which must be a format of the command.
  void choose_format() {
    std::string chosen = is_set("output") ? flags_.find("output")->second.front() : "";
    for (const std::string_view format : {"json", "json-lines", "markdown"}) {
      if (!is_set(format)) continue;
      if (!chosen.empty() && chosen != format) {
        throw UsageError(fmt::format("-{} and {} contradict each other; choose one format", format,
                                     chosen.find('-') == 0 ? chosen : "-output " + chosen));
      }
      chosen = format;
    }
    if (chosen.empty()) return;
    const std::vector<std::string_view> formats = words_of(command_.formats);
    if (std::ranges::find(formats, chosen) == formats.end()) {
      throw UsageError(with_help(fmt::format("weir {} cannot print {}: it has {}", command_.name,
                                             chosen, fmt::join(formats, ", ")),
                                 did_you_mean(chosen, formats)));
    }
    flags_["output"] = {chosen};
  }

  const Command& command_;
  const std::vector<std::string>& words_;
  std::size_t next_ = 0;
  std::map<std::string, std::vector<std::string>, std::less<>> flags_;
  std::vector<std::string> arguments_;
};

/// The command that the first word names; `weir -h` and `weir -version` name one as well.
const Command& command_named(const std::string& word) {
  if (word == "-h" || word == "-help" || word == "--help") return *find_command("help");
  if (word == "-v" || word == "-version" || word == "--version") return *find_command("version");
  const Command* command = find_command(word);
  if (command != nullptr) return *command;
  if (word.starts_with('-')) {
    throw UsageError(fmt::format(
        "the first word must be a command, not {}; write flags behind it, as in weir plan {}", word,
        word));
  }
  for (const auto& [elsewhere, instead] : kCommandsElsewhere) {
    if (elsewhere == word) throw UsageError(fmt::format("weir has no {}: {}", word, instead));
  }
  std::vector<std::string_view> names;
  for (const Command& candidate : all_commands()) names.push_back(candidate.name);
  const std::string near = did_you_mean(word, names);
  throw UsageError(with_help(fmt::format("weir has no command \"{}\"", word),
                             near.empty() ? "weir help lists them" : near));
}

}  // namespace

bool Options::has(std::string_view flag) const {
  return value(flag) == "true";
}

std::string Options::value(std::string_view flag) const {
  const auto found = flags_.find(flag);
  return found == flags_.end() ? "" : found->second.front();
}

std::vector<std::string> Options::values(std::string_view flag) const {
  const auto found = flags_.find(flag);
  return found == flags_.end() ? std::vector<std::string>() : found->second;
}

std::string Options::command_line() const {
  std::string line = fmt::format("weir {}", command_->name);
  for (const auto& [name, values] : flags_) {
    // -output says the same.
    if (name == "json" || name == "json-lines" || name == "markdown") continue;
    const bool has_value = !find_flag(name)->value.empty();
    for (const std::string& value : values) {
      line += fmt::format(" -{}{}", name, has_value ? " " + as_a_word(value) : "");
    }
  }
  for (const std::string& argument : arguments_) line += " " + as_a_word(argument);
  return line;
}

Options parse_options(const std::vector<std::string>& arguments, const GetEnvironment& getenv) {
  if (arguments.empty()) return {*find_command("help"), {}, {}};
  const Command& command = command_named(arguments.front());
  std::vector<std::string> words(arguments.begin() + 1, arguments.end());
  const std::string more = getenv("WEIR_CLI_ARGS").value_or("");
  if (more.empty() || command.reach == Reach::kNothing) return Reading(command, words).run();
  const std::vector<std::string> first = split_arguments(more);
  words.insert(words.begin(), first.begin(), first.end());
  try {
    return Reading(command, words).run();
  } catch (const UsageError& error) {
    throw UsageError(fmt::format("{} (WEIR_CLI_ARGS adds: {})", error.what(), more));
  }
}

std::vector<std::string> split_arguments(const std::string& text) {
  std::vector<std::string> words;
  std::string word;
  char quote = 0;
  bool is_open = false;
  for (const char letter : text) {
    if (quote != 0) {
      if (letter == quote) {
        quote = 0;
      } else {
        word += letter;
      }
    } else if (letter == '"' || letter == '\'') {
      quote = letter;
      is_open = true;
    } else if (letter != ' ' && letter != '\t' && letter != '\n') {
      word += letter;
      is_open = true;
    } else if (is_open) {
      words.push_back(std::exchange(word, ""));
      is_open = false;
    }
  }
  if (quote != 0) throw UsageError(fmt::format("WEIR_CLI_ARGS has an open {}: {}", quote, text));
  if (is_open) words.push_back(word);
  return words;
}

}  // namespace weir
