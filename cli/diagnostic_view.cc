#include "cli/diagnostic_view.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "cli/json_view.h"
#include "manifest/manifest_rules.h"

namespace weir {
namespace {

Colour colour_of(Severity severity) {
  if (severity == Severity::kError) return Colour::kRed;
  return severity == Severity::kWarning ? Colour::kYellow : Colour::kCyan;
}

std::string headline(const Diagnostic& diagnostic, const Sources& sources,
                     const Terminal& terminal) {
  std::string line;
  const std::string place = sources.describe(diagnostic.place);
  if (!place.empty()) line = terminal.paint(Colour::kBold, harmless(place) + ":") + " ";
  std::string label(text_of(diagnostic.severity));
  if (!diagnostic.rule.empty()) label += fmt::format("[{}]", diagnostic.rule);
  if (diagnostic.address.empty()) label += ":";
  line += terminal.paint(colour_of(diagnostic.severity), label) + " ";
  if (!diagnostic.address.empty()) line += harmless(diagnostic.address) + ": ";
  return line + harmless(diagnostic.message) + "\n";
}

std::string hint_of(const Diagnostic& diagnostic) {
  return diagnostic.hint.empty() ? "" : fmt::format("  hint: {}\n", harmless(diagnostic.hint));
}

/// How many bytes of a line are shown around its column.
constexpr std::size_t kExcerpt = 100;
constexpr std::size_t kBeforeColumn = 60;

/// Whether a line may have a secret that somebody wrote where only its source belongs.
bool may_have_secret(const Diagnostic& diagnostic, std::string_view line) {
  if (diagnostic.rule == rule::kSecret || diagnostic.rule == rule::kSecretWanted) return true;
  std::string lower(line);
  std::ranges::transform(lower, lower.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  constexpr std::array<std::string_view, 4> kKeys = {"password", "token", "secret", "credential"};
  return std::ranges::any_of(
      kKeys, [&](std::string_view key) { return lower.find(key) != std::string::npos; });
}

/// The line and, under the column, a caret. Long lines are cut on both sides.
std::string excerpt(const Place& place, const Sources& sources, const Terminal& terminal) {
  const std::string_view line = sources.line(place);
  if (line.empty() || place.column == 0) return "";
  const auto is_inside = [&](std::size_t i) {
    return i < line.size() && (static_cast<unsigned char>(line[i]) & 0xC0U) == 0x80;
  };
  const std::size_t column = std::min<std::size_t>(place.column - 1, line.size());
  std::size_t begin = column > kBeforeColumn ? column - kBeforeColumn : 0;
  while (is_inside(begin)) ++begin;
  std::size_t end = std::min(line.size(), begin + kExcerpt);
  while (is_inside(end)) --end;
  std::string before(line.substr(begin, column - begin));
  std::string after(line.substr(column, std::max(end, column) - column));
  for (std::string* part : {&before, &after}) std::ranges::replace(*part, '\t', ' ');
  before = (begin > 0 ? "..." : "") + harmless(before);
  after = harmless(after) + (end < line.size() ? "..." : "");
  const auto width = static_cast<std::size_t>(std::ranges::count_if(
      before, [](char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) != 0x80; }));
  return fmt::format("{} {}{}\n{} {:{}}{}\n",
                     terminal.paint(Colour::kDim, fmt::format("{:>5} |", place.line)), before,
                     after, terminal.paint(Colour::kDim, "      |"), "", width,
                     terminal.paint(Colour::kGreen, "^"));
}

/// Nobody mends more in one go, and a hostile file would fill the terminal.
constexpr std::size_t kMostShown = 100;

/// The first ones, errors before warnings, in their order.
std::vector<const Diagnostic*> shown_of(const std::vector<Diagnostic>& diagnostics) {
  std::vector<const Diagnostic*> shown;
  const auto take = [&](bool is_error) {
    for (const Diagnostic& diagnostic : diagnostics) {
      if (shown.size() >= kMostShown) return;
      if ((diagnostic.severity == Severity::kError) == is_error) shown.push_back(&diagnostic);
    }
  };
  take(true);
  take(false);
  std::sort(shown.begin(), shown.end());
  return shown;
}

std::size_t count_of(const std::vector<Diagnostic>& diagnostics, Severity severity) {
  return static_cast<std::size_t>(std::ranges::count(diagnostics, severity, &Diagnostic::severity));
}

}  // namespace

std::string diagnostics_text(const std::vector<Diagnostic>& diagnostics, const Sources& sources,
                             const Terminal& terminal) {
  std::string text;
  const std::vector<const Diagnostic*> shown = shown_of(diagnostics);
  for (const Diagnostic* diagnostic : shown) {
    text += headline(*diagnostic, sources, terminal);
    if (!may_have_secret(*diagnostic, sources.line(diagnostic->place))) {
      text += excerpt(diagnostic->place, sources, terminal);
    }
    text += hint_of(*diagnostic);
  }
  const std::size_t rest = diagnostics.size() - shown.size();
  if (rest > 0) text += fmt::format("… and {} more\n", rest);
  return text;
}

std::string notes_text(const std::vector<Diagnostic>& diagnostics, const Sources& sources,
                       const Terminal& terminal) {
  std::string text;
  for (const Diagnostic& diagnostic : diagnostics) {
    text += headline(diagnostic, sources, terminal) + hint_of(diagnostic);
  }
  return text;
}

std::string diagnostics_summary(const std::vector<Diagnostic>& diagnostics) {
  const std::size_t errors = count_of(diagnostics, Severity::kError);
  const std::size_t warnings = count_of(diagnostics, Severity::kWarning);
  std::string summary = errors == 0   ? "No mistakes"
                        : errors == 1 ? "1 error"
                                      : fmt::format("{} errors", errors);
  if (warnings > 0) summary += fmt::format(", {} warning{}", warnings, warnings == 1 ? "" : "s");
  return summary;
}

Document diagnostic_document(const Diagnostic& diagnostic, const Sources& sources) {
  Document document = {{"severity", std::string(text_of(diagnostic.severity))},
                       {"rule", diagnostic.rule},
                       {"address", diagnostic.address},
                       {"message", diagnostic.message}};
  if (!diagnostic.hint.empty()) document["hint"] = diagnostic.hint;
  if (!sources.describe(diagnostic.place).empty()) {
    document["file"] = sources.name(diagnostic.place.file);
    document["line"] = diagnostic.place.line;
    document["column"] = diagnostic.place.column;
  }
  return document;
}

Document diagnostics_document(const std::vector<Diagnostic>& diagnostics, const Sources& sources) {
  Document all = Document::array();
  for (const Diagnostic* diagnostic : shown_of(diagnostics)) {
    all.push_back(diagnostic_document(*diagnostic, sources));
  }
  const std::size_t left_out = diagnostics.size() - all.size();
  const std::size_t errors = count_of(diagnostics, Severity::kError);
  Document document = {{"format_version", std::string(kFormatVersion)},
                       {"valid", errors == 0},
                       {"error_count", errors},
                       {"warning_count", count_of(diagnostics, Severity::kWarning)},
                       {"diagnostics", std::move(all)}};
  if (left_out > 0) document["left_out"] = left_out;
  return document;
}

void drop_warnings(std::vector<Diagnostic>& diagnostics) {
  std::erase_if(diagnostics, [](const Diagnostic& diagnostic) {
    return diagnostic.severity != Severity::kError;
  });
}

}  // namespace weir
