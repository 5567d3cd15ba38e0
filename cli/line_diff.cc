#include "cli/line_diff.h"

#include <algorithm>
#include <vector>

#include <fmt/format.h>

namespace weir {
namespace {

using Lines = std::vector<std::string_view>;

struct Edit {
  char sign = ' ';
  std::string_view line;
};

constexpr std::size_t kAround = 3;
/// Longer differences are shown as one block: comparing them costs the product of their lengths.
constexpr std::size_t kMostCompared = 2000;

Lines lines_of(std::string_view text) {
  Lines lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    lines.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

/// The lengths of the longest common lists of lines, from each pair of places to the end.
std::vector<std::vector<std::size_t>> common_lengths(const Lines& before, const Lines& after) {
  std::vector<std::vector<std::size_t>> lengths(before.size() + 1,
                                                std::vector<std::size_t>(after.size() + 1));
  for (std::size_t i = before.size(); i-- > 0;) {
    for (std::size_t j = after.size(); j-- > 0;) {
      lengths[i][j] = before[i] == after[j] ? lengths[i + 1][j + 1] + 1
                                            : std::max(lengths[i + 1][j], lengths[i][j + 1]);
    }
  }
  return lengths;
}

void compare(const Lines& before, const Lines& after, std::vector<Edit>& edits) {
  const bool is_long = before.size() > kMostCompared || after.size() > kMostCompared;
  const auto lengths = is_long ? common_lengths({}, {}) : common_lengths(before, after);
  std::size_t i = 0;
  std::size_t j = 0;
  while (i < before.size() || j < after.size()) {
    const bool is_same = !is_long && i < before.size() && j < after.size() && before[i] == after[j];
    if (is_same) {
      edits.push_back({' ', before[i++]});
      ++j;
    } else if (i < before.size() &&
               (j == after.size() || is_long || lengths[i + 1][j] >= lengths[i][j + 1])) {
      edits.push_back({'-', before[i++]});
    } else {
      edits.push_back({'+', after[j++]});
    }
  }
}

std::vector<Edit> edits_of(const Lines& before, const Lines& after) {
  const auto [first, other] = std::ranges::mismatch(before, after);
  const auto begin = static_cast<std::size_t>(first - before.begin());
  std::size_t end = 0;
  while (end < before.size() - begin && end < after.size() - begin &&
         before[before.size() - end - 1] == after[after.size() - end - 1]) {
    ++end;
  }
  const auto middle = [&](const Lines& lines) {
    return Lines(lines.begin() + static_cast<std::ptrdiff_t>(begin),
                 lines.end() - static_cast<std::ptrdiff_t>(end));
  };
  std::vector<Edit> edits;
  for (std::size_t i = 0; i < begin; ++i) edits.push_back({' ', before[i]});
  compare(middle(before), middle(after), edits);
  for (std::size_t i = before.size() - end; i < before.size(); ++i) {
    edits.push_back({' ', before[i]});
  }
  return edits;
}

std::string painted(const Edit& edit, const Terminal& terminal) {
  std::string line = fmt::format("{}{}", edit.sign, harmless(edit.line));
  if (edit.sign == ' ') return line;
  return terminal.paint(edit.sign == '-' ? Colour::kRed : Colour::kGreen, line);
}

/// "12,3" as patch(1) reads it; of no line the one before is named.
std::string range(std::size_t first, std::size_t count) {
  if (count == 1) return fmt::format("{}", first);
  return fmt::format("{},{}", count == 0 ? first - 1 : first, count);
}

/// Walks over the edits and prints those that lie within `kAround` of a difference.
std::string hunks(const std::vector<Edit>& edits, const Terminal& terminal) {
  std::string text;
  std::size_t old_line = 1;
  std::size_t new_line = 1;
  const auto is_near = [&](std::size_t i) {
    const std::size_t from = i > kAround ? i - kAround : 0;
    const std::size_t to = std::min(edits.size(), i + kAround + 1);
    return std::any_of(edits.begin() + static_cast<std::ptrdiff_t>(from),
                       edits.begin() + static_cast<std::ptrdiff_t>(to),
                       [](const Edit& edit) { return edit.sign != ' '; });
  };
  for (std::size_t i = 0; i < edits.size();) {
    std::string lines;
    std::size_t old_count = 0;
    std::size_t new_count = 0;
    const bool near = is_near(i);
    for (; i < edits.size() && is_near(i) == near; ++i) {
      if (near) lines += painted(edits[i], terminal) + "\n";
      old_count += edits[i].sign == '+' ? 0 : 1;
      new_count += edits[i].sign == '-' ? 0 : 1;
    }
    if (near) {
      text += terminal.paint(Colour::kCyan, fmt::format("@@ -{} +{} @@", range(old_line, old_count),
                                                        range(new_line, new_count))) +
              "\n" + lines;
    }
    old_line += old_count;
    new_line += new_count;
  }
  return text;
}

}  // namespace

std::string line_diff(std::string_view before, std::string_view after, const std::string& name,
                      const Terminal& terminal) {
  if (before == after) return "";
  const std::string shown = harmless(name);
  std::string text = fmt::format("--- {}\n+++ {}\n", shown, shown);
  const std::string differences = hunks(edits_of(lines_of(before), lines_of(after)), terminal);
  return text + (differences.empty() ? "(only line ends differ)\n" : differences);
}

}  // namespace weir
