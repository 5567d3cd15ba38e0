// The way from files to a tree and to declarations, step by step.
#include <algorithm>
#include <array>
#include <limits>

#include <fmt/format.h>

#include "core/nearest.h"
#include "manifest/environments.h"
#include "manifest/expand.h"
#include "manifest/files.h"
#include "manifest/manifest.h"
#include "manifest/manifest_rules.h"
#include "manifest/merge.h"
#include "manifest/variables.h"
#include "manifest/yaml.h"

namespace weir {
namespace {

constexpr std::string_view kVersion = "weir/v1";
/// Keys that no other kind of file is likely to have at its top.
constexpr std::array<std::string_view, 6> kOurs = {"projects",  "environments", "variables",
                                                   "instances", "outputs",      "access_profiles"};

bool looks_like_manifest(const Node& root) {
  return std::any_of(kOurs.begin(), kOurs.end(),
                     [&](std::string_view key) { return root.find(key) != nullptr; });
}

/// Whether the file takes part. One without our version and without our words belongs to somebody
/// else, and its keys would only be reported one by one.
bool check_version(const Node& root, const Sources& sources, std::uint32_t file,
                   Diagnostics& diagnostics) {
  const Node* version = root.find("version");
  if (version != nullptr && version->is_text() && version->text == kVersion) return true;
  const bool takes_part = looks_like_manifest(root);
  const Place top{.file = file, .line = 1, .column = 1};
  std::string message = "version: weir/v1 is missing";
  if (version != nullptr) {
    message = fmt::format("version: expected {}; not {}", kVersion, describe(*version));
  }
  diagnostics.add({.rule = rule::kVersion,
                   .message = std::move(message),
                   .hint = takes_part ? "begin the file with version: weir/v1"
                                      : fmt::format("if {} is no manifest, name the files to load",
                                                    sources.name(file)),
                   .place = version != nullptr ? version->place : top});
  return takes_part;
}

std::optional<Node> read_file(std::uint32_t file, const Sources& sources,
                              Diagnostics& diagnostics) {
  std::optional<Node> root = read_yaml(sources, file, YamlLimits{}, diagnostics);
  if (!root) return std::nullopt;
  if (!root->is_map() && !root->is_null()) {
    diagnostics.add({.rule = rule::kShape,
                     .message = "a manifest is a map; this is " + describe(*root),
                     .hint = "begin with version: weir/v1",
                     .place = root->place});
    return std::nullopt;
  }
  // Editors find the schema of a JSON file by this key.
  std::erase_if(root->entries, [](const Entry& entry) { return entry.key == "$schema"; });
  if (!check_version(*root, sources, file, diagnostics)) return std::nullopt;
  return root;
}

std::uint16_t add_origin(MergedTree& tree, Origin origin) {
  if (tree.origins.size() >= std::numeric_limits<std::uint16_t>::max()) return 0;
  tree.origins.push_back(std::move(origin));
  return static_cast<std::uint16_t>(tree.origins.size());
}

Node take(Node& map, std::string_view key) {
  Node* found = map.find(key);
  if (found == nullptr) return {};
  Node value = std::move(*found);
  std::erase_if(map.entries, [&](const Entry& entry) { return entry.key == key; });
  return value;
}

void number_origins(Variables& variables, MergedTree& tree) {
  std::vector<std::string> names;
  for (const auto& [name, variable] : variables) names.push_back(name);
  std::sort(names.begin(), names.end());
  // Secrets first: should the numbers run out, a secret is still known as one.
  std::stable_partition(names.begin(), names.end(),
                        [&](const std::string& name) { return variables.at(name).is_secret; });
  for (const std::string& name : names) {
    Variable& variable = variables.at(name);
    variable.origin =
        add_origin(tree, {.text = "variable " + name, .is_secret = variable.is_secret});
  }
}

}  // namespace

Node read_files(const LoadOptions& options, Sources& sources, Diagnostics& diagnostics) {
  std::vector<Node> roots;
  for (const std::uint32_t file : read_texts(options.files, FileLimits{}, sources, diagnostics)) {
    std::optional<Node> root = read_file(file, sources, diagnostics);
    if (root) roots.push_back(std::move(*root));
  }
  return merge_files(std::move(roots), sources, diagnostics);
}

MergedTree load_tree(Node files, const LoadOptions& options, Sources& sources,
                     Diagnostics& diagnostics) {
  MergedTree tree{.root = std::move(files), .environment = options.environment};
  const std::uint16_t open = add_origin(tree, {.text = "path to a resource", .is_open = true});
  const std::uint16_t environment =
      add_origin(tree, {.text = "environment " + options.environment});
  const Node of_environment =
      apply_environment(tree.root, options.environment, environment, diagnostics);
  const Node declared = take(tree.root, "variables");
  Variables variables = read_variables(declared, of_environment, options, sources, diagnostics);
  number_origins(variables, tree);
  const Scope scope{.variables = variables, .environment = tree.environment, .open_origin = open};
  expand(tree.root, scope, ExpansionLimits{}, diagnostics);
  return tree;
}

MergedTree load_tree(const LoadOptions& options, Sources& sources, Diagnostics& diagnostics) {
  return load_tree(read_files(options, sources, diagnostics), options, sources, diagnostics);
}

Manifest load_manifest(const LoadOptions& options, const Catalogue& catalogue, Sources& sources,
                       Diagnostics& diagnostics) {
  return declare(load_tree(options, sources, diagnostics), catalogue, sources, diagnostics);
}

}  // namespace weir
