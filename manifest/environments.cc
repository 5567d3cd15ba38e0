#include "manifest/environments.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "core/nearest.h"
#include "manifest/manifest.h"
#include "manifest/manifest_rules.h"
#include "manifest/merge.h"

namespace weir {
namespace {

constexpr std::array<std::string_view, 7> kKeys = {"workspace", "server", "state", "variables",
                                                   "policy",    "limits", "patch"};
constexpr std::array<std::string_view, 6> kFixed = {"version",      "name",  "variables",
                                                    "environments", "state", "server"};
/// Of the fixed ones, those that an environment has for itself.
constexpr std::array<std::string_view, 3> kOwn = {"variables", "state", "server"};

void set_origin(Node& node, std::uint16_t origin) {
  node.origin = origin;
  for (Node& item : node.items) set_origin(item, origin);
  for (Entry& entry : node.entries) set_origin(entry.value, origin);
}

Node take(Node& map, std::string_view key) {
  const auto found = std::find_if(map.entries.begin(), map.entries.end(),
                                  [&](const Entry& entry) { return entry.key == key; });
  if (found == map.entries.end()) return {};
  Node value = std::move(found->value);
  map.entries.erase(found);
  return value;
}

void report_shape(const Node& node, const std::string& what, Diagnostics& diagnostics) {
  diagnostics.add({.rule = rule::kShape,
                   .message = fmt::format("{}: expected a map; not {}", what, describe(node)),
                   .place = node.place});
}

/// Which environment is meant, or nothing when that is a mistake or there is none.
const Node* choose(const Node& environments, const std::string& name, Diagnostics& diagnostics) {
  std::vector<std::string_view> names;
  names.reserve(environments.entries.size());
  for (const Entry& entry : environments.entries) names.push_back(entry.key);
  if (name.empty()) {
    if (names.empty()) return nullptr;
    std::sort(names.begin(), names.end());
    diagnostics.add({.rule = rule::kNoEnvironment,
                     .message = fmt::format("this manifest has the environments {}, and none of "
                                            "them is chosen",
                                            fmt::join(names, ", ")),
                     .hint = fmt::format("choose one with -e {}", names.front()),
                     .place = environments.place});
    return nullptr;
  }
  if (const Node* found = environments.find(name)) return found;
  std::string hint = did_you_mean(name, names);
  std::sort(names.begin(), names.end());
  if (hint.empty()) {
    hint = names.empty() ? "leave -e away, or add environments"
                         : fmt::format("choose one of {}", fmt::join(names, ", "));
  }
  diagnostics.add({.rule = rule::kUnknownEnvironment,
                   .message = fmt::format("there is no environment \"{}\"", name),
                   .hint = std::move(hint),
                   .place = environments.place});
  return nullptr;
}

bool says(const Node& map, std::string_view key) {
  const Node* value = map.find(key);
  return value != nullptr && !value->is_null();
}

void refuse_two_targets(const Node& map, const std::string& where, Diagnostics& diagnostics) {
  if (!says(map, "workspace") || !says(map, "server")) return;
  diagnostics.add({.rule = rule::kTwoTargets,
                   .message = where + "workspace and server exclude each other",
                   .hint = "remove one of them, or give each an environment of its own",
                   .place = map.find("server")->place});
}

/// Whoever speaks last says whether it is a workspace or a server.
void give_way(Node& root, const Node& later) {
  if (says(later, "workspace")) take(root, "server");
  if (says(later, "server")) take(root, "workspace");
}

/// Every environment is checked, so that a mistake in one shows whichever is chosen.
void check_keys(const Node& environments, Diagnostics& diagnostics) {
  for (const Entry& environment : environments.entries) {
    if (environment.value.is_null()) continue;
    if (!environment.value.is_map()) {
      report_shape(environment.value, "environments." + environment.key, diagnostics);
      continue;
    }
    refuse_two_targets(environment.value, "environments." + environment.key + ": ", diagnostics);
    for (const Entry& entry : environment.value.entries) {
      const std::string path = fmt::format("environments.{}.{}", environment.key, entry.key);
      if (std::find(kKeys.begin(), kKeys.end(), entry.key) == kKeys.end()) {
        diagnostics.add({.rule = rule::kUnknownKey,
                         .message = fmt::format("unknown key {}", path),
                         .hint = did_you_mean(entry.key, kKeys),
                         .place = entry.place});
      } else if (!entry.value.is_map() && !entry.value.is_null() && entry.key != "server") {
        report_shape(entry.value, path, diagnostics);
      }
    }
  }
}

void apply_sections(Node& root, Node& environment, Diagnostics& diagnostics) {
  Node overlay{.type = Node::Type::kMap};
  for (const std::string_view key : {"workspace", "policy", "limits"}) {
    Node section = take(environment, key);
    const Place place = section.place;
    if (section.is_map()) overlay.entries.push_back({std::string(key), place, std::move(section)});
  }
  apply_patch(root, std::move(overlay), diagnostics);
  // One place or another: the two are not put together.
  for (const std::string_view key : {"state", "server"}) {
    Node choice = take(environment, key);
    if (choice.is_null() || (key == "state" && !choice.is_map())) continue;
    take(root, key);
    const Place place = choice.place;
    root.entries.push_back({std::string(key), place, std::move(choice)});
  }
}

void apply_declarations(Node& root, Node patch, const std::string& name, Diagnostics& diagnostics) {
  if (!patch.is_map()) return;
  std::erase_if(patch.entries, [&](const Entry& entry) {
    if (std::find(kFixed.begin(), kFixed.end(), entry.key) == kFixed.end()) return false;
    diagnostics.add({.rule = rule::kNotPatchable,
                     .message = fmt::format("the patch of {} cannot change {}", name, entry.key),
                     .hint = std::find(kOwn.begin(), kOwn.end(), entry.key) != kOwn.end()
                                 ? fmt::format("write environments.{}.{}", name, entry.key)
                                 : "it is the same in every environment",
                     .place = entry.place});
    return true;
  });
  give_way(root, patch);
  apply_patch(root, std::move(patch), diagnostics);
}

}  // namespace

std::vector<std::string> environments_of(const Node& files) {
  std::vector<std::string> names;
  const Node* environments = files.find("environments");
  if (environments == nullptr) return names;
  for (const Entry& entry : environments->entries) names.push_back(entry.key);
  std::sort(names.begin(), names.end());
  return names;
}

Node apply_environment(Node& root, const std::string& name, std::uint16_t origin,
                       Diagnostics& diagnostics) {
  const Node environments = take(root, "environments");
  if (!environments.is_map() && !environments.is_null()) {
    report_shape(environments, "environments", diagnostics);
  }
  refuse_two_targets(root, "", diagnostics);
  check_keys(environments, diagnostics);
  const Node* chosen = choose(environments, name, diagnostics);
  if (chosen == nullptr || !chosen->is_map()) return {};
  Node environment = *chosen;
  Node variables = take(environment, "variables");
  set_origin(environment, origin);
  give_way(root, environment);
  apply_sections(root, environment, diagnostics);
  apply_declarations(root, take(environment, "patch"), name, diagnostics);
  return variables;
}

}  // namespace weir
