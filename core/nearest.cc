#include "core/nearest.h"

#include <algorithm>
#include <numeric>

#include <fmt/format.h>

namespace weir {
namespace {

/// Longer texts are no typing mistakes, and comparing them costs the product of their lengths.
constexpr std::size_t kLongest = 100;

/// How many letters must be put in, taken out or changed.
std::size_t edits(std::string_view from, std::string_view to) {
  std::vector<std::size_t> row(to.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= from.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= to.size(); ++j) {
      const std::size_t changed = diagonal + (from[i - 1] == to[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, changed});
    }
  }
  return row[to.size()];
}

}  // namespace

std::string nearest(std::string_view text, std::span<const std::string_view> candidates) {
  if (text.size() > kLongest) return "";
  std::size_t least = text.size() / 3 + 2;
  std::string_view best;
  for (const std::string_view candidate : candidates) {
    if (candidate.size() > kLongest) continue;
    const std::size_t distance = edits(text, candidate);
    if (distance >= least || distance >= candidate.size()) continue;
    least = distance;
    best = candidate;
  }
  return std::string(best);
}

std::string did_you_mean(std::string_view text, std::span<const std::string_view> candidates) {
  const std::string best = nearest(text, candidates);
  return best.empty() ? "" : fmt::format("did you mean \"{}\"?", best);
}

}  // namespace weir
