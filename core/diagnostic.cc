#include "core/diagnostic.h"

#include <algorithm>

#include <fmt/format.h>

namespace weir {

std::uint32_t Sources::add(std::string name, std::string text) {
  sources_.push_back({std::move(name), std::move(text)});
  return static_cast<std::uint32_t>(sources_.size());
}

const std::string& Sources::name(std::uint32_t file) const {
  return sources_.at(file - 1).name;
}

const std::string& Sources::text(std::uint32_t file) const {
  return sources_.at(file - 1).text;
}

std::string_view Sources::line(const Place& place) const {
  if (place.file == 0 || place.file > sources_.size()) return "";
  std::string_view rest = sources_[place.file - 1].text;
  for (std::uint32_t line = 1; line < place.line; ++line) {
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
