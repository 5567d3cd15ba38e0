#include "manifest/yaml_reading.h"

#include <algorithm>

#include <fmt/format.h>

#include "manifest/yaml_rules.h"

namespace weir {
namespace {

constexpr std::size_t kMostMistakes = 100;
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

}  // namespace

YamlReading::YamlReading(const Sources& sources, std::uint32_t file, const YamlLimits& limits,
                         Diagnostics& diagnostics)
    : sources_(sources),
      file_(file),
      limits_(limits),
      diagnostics_(diagnostics),
      text_(sources.text(file)) {
  if (text_.starts_with(kByteOrderMark)) text_.remove_prefix(kByteOrderMark.size());
}

Place YamlReading::place_of(std::size_t line, std::size_t column) const {
  // The line in the source still has the byte order mark.
  const std::size_t skipped = line == 0 ? sources_.text(file_).size() - text_.size() : 0;
  return {
      .file = file_,
      .line = static_cast<std::uint32_t>(line + 1),
      .column = static_cast<std::uint32_t>(column + 1 + skipped),
  };
}

Place YamlReading::place_at(std::size_t offset) const {
  const std::string_view before = text_.substr(0, offset);
  const auto line = static_cast<std::size_t>(std::count(before.begin(), before.end(), '\n'));
  return place_of(line, offset - (before.rfind('\n') + 1));
}

void YamlReading::report(std::string_view rule, const Place& place, std::string message,
                         std::string hint) {
  if (++mistakes_ > kMostMistakes) {
    diagnostics_.add({
        .rule = std::string(yaml_rule::kTooManyMistakes),
        .message = fmt::format("more than {} mistakes in this file; the rest of it was not read",
                               kMostMistakes),
        .hint = "mend the ones above first",
        .place = place,
    });
    throw StopReading();
  }
  diagnostics_.add({
      .rule = std::string(rule),
      .message = std::move(message),
      .hint = std::move(hint),
      .place = place,
  });
}

void YamlReading::stop(std::string_view rule, const Place& place, std::string message,
                       std::string hint) {
  report(rule, place, std::move(message), std::move(hint));
  throw StopReading();
}

}  // namespace weir
