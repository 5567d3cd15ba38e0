#include "cli/patterns.h"

#include <algorithm>

#include <fmt/format.h>

#include "core/error.h"
#include "core/file_text.h"

namespace weir {
namespace {

constexpr std::size_t kLargestFile = std::size_t{1} << 20U;
/// Each is compared with every address.
constexpr std::size_t kMostPatterns = 1000;

std::string_view trimmed(std::string_view line) {
  constexpr std::string_view kBlank = " \t\r";
  const std::size_t first = std::min(line.find_first_not_of(kBlank), line.size());
  line.remove_prefix(first);
  return line.substr(0, line.find_last_not_of(kBlank) + 1);
}

std::string whole_file(std::string_view flag, const std::string& path) {
  FileText read = read_file_text(path, kLargestFile);
  if (read.problem.empty()) return std::move(read.text);
  throw ConfigurationError(fmt::format(
      "-{}-file {} cannot be read: {}; name a file with an address or glob on each line", flag,
      path, read.problem));
}

void read_patterns(std::string_view flag, const std::string& path, std::vector<Pattern>& patterns) {
  const std::string text = whole_file(flag, path);
  std::string_view rest = text;
  for (std::size_t number = 1; !rest.empty(); ++number) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    const std::string_view line = trimmed(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (line.empty() || line.starts_with('#')) continue;
    patterns.push_back({.glob = std::string(line), .origin = fmt::format("{}:{}:", path, number)});
    if (patterns.size() > kMostPatterns) {
      throw ConfigurationError(
          fmt::format("{}:{}: there are more than {} patterns; write globs, such as "
                      "projects/shop/branches/pr-*",
                      path, number, kMostPatterns));
    }
  }
}

}  // namespace

std::vector<Pattern> patterns_of(const Options& options, std::string_view flag) {
  std::vector<Pattern> patterns;
  for (const std::string& glob : options.values(flag)) {
    patterns.push_back({.glob = glob, .origin = fmt::format("-{}", flag)});
  }
  const std::vector<std::string> files = options.values(fmt::format("{}-file", flag));
  for (const std::string& file : files) read_patterns(flag, file, patterns);
  // Nothing chosen would mean everything.
  if (flag == "only" && patterns.empty() && !files.empty()) {
    throw ConfigurationError(
        fmt::format("-only-file {}: no line of it names anything, so nothing would be planned; "
                    "write an address or a glob, or leave the flag away to plan everything",
                    files.front()));
  }
  return patterns;
}

std::vector<std::string> globs_of(const Options& options, std::string_view flag) {
  std::vector<std::string> globs;
  for (Pattern& pattern : patterns_of(options, flag)) globs.push_back(std::move(pattern.glob));
  return globs;
}

}  // namespace weir
