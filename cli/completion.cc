#include <algorithm>

#include <fmt/format.h>

#include "cli/help.h"
#include "core/error.h"

namespace weir {
namespace {

std::string command_names() {
  std::string names;
  for (const Command& command : all_commands()) {
    names += (names.empty() ? "" : " ") + std::string(command.name);
  }
  return names;
}

std::string flag_names(const Command& command) {
  std::string names;
  for (const Flag* flag : flags_of(command)) {
    names += (names.empty() ? "-" : " -") + std::string(flag->name);
  }
  return names;
}

/// Words that may stand where the command expects an argument: "list|rm ADDRESS" has two.
std::string argument_words(const Command& command) {
  if (command.name == "help") return command_names();
  std::string_view ways = command.arguments;
  if (ways.starts_with('[') || ways.find('|') == std::string_view::npos) return "";
  std::string words;
  while (!ways.empty()) {
    const std::size_t end = std::min(ways.find('|'), ways.size());
    const std::string_view way = ways.substr(0, end);
    words += (words.empty() ? "" : " ") + std::string(way.substr(0, way.find(' ')));
    ways.remove_prefix(std::min(end + 1, ways.size()));
  }
  return words;
}

/// What the value of a flag may be; "" when that is no list of words.
std::string_view value_words(const Command& command, const Flag& flag) {
  return flag.name == "output" ? command.formats : flag.choices;
}

/// "-file|-f", as a pattern of a shell's case.
std::string spellings(const Flag& flag, std::string_view before) {
  std::string pattern = fmt::format("{}-{}", before, flag.name);
  for (const std::string_view other : words_of(flag.other_names)) {
    pattern += fmt::format("|{}-{}", before, other);
  }
  return pattern;
}

/// Values that are no words may be files; nothing else is known of them.
std::string files_of_bash() {
  std::string pattern;
  for (const Flag& flag : all_flags()) {
    if (flag.value.empty() || !flag.choices.empty()) continue;
    pattern += (pattern.empty() ? "" : "|") + spellings(flag, "");
  }
  return fmt::format(
      "    case ${{before/#--/-}} in\n"
      "      {}) COMPREPLY=($(compgen -f -- \"$word\")); return ;;\n"
      "    esac\n",
      pattern);
}

std::string bash_script() {
  std::string script =
      "# weir completion for bash\n"
      "_weir() {\n"
      "  local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} words=\n"
      "  if [ \"$COMP_CWORD\" -eq 1 ]; then\n";
  script += fmt::format("    words=\"{}\"\n  else\n", command_names());
  // Flags have one dash or two.
  script += "    case ${COMP_WORDS[1]}${before/#--/-} in\n";
  for (const Command& command : all_commands()) {
    for (const Flag* flag : flags_of(command)) {
      const std::string_view words = value_words(command, *flag);
      if (words.empty()) continue;
      script += fmt::format("      {}) words=\"{}\" ;;\n", spellings(*flag, command.name), words);
    }
  }
  script += "    esac\n" + files_of_bash() + "    [ -n \"$words\" ] || case ${COMP_WORDS[1]} in\n";
  for (const Command& command : all_commands()) {
    script += fmt::format("      {}) words=\"{} {}\" ;;\n", command.name, flag_names(command),
                          argument_words(command));
  }
  script +=
      "    esac\n"
      "  fi\n"
      "  case $word in --*) words=\" $words\" words=${words// -/ --} ;; esac\n"
      "  COMPREPLY=($(compgen -W \"$words\" -- \"$word\"))\n"
      "}\n"
      "complete -o default -F _weir weir\n";
  return script;
}

/// Text for a place between single quotes of zsh's and fish's scripts.
std::string quoted_part(std::string_view text) {
  std::string result;
  for (const char letter : text) {
    if (letter == '\'') {
      result += "'\\''";
    } else if (letter == '[' || letter == ']' || letter == ':') {
      result += fmt::format("\\{}", letter);
    } else {
      result += letter;
    }
  }
  return result;
}

std::string zsh_arguments(const Command& command) {
  std::string text;
  for (const Flag* flag : flags_of(command)) {
    text += fmt::format(" \\\n        '{}-{}[{}]", flag->is_repeatable ? "*" : "", flag->name,
                        quoted_part(flag->doc));
    if (const auto words = value_words(command, *flag); !words.empty()) {
      text += fmt::format(":value:({})", words);
    } else if (!flag->value.empty()) {
      text += fmt::format(":{}:_files", flag->value);
    }
    text += "'";
  }
  const std::string words = argument_words(command);
  text += words.empty() ? " \\\n        '*:file:_files'"
                        : fmt::format(" \\\n        '1:argument:({})'", words);
  return text;
}

std::string zsh_script() {
  std::string script = "#compdef weir\n_weir() {\n  local -a commands=(\n";
  for (const Command& command : all_commands()) {
    script += fmt::format("    '{}:{}'\n", command.name, quoted_part(command.doc));
  }
  script +=
      "  )\n"
      "  if (( CURRENT == 2 )); then\n"
      "    _describe command commands\n"
      "    return\n"
      "  fi\n"
      "  local command=$words[2]\n"
      "  shift words\n"
      "  (( CURRENT-- ))\n"
      "  case $command in\n";
  for (const Command& command : all_commands()) {
    script += fmt::format("    {})\n      _arguments{} ;;\n", command.name, zsh_arguments(command));
  }
  script += "  esac\n}\ncompdef _weir weir\n";
  return script;
}

std::string fish_quoted(std::string_view text) {
  std::string result = "'";
  for (const char letter : text) {
    if (letter == '\'' || letter == '\\') result += '\\';
    result += letter;
  }
  return result + "'";
}

std::string fish_script() {
  std::string script = "# weir completion for fish\n";
  for (const Command& command : all_commands()) {
    script += fmt::format("complete -c weir -n __fish_use_subcommand -f -a {} -d {}\n",
                          command.name, fish_quoted(command.doc));
  }
  for (const Command& command : all_commands()) {
    const std::string condition =
        fmt::format("complete -c weir -n '__fish_seen_subcommand_from {}'", command.name);
    for (const Flag* flag : flags_of(command)) {
      script += fmt::format("{} -o {} -d {}", condition, flag->name, fish_quoted(flag->doc));
      if (const auto words = value_words(command, *flag); !words.empty()) {
        script += fmt::format(" -x -a {}", fish_quoted(words));
      } else if (!flag->value.empty()) {
        script += " -r";
      }
      script += "\n";
    }
    const std::string words = argument_words(command);
    if (!words.empty()) script += fmt::format("{} -f -a {}\n", condition, fish_quoted(words));
  }
  return script;
}

/// "    'plan' = 'json markdown'", one line a command. The names need no quoting of their own.
std::string pwsh_entry(std::string_view name, std::string_view words) {
  return words.empty() ? "" : fmt::format("    '{}' = '{}'\n", name, words);
}

std::string pwsh_script() {
  std::string words;
  std::string formats;
  for (const Command& command : all_commands()) {
    const std::string more = argument_words(command);
    words += pwsh_entry(command.name, flag_names(command) + (more.empty() ? "" : " ") + more);
    formats += pwsh_entry(command.name, command.formats);
  }
  return fmt::format(
      R"(# weir completion for PowerShell
Register-ArgumentCompleter -Native -CommandName weir -ScriptBlock {{
  param($word, $ast, $position)
  $words = @{{
{}  }}
  $formats = @{{
{}  }}
  # What stands before the word that is being completed.
  $before = @($ast.CommandElements | Where-Object {{ $_.Extent.EndOffset -lt $position }} |
    ForEach-Object {{ $_.ToString() }})
  $found = '{}'
  if ($before.Count -gt 1) {{
    $found = $words[$before[1]]
    if (($before[-1] -replace '^--', '-') -in '-output', '-o', '-format') {{
      $found = $formats[$before[1]]
    }}
  }}
  # Flags have one dash or two.
  $dash = if ($word.StartsWith('--')) {{ '--' }} else {{ '-' }}
  "$found".Split(' ') | ForEach-Object {{ $_ -replace '^-', $dash }} |
    Where-Object {{ $_ -ne '' -and $_.StartsWith($word) }} |
    ForEach-Object {{ [System.Management.Automation.CompletionResult]::new($_) }}
}}
)",
      words, formats, command_names());
}

}  // namespace

std::string completion_script(const std::string& shell) {
  if (shell == "bash") return bash_script();
  if (shell == "zsh") return zsh_script();
  if (shell == "fish") return fish_script();
  if (shell == "pwsh") return pwsh_script();
  throw UsageError(
      fmt::format("there is no completion for \"{}\"; choose bash, zsh, fish or pwsh", shell));
}

}  // namespace weir
