#include "emulator/latency.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <stdexcept>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace emulator {

Duration parse_human_duration(const std::string& text) {
  double amount = 0;
  const char* end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, amount);
  const std::string unit(parsed.ptr, end);
  static const std::map<std::string, double> units = {
      {"ms", 0.001}, {"s", 1}, {"m", 60}, {"h", 3'600}, {"d", 86'400}};
  const auto found = units.find(unit);
  const double seconds = found == units.end() ? -1 : amount * found->second;
  const bool is_in_range = seconds >= 0 && seconds <= 1e9;  // false for NaN as well
  if (parsed.ec != std::errc{} || !is_in_range) {
    throw std::invalid_argument(
        fmt::format("{} is not a duration such as 250ms, 2s, 5m, 1h or 7d", text));
  }
  const std::int64_t nanoseconds = std::llround(seconds * 1e9);
  return {nanoseconds / 1'000'000'000, static_cast<std::int32_t>(nanoseconds % 1'000'000'000)};
}

namespace {

/// The time behind the equals sign of `entry`.
Duration time_in(const std::string& entry, std::size_t equals) {
  try {
    return parse_human_duration(entry.substr(equals + 1));
  } catch (const std::invalid_argument& mistake) {
    throw std::invalid_argument(fmt::format("{}: {}", entry, mistake.what()));
  }
}

}  // namespace

void Latency::set(const std::string& text) {
  constexpr std::array kVerbs = {"create", "update",  "delete", "undelete", "failover",
                                 "settle", "prepare", "sync",   "start",    "stop"};
  constexpr std::array kKinds = {"project",
                                 "branch",
                                 "endpoint",
                                 "role",
                                 "database",
                                 "catalog",
                                 "synced_table",
                                 "data_api",
                                 "cdf_config",
                                 "instance",
                                 "synced_database_table",
                                 "app"};
  std::size_t start = 0;
  while (start < text.size()) {
    const std::size_t comma = std::min(text.find(',', start), text.size());
    const std::string entry = text.substr(start, comma - start);
    const std::size_t equals = std::min(entry.find('='), entry.size());
    const std::string name = entry.substr(0, equals);
    const std::size_t dot = name.find('.');
    const std::string kind = dot == std::string::npos ? "" : name.substr(0, dot);
    const std::string verb = dot == std::string::npos ? name : name.substr(dot + 1);
    const bool is_kind =
        dot == std::string::npos || std::find(kKinds.begin(), kKinds.end(), kind) != kKinds.end();
    if (equals == entry.size() || !is_kind ||
        std::find(kVerbs.begin(), kVerbs.end(), verb) == kVerbs.end()) {
      throw std::invalid_argument(
          fmt::format("{} is not VERB=DURATION or KIND.VERB=DURATION, for example create=2s or "
                      "branch.create=500ms; verbs are {}, kinds are {}",
                      entry, fmt::join(kVerbs, ", "), fmt::join(kKinds, ", ")));
    }
    times_[name] = time_in(entry, equals);
    start = comma + 1;
  }
}

Duration Latency::of(const std::string& kind, const std::string& verb) const {
  for (const std::string& name : {fmt::format("{}.{}", kind, verb), verb}) {
    const auto found = times_.find(name);
    if (found != times_.end()) return found->second;
  }
  return {};
}

}  // namespace emulator
