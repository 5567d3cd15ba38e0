#include "core/nearest.h"

#include <algorithm>
#include <numeric>

#include <fmt/format.h>

namespace weir {
namespace {

/// Longer texts are no typing mistakes, and comparing them costs the product of their lengths.
constexpr std::size_t kLongest = 100;

/// How many letters must be put in, taken out or changed; two that changed places count once.
std::size_t edits(std::string_view from, std::string_view to) {
  const std::size_t width = to.size() + 1;
  std::vector<std::size_t> before(width);
  std::vector<std::size_t> last(width);
  std::vector<std::size_t> row(width);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= from.size(); ++i) {
    before.swap(last);
    last.swap(row);
    row[0] = i;
    for (std::size_t j = 1; j <= to.size(); ++j) {
      const std::size_t changed = last[j - 1] + (from[i - 1] == to[j - 1] ? 0 : 1);
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, changed});
      const bool is_swapped =
          i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1];
      if (is_swapped) row[j] = std::min(row[j], before[j - 2] + 1);
    }
  }
  return row[to.size()];
}

}  // namespace

std::string nearest(std::string_view text, std::span<const std::string_view> candidates) {
  if (text.size() > kLongest) return "";
  std::size_t least = std::max<std::size_t>(text.size() / 3, 1) + 1;
  std::string_view best;
  for (const std::string_view candidate : candidates) {
    const std::size_t difference = candidate.size() > text.size() ? candidate.size() - text.size()
                                                                  : text.size() - candidate.size();
    if (candidate.size() > kLongest || difference >= least) continue;
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
