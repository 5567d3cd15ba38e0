#include "core/diagnostic.h"

#include <algorithm>

#include <fmt/format.h>

namespace weir {
namespace {

constexpr std::size_t kBlock = 4096;

/// How many lines end before each block; the first block is there even when the text is empty.
std::vector<std::uint32_t> count_line_ends(std::string_view text) {
  std::vector<std::uint32_t> before = {0};
  for (; text.size() > kBlock; text.remove_prefix(kBlock)) {
    const auto ends = std::count(text.begin(), text.begin() + kBlock, '\n');
    before.push_back(before.back() + static_cast<std::uint32_t>(ends));
  }
  return before;
}

}  // namespace

std::string_view text_of(Severity severity) {
  if (severity == Severity::kError) return "error";
  return severity == Severity::kWarning ? "warning" : "note";
}

std::uint32_t Sources::add(std::string name, std::string text) {
  std::vector<std::uint32_t> ends = count_line_ends(text);
  sources_.push_back({std::move(name), std::move(text), std::move(ends)});
  return static_cast<std::uint32_t>(sources_.size());
}

const std::string& Sources::name(std::uint32_t file) const {
  return sources_.at(file - 1).name;
}

const std::string& Sources::text(std::uint32_t file) const {
  return sources_.at(file - 1).text;
}

std::string_view Sources::line(const Place& place) const {
  if (place.file == 0 || place.file > sources_.size() || place.line == 0) return "";
  const Source& source = sources_[place.file - 1];
  const std::vector<std::uint32_t>& ends = source.ends_before_block;
  // The line begins in the last block before which fewer than all the earlier lines end.
  const auto next = std::lower_bound(ends.begin() + 1, ends.end(), place.line - 1);
  std::string_view rest = source.text;
  rest.remove_prefix(static_cast<std::size_t>(next - ends.begin() - 1) * kBlock);
  for (std::uint32_t line = *(next - 1) + 1; line < place.line; ++line) {
    const std::size_t end = rest.find('\n');
    if (end == std::string_view::npos) return "";
    rest.remove_prefix(end + 1);
  }
  rest = rest.substr(0, rest.find('\n'));
  if (rest.ends_with('\r')) rest.remove_suffix(1);
  return rest;
}

std::string Sources::describe(const Place& place) const {
  if (place.file == 0 || place.file > sources_.size()) return "";
  return fmt::format("{}:{}:{}", name(place.file), place.line, place.column);
}

void Diagnostics::add(Diagnostic diagnostic) {
  has_errors_ = has_errors_ || diagnostic.severity == Severity::kError;
  all_.push_back(std::move(diagnostic));
}

std::vector<Diagnostic> Diagnostics::sorted() const {
  std::vector<Diagnostic> sorted = all_;
  std::stable_sort(
      sorted.begin(), sorted.end(),
      [](const Diagnostic& left, const Diagnostic& right) { return left.place < right.place; });
  return sorted;
}

}  // namespace weir
