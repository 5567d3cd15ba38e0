// The way from files to a tree and to declarations, step by step.
#include <algorithm>
#include <limits>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "manifest/budgets.h"
#include "manifest/environments.h"
#include "manifest/expand.h"
#include "manifest/files.h"
#include "manifest/header.h"
#include "manifest/manifest.h"
#include "manifest/manifest_rules.h"
#include "manifest/merge.h"
#include "manifest/variables.h"
#include "manifest/yaml.h"

namespace weir {
namespace {

/// Whether the file takes part. One without our words belongs to somebody else, and its keys would
/// only be reported one by one.
bool check_version(const Node& root, const ReadText& text, Diagnostics& diagnostics) {
  const Node* version = root.find("version");
  if (version != nullptr && version->is_text() && version->text == kManifestVersion) return true;
  const bool takes_part = looks_like_a_manifest(root);
  const Place top{.file = text.file, .line = 1, .column = 1};
  std::string message = fmt::format("version: {} is missing", kManifestVersion);
  if (version != nullptr) {
    message = fmt::format("version: expected {}; not {}", kManifestVersion, describe(*version));
  }
  std::string hint = fmt::format("begin the file with version: {}", kManifestVersion);
  if (!takes_part) hint = fmt::format("{}, if it is a manifest", hint);
  diagnostics.add({.rule = rule::kVersion,
                   .message = std::move(message),
                   .hint = std::move(hint),
                   .place = version != nullptr ? version->place : top});
  return takes_part;
}

/// Reads the files of a manifest, and tells them from those that merely stand beside them.
class ManifestFiles {
 public:
  ManifestFiles(const Sources& sources, Diagnostics& diagnostics)
      : sources_(sources), diagnostics_(diagnostics) {}

  void read(const ReadText& text) {
    Diagnostics mistakes;
    std::optional<Node> root = read_yaml(sources_, text.file, YamlLimits{}, mistakes);
    const bool is_ours = text.is_named || says_it_is_a_manifest(sources_.text(text.file)) ||
                         (root && looks_like_a_manifest(*root));
    if (!is_ours) return others_.push_back(text.file);
    for (Diagnostic& mistake : mistakes.sorted()) diagnostics_.add(std::move(mistake));
    if (root) take(std::move(*root), text);
  }

  /// One mistake for all of them: they are not ours, so what is in them is not looked at.
  void refuse_others() const {
    constexpr std::size_t kMostNamed = 5;
    if (others_.empty()) return;
    std::vector<std::string> names;
    for (const std::uint32_t file : others_) {
      if (names.size() < kMostNamed) names.push_back(sources_.name(file));
    }
    const std::size_t rest = others_.size() - names.size();
    diagnostics_.add(
        {.rule = rule::kVersion,
         .message = fmt::format("{}{} {} not begin with version: {}", fmt::join(names, ", "),
                                rest > 0 ? fmt::format(" and {} more", rest) : "",
                                others_.size() == 1 ? "does" : "do", kManifestVersion),
         .hint = "name weir's own folder or files, or begin each manifest with that line"});
  }

  std::vector<Node> take_roots() { return std::move(roots_); }

 private:
  void take(Node root, const ReadText& text) {
    if (!root.is_map() && !root.is_null()) {
      diagnostics_.add({.rule = rule::kShape,
                        .message = "a manifest is a map; this is " + describe(root),
                        .hint = fmt::format("begin with version: {}", kManifestVersion),
                        .place = root.place});
      return;
    }
    // Editors find the schema of a JSON file by this key.
    std::erase_if(root.entries, [](const Entry& entry) { return entry.key == "$schema"; });
    if (check_version(root, text, diagnostics_)) roots_.push_back(std::move(root));
  }

  const Sources& sources_;
  Diagnostics& diagnostics_;
  std::vector<Node> roots_;
  std::vector<std::uint32_t> others_;
};

/// Refuses more of a section than anybody has by hand, before something is made of each of them.
bool check_count(const Node& files, const char* section, std::size_t limit,
                 Diagnostics& diagnostics) {
  const Node* members = files.find(section);
  if (members == nullptr || members->entries.size() <= limit) return true;
  diagnostics.add({.rule = rule::kTooMany,
                   .message = fmt::format("{} has {} members; {} are allowed", section,
                                          members->entries.size(), limit),
                   .hint = "split the manifest into several with names of their own",
                   .place = members->place});
  return false;
}

bool check_counts(const Node& files, Diagnostics& diagnostics) {
  constexpr CountLimits kLimits;
  bool is_right = check_count(files, "environments", kLimits.environments, diagnostics);
  is_right &= check_count(files, "variables", kLimits.variables, diagnostics);
  is_right &= check_count(files, "outputs", kLimits.outputs, diagnostics);
  return is_right;
}

/// What is over a limit is not looked at any further.
void keep_header(Node& root) {
  std::erase_if(root.entries,
                [](const Entry& entry) { return entry.key != "version" && entry.key != "name"; });
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
  const std::vector<ReadText> texts = read_texts(options.files, FileLimits{}, sources, diagnostics);
  ManifestFiles files(sources, diagnostics);
  for (const ReadText& text : texts) files.read(text);
  files.refuse_others();
  return merge_files(files.take_roots(), sources, diagnostics);
}

MergedTree load_tree(Node files, const LoadOptions& options, Sources& sources,
                     Diagnostics& diagnostics) {
  MergedTree tree{.root = std::move(files), .environment = options.environment};
  if (!check_counts(tree.root, diagnostics)) {
    keep_header(tree.root);
    return tree;
  }
  const bool has_environments = !environments_of(tree.root).empty();
  const std::uint16_t open = add_origin(tree, {.text = "path to a resource", .is_open = true});
  const std::uint16_t environment =
      add_origin(tree, {.text = "environment " + options.environment});
  const Node of_environment =
      apply_environment(tree.root, options.environment, environment, diagnostics);
  const Node declared = take(tree.root, "variables");
  Variables variables = read_variables(declared, of_environment, options, sources, diagnostics);
  tree.secrets = secret_sources(declared);
  number_origins(variables, tree);
  const Scope scope{.variables = variables,
                    .environment = tree.environment,
                    .open_origin = open,
                    .is_environment_missing = has_environments && options.environment.empty()};
  if (!expand(tree.root, scope, ExpansionLimits{}, diagnostics)) keep_header(tree.root);
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
