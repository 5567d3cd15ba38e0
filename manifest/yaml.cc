#include "manifest/yaml.h"

#include <array>
#include <charconv>
#include <istream>
#include <streambuf>

#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include "manifest/plain_yaml.h"
#include "manifest/text_gate.h"
#include "manifest/tree_builder.h"
#include "manifest/yaml_guard.h"
#include "manifest/yaml_reading.h"
#include "manifest/yaml_rules.h"

namespace weir {
namespace {

/// Lets the parser read a text where it lies.
class TextBuffer : public std::streambuf {
 public:
  explicit TextBuffer(std::string_view text) {
    // A streambuf wants writable bytes but only writes through its put area, which stays empty.
    char* begin = const_cast<char*>(text.data());
    setg(begin, begin, begin + text.size());
  }
};

/// Hands the parser's events on.
class Events : public YAML::EventHandler {
 public:
  Events(const YamlReading& reading, TreeBuilder& builder) : reading_(reading), builder_(builder) {}

  void OnDocumentStart(const YAML::Mark& mark) override { builder_.begin_document(at(mark)); }
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    builder_.add_null(at(mark), anchor);
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    builder_.add_alias(at(mark).place, anchor);
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    builder_.add_scalar(at(mark).place, tag, anchor, value);
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value /*style*/) override {
    builder_.begin_collection({.type = Node::Type::kList, .place = at(mark).place}, tag, anchor);
  }
  void OnSequenceEnd() override { builder_.end_collection(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value /*style*/) override {
    builder_.begin_collection({.type = Node::Type::kMap, .place = at(mark).place}, tag, anchor);
  }
  void OnMapEnd() override { builder_.end_collection(); }

 private:
  EventPlace at(const YAML::Mark& mark) const {
    return {reading_.place_of(static_cast<std::size_t>(mark.line),
                              static_cast<std::size_t>(mark.column)),
            static_cast<std::size_t>(mark.pos)};
  }

  const YamlReading& reading_;
  TreeBuilder& builder_;
};

std::string_view syntax_hint(std::string_view reason) {
  struct Hint {
    std::string_view reason;
    std::string_view hint;
  };
  constexpr std::array kHints = {
      Hint{"illegal map value", "quote texts that contain \": \", and check the indentation"},
      Hint{"illegal tab when looking for indentation", "indent with spaces instead of tabs"},
      Hint{"end of map flow not found", "close the { with a }"},
      Hint{"end of sequence flow not found", "close the [ with a ]"},
      Hint{"illegal EOF in scalar", "close the quotes"},
      Hint{"the referenced anchor is not defined", "define the anchor (&name) before its alias"},
      Hint{"unknown token", "quote texts that begin with @, ` or %"},
  };
  for (const Hint& hint : kHints) {
    if (reason.starts_with(hint.reason)) return hint.hint;
  }
  return "check the indentation, brackets and quotes here and in the lines above";
}

void check_bytes(YamlReading& reading) {
  const Place begin = reading.place_of(0, 0);
  if (reading.text().size() > reading.limits().bytes) {
    reading.stop(yaml_rule::kFileSize, begin,
                 fmt::format("this file has more than {} bytes", reading.limits().bytes),
                 "split it into several files");
  }
  const auto forbidden = find_forbidden_text(reading.text());
  if (!forbidden) return;
  reading.stop(forbidden->is_utf8 ? yaml_rule::kForbiddenCharacter : yaml_rule::kEncoding,
               reading.place_at(forbidden->offset),
               forbidden->is_utf8 ? fmt::format("{} stands here", forbidden->what)
                                  : fmt::format("{} is not UTF-8 text", forbidden->what),
               forbidden->is_utf8 ? "remove it" : "save the file as UTF-8");
}

bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\r';
}

void check_idle_lines(YamlReading& reading) {
  const std::string_view text = reading.text();
  const YamlLimits& limits = reading.limits();
  std::size_t lines = 0;
  std::size_t bytes = 0;
  for (std::size_t begin = 0; begin < text.size();) {
    // Most lines are short: to call a search for each costs more than to look.
    std::size_t end = begin;
    while (end < text.size() && is_blank(text[end])) ++end;
    const bool is_idle = end == text.size() || text[end] == '\n' || text[end] == '#';
    while (end < text.size() && text[end] != '\n') ++end;
    if (is_idle) {
      ++lines;
      bytes += end - begin;
    }
    begin = end + 1;
    if (lines <= limits.idle_lines && bytes <= limits.idle_bytes) continue;
    reading.stop(
        yaml_rule::kFileSize, reading.place_at(end),
        fmt::format("this file has more than {} {} of empty lines and comments",
                    lines > limits.idle_lines ? limits.idle_lines : limits.idle_bytes >> 10U,
                    lines > limits.idle_lines ? "lines" : "KiB"),
        "take most of them out, or split it into several files");
  }
}

void check_structure(YamlReading& reading) {
  const auto refusal = guard_yaml(reading.text(), reading.limits());
  if (!refusal) return;
  reading.stop(refusal->rule, reading.place_of(refusal->line, refusal->column), refusal->message,
               refusal->hint);
}

/// The four digits behind "\\u"; 0 for anything else.
std::uint32_t escaped_unit(std::string_view text) {
  std::uint32_t code = 0;
  if (text.size() < 6 || !text.starts_with("\\u")) return 0;
  const char* end = text.data() + 6;
  return std::from_chars(text.data() + 2, end, code, 16).ptr == end ? code : 0;
}

/// JSON writes what is beyond 16 bits as two escapes, which YAML does not know. All texts of JSON
/// have double quotes, so that a backslash means the same wherever it stands.
std::optional<std::string> with_whole_escapes(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t\r\n");
  if (begin == std::string_view::npos || text[begin] != '{') return std::nullopt;
  std::string whole;
  std::size_t copied = 0;
  for (std::size_t at = begin; (at = text.find('\\', at)) != std::string_view::npos; at += 2) {
    const std::uint32_t high = escaped_unit(text.substr(at));
    const std::uint32_t low = high == 0 ? 0 : escaped_unit(text.substr(at + 6));
    const bool is_pair = high >= 0xD800 && high < 0xDC00 && low >= 0xDC00 && low < 0xE000;
    if (!is_pair) continue;
    const std::uint32_t code = 0x10000 + ((high - 0xD800) << 10U) + (low - 0xDC00);
    whole += text.substr(copied, at - copied);
    whole += fmt::format("\\U{:08X}", code);
    copied = at + 12;
    at += 10;
  }
  if (copied == 0) return std::nullopt;
  return whole + std::string(text.substr(copied));
}

void parse(YamlReading& reading, TreeBuilder& builder) {
  const std::optional<std::string> whole = with_whole_escapes(reading.text());
  TextBuffer buffer(whole ? *whole : reading.text());
  std::istream stream(&buffer);
  Events events(reading, builder);
  try {
    YAML::Parser parser(stream);
    while (parser.HandleNextDocument(events)) continue;
  } catch (const YAML::Exception& error) {
    const YAML::Mark& mark = error.mark;
    const Place place = mark.is_null() ? reading.place_of(0, 0)
                                       : reading.place_of(static_cast<std::size_t>(mark.line),
                                                          static_cast<std::size_t>(mark.column));
    reading.stop(yaml_rule::kSyntax, place,
                 fmt::format("this is not well-formed YAML: {}", error.msg),
                 std::string(syntax_hint(error.msg)));
  }
}

}  // namespace

std::optional<Node> read_yaml(const Sources& sources, std::uint32_t file, const YamlLimits& limits,
                              Diagnostics& diagnostics) {
  YamlReading reading(sources, file, limits, diagnostics);
  TreeBuilder builder(reading);
  try {
    check_bytes(reading);
    check_idle_lines(reading);
    check_structure(reading);
    if (is_plain_yaml(reading)) {
      read_plain_yaml(reading, builder);
    } else {
      parse(reading, builder);
    }
  } catch (const StopReading&) {
    return std::nullopt;
  }
  return builder.take_root();
}

}  // namespace weir
