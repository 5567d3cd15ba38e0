#include "cli/terminal.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <optional>

#include <fmt/format.h>

namespace weir {
namespace {

struct Signs {
  std::string_view utf8;
  std::string_view ascii;
};

/// In the order of Symbol.
constexpr std::array<Signs, 8> kSigns = {{
    {"+", "+"},
    {"~", "~"},
    {"-", "-"},
    {"-/+", "-/+"},
    {".", "."},
    {"↑", "^"},
    {"⏳", "t"},
    {"→", "->"},
}};

/// In the order of Colour.
constexpr std::array<std::string_view, 6> kCodes = {"32", "33", "31", "36", "1", "2"};

bool is_given(const GetEnvironment& getenv, const char* name) {
  return !getenv(name).value_or("").empty();
}

bool wants_colour(const GetEnvironment& getenv, bool is_terminal, ColourWish wish) {
  if (wish == ColourWish::kNever || is_given(getenv, "NO_COLOR")) return false;
  for (const char* name : {"FORCE_COLOR", "CLICOLOR_FORCE"}) {
    if (is_given(getenv, name)) return getenv(name) != "0";
  }
  return is_terminal && getenv("TERM") != "dumb";
}

bool says_utf8(const GetEnvironment& getenv) {
  for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    std::string locale = getenv(name).value_or("");
    if (locale.empty()) continue;
    std::ranges::transform(locale, locale.begin(), [](char letter) {
      return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
    });
    return locale.find("utf-8") != std::string::npos || locale.find("utf8") != std::string::npos;
  }
  return false;
}

struct Character {
  std::uint32_t code = 0;
  std::size_t length = 0;
};

/// The first character of UTF-8 text; nothing when it is not one.
std::optional<Character> first_character(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  if (byte(0) < 0x80) return Character{byte(0), 1};
  const std::size_t length = byte(0) >= 0xF0 ? 4 : byte(0) >= 0xE0 ? 3 : 2;
  if (byte(0) < 0xC2 || byte(0) > 0xF4 || text.size() < length) return std::nullopt;
  std::uint32_t code = byte(0) & (0xFFU >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0U) != 0x80) return std::nullopt;
    code = code << 6U | (byte(i) & 0x3FU);
  }
  constexpr std::array<std::uint32_t, 5> kSmallest = {0, 0, 0x80, 0x800, 0x10000};
  const bool is_surrogate = code >= 0xD800 && code <= 0xDFFF;
  if (code < kSmallest.at(length) || is_surrogate || code > 0x10FFFF) return std::nullopt;
  return Character{code, length};
}

/// Characters that steer a terminal, hide, or turn the direction of what follows.
bool is_dangerous(std::uint32_t code) {
  const auto is_in = [&](std::uint32_t first, std::uint32_t last) {
    return code >= first && code <= last;
  };
  return code < 0x20 || is_in(0x7F, 0x9F) || code == 0xAD || code == 0x61C || code == 0x180E ||
         is_in(0x200B, 0x200F) || is_in(0x2028, 0x202E) || is_in(0x2060, 0x206F) ||
         code == 0xFEFF || is_in(0xFFF9, 0xFFFB) || is_in(0xE0000, 0xE007F);
}

std::string escape(std::uint32_t code) {
  if (code == '\n') return "\\n";
  if (code == '\t') return "\\t";
  if (code == '\r') return "\\r";
  if (code < 0x80) return fmt::format("\\x{:02x}", code);
  return fmt::format("\\u{{{:x}}}", code);
}

std::string harmless(std::string_view text, bool may_break) {
  std::string result;
  result.reserve(text.size());
  while (!text.empty()) {
    const std::optional<Character> next = first_character(text);
    const std::size_t length = next ? next->length : 1;
    if (!next) {
      result += fmt::format("\\x{:02x}", static_cast<unsigned char>(text.front()));
    } else if (is_dangerous(next->code) && !(may_break && next->code == '\n')) {
      result += escape(next->code);
    } else {
      result += text.substr(0, length);
    }
    text.remove_prefix(length);
  }
  return result;
}

}  // namespace

std::string Terminal::paint(Colour colour, std::string_view text) const {
  if (!has_colour || text.empty()) return std::string(text);
  return fmt::format("\x1b[{}m{}\x1b[0m", kCodes.at(static_cast<std::size_t>(colour)), text);
}

std::string_view Terminal::symbol(Symbol symbol) const {
  const Signs& signs = kSigns.at(static_cast<std::size_t>(symbol));
  return is_utf8 ? signs.utf8 : signs.ascii;
}

Terminal describe_terminal(const GetEnvironment& getenv, bool is_terminal, ColourWish wish) {
  Terminal terminal{.is_terminal = is_terminal,
                    .has_colour = wants_colour(getenv, is_terminal, wish),
                    .is_utf8 = says_utf8(getenv),
                    .is_github = getenv("GITHUB_ACTIONS") == "true"};
  const std::string columns = getenv("COLUMNS").value_or("");
  std::size_t width = 0;
  const auto parsed = std::from_chars(columns.data(), columns.data() + columns.size(), width);
  if (parsed.ec == std::errc{} && width >= 20) terminal.width = width;
  return terminal;
}

bool is_automation(const GetEnvironment& getenv) {
  constexpr std::array kNames = {"CI",       "GITHUB_ACTIONS", "GITLAB_CI",
                                 "TF_BUILD", "BUILDKITE",      "JENKINS_URL"};
  return std::ranges::any_of(kNames, [&](const char* name) {
    const std::string value = getenv(name).value_or("");
    return !value.empty() && value != "false";
  });
}

std::string harmless(std::string_view text) {
  return harmless(text, false);
}

std::string harmless_lines(std::string_view text) {
  return harmless(text, true);
}

std::string without_commands(std::string_view text) {
  std::string result;
  bool is_at_start = true;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool is_command = text.substr(i).starts_with("::") || text.substr(i).starts_with("##[");
    if (is_at_start && is_command) result += '\\';
    result += text[i];
    is_at_start = text[i] == '\n' || (is_at_start && (text[i] == ' ' || text[i] == '\t'));
  }
  return result;
}

}  // namespace weir
