#include "planner/radius.h"

#include <array>
#include <cstdlib>

#include <fmt/format.h>

namespace weir {
namespace {

/// The service sends large numbers as numbers or as texts.
std::string size_of(const Document& facts) {
  for (const char* name : {"logical_size_bytes", "synthetic_storage_size_bytes"}) {
    const Document* bytes = at_path(facts, name);
    if (bytes == nullptr) continue;
    if (bytes->is_number()) return size_text(bytes->get<double>());
    if (bytes->is_string()) {
      return size_text(std::strtod(bytes->get<std::string>().c_str(), nullptr));
    }
  }
  return "";
}

std::string activity_of(const Document& facts) {
  const std::string time = text_at(facts, "last_active_time");
  return time.empty() ? text_at(facts, "compute_last_active_time") : time;
}

}  // namespace

std::string size_text(double bytes) {
  static constexpr std::array kUnits = {"B", "KiB", "MiB", "GiB", "TiB", "PiB"};
  std::size_t unit = 0;
  while (bytes >= 1024 && unit + 1 < kUnits.size()) {
    bytes /= 1024;
    ++unit;
  }
  return unit == 0 ? fmt::format("{:.0f} B", bytes)
                   : fmt::format("{:.1f} {}", bytes, kUnits.at(unit));
}

std::vector<Loss> losses_of(const Draft& draft, const Observed& observed) {
  std::vector<Loss> losses;
  const auto& all = draft.observations.all();
  const std::string prefix = observed.name + "/";
  for (auto entry = all.lower_bound(prefix); entry != all.end(); ++entry) {
    const Observed& inside = entry->second;
    if (!entry->first.starts_with(prefix)) break;
    if (inside.is_deleted() || inside.kind->identity == Identity::kSingleton) continue;
    losses.push_back({.kind = std::string(inside.kind->name),
                      .name = inside.name,
                      .is_declared = draft.wishes.named(inside.name) != nullptr ||
                                     draft.recorded.contains(inside.name),
                      .size = size_of(inside.facts),
                      .last_activity = activity_of(inside.facts)});
  }
  return losses;
}

std::string with_size(const std::string& why, const Observed& observed) {
  const std::string size = size_of(observed.facts);
  const std::string activity = activity_of(observed.facts);
  std::string text = why;
  if (!size.empty()) text += "; it has " + size;
  if (!activity.empty()) text += "; last active at " + activity;
  return text;
}

bool is_bound_to_parent(const Observed& observed) {
  const std::string key = observed.name.substr(observed.name.rfind('/') + 1);
  if (observed.kind->name == "endpoint") {
    return is_implied(*observed.kind, key) || text_at(observed.fields, "type") == "read_write";
  }
  return observed.kind->is_deleted_softly && is_implied(*observed.kind, key);
}

std::string recovery_of(const Kind& kind, Action action) {
  const bool is_soft = action == Action::kDelete && kind.is_deleted_softly;
  return is_soft ? "the service purges it; how long that takes is not documented" : "";
}

}  // namespace weir
