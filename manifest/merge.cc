#include "manifest/merge.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <unordered_map>

#include <fmt/format.h>

#include "core/nearest.h"
#include "manifest/manifest_rules.h"

namespace weir {
namespace {

std::string child_path(const std::string& path, const std::string& key) {
  return path.empty() ? key : path + "." + key;
}

class FileMerge {
 public:
  FileMerge(const Sources& sources, Diagnostics& diagnostics)
      : sources_(sources), diagnostics_(diagnostics) {}

  /// All values of one path together, so that many files cost no more than their size.
  Node merge(std::vector<Node> nodes, const std::string& path) {
    if (nodes.size() == 1) return std::move(nodes.front());
    const auto is_map = [](const Node& node) { return node.is_map(); };
    if (std::all_of(nodes.begin(), nodes.end(), is_map)) return merge_maps(std::move(nodes), path);
    if (!is_repeated_header(nodes, path)) report(nodes, path);
    return std::move(nodes.front());
  }

 private:
  struct Group {
    std::string key;
    Place place;
    std::vector<Node> values;
  };

  Node merge_maps(std::vector<Node> nodes, const std::string& path) {
    std::vector<Group> groups;
    std::unordered_map<std::string, std::size_t> index;
    for (Node& node : nodes) {
      for (Entry& entry : node.entries) {
        const auto [found, is_new] = index.emplace(entry.key, groups.size());
        if (is_new) groups.push_back({std::move(entry.key), entry.place, {}});
        groups[found->second].values.push_back(std::move(entry.value));
      }
    }
    Node merged = std::move(nodes.front());
    merged.entries.clear();
    merged.entries.reserve(groups.size());
    for (Group& group : groups) {
      Node value = merge(std::move(group.values), child_path(path, group.key));
      merged.entries.push_back({std::move(group.key), group.place, std::move(value)});
    }
    return merged;
  }

  static bool is_repeated_header(const std::vector<Node>& nodes, const std::string& path) {
    if (path != "version" && path != "name") return false;
    return std::all_of(nodes.begin(), nodes.end(), [&](const Node& node) {
      return node.is_scalar() && node.text == nodes.front().text;
    });
  }

  void report(const std::vector<Node>& nodes, const std::string& path) {
    const auto is_map = [](const Node& node) { return node.is_map(); };
    const bool is_mixed = std::any_of(nodes.begin(), nodes.end(), is_map);
    for (auto node = nodes.begin() + 1; node != nodes.end(); ++node) {
      diagnostics_.add(
          {.rule = rule::kSetTwice,
           .message = fmt::format("{} is set twice: here and at {}", path.empty() ? "all" : path,
                                  sources_.describe(nodes.front().place)),
           .hint = is_mixed ? "one place has a map and the other has not; only maps merge"
                            : "keep one of them; environments are the way to differ",
           .place = node->place});
    }
  }

  const Sources& sources_;
  Diagnostics& diagnostics_;
};

class Patch {
 public:
  explicit Patch(Diagnostics& diagnostics) : diagnostics_(diagnostics) {}

  void apply(Node& base, Node patch, const std::string& path) {
    std::unordered_map<std::string_view, std::size_t> index;
    // Reserved, so that the keys that `index` looks at do not move.
    base.entries.reserve(base.entries.size() + patch.entries.size());
    for (std::size_t i = 0; i < base.entries.size(); ++i) index.emplace(base.entries[i].key, i);
    std::vector<bool> is_removed(base.entries.size() + patch.entries.size());
    for (Entry& entry : patch.entries) {
      const auto found = index.find(entry.key);
      if (found == index.end()) {
        add(base, std::move(entry), path);
      } else if (entry.value.is_null()) {
        is_removed[found->second] = true;
      } else {
        replace(base.entries[found->second].value, std::move(entry), path);
      }
    }
    std::size_t i = 0;
    std::erase_if(base.entries, [&](const Entry& /*entry*/) { return is_removed[i++]; });
  }

 private:
  void replace(Node& base, Entry entry, const std::string& path) {
    if (base.is_map() && entry.value.is_map()) {
      return apply(base, std::move(entry.value), child_path(path, entry.key));
    }
    base = std::move(entry.value);
    remove_nulls(base);
  }

  void add(Node& base, Entry entry, const std::string& path) {
    if (entry.value.is_null()) {
      std::vector<std::string_view> keys;
      // Among more, looking for similar ones again and again would take too long.
      constexpr std::size_t kMostKeys = 1'000;
      if (base.entries.size() <= kMostKeys) {
        for (const Entry& other : base.entries) keys.push_back(other.key);
      }
      diagnostics_.add({.severity = Severity::kWarning,
                        .rule = rule::kRemovesNothing,
                        .message = fmt::format("null removes nothing: there is no {} to remove",
                                               child_path(path, entry.key)),
                        .hint = did_you_mean(entry.key, keys),
                        .place = entry.place});
      return;
    }
    remove_nulls(entry.value);
    base.entries.push_back(std::move(entry));
  }

  /// What a patch brings in new has nothing to remove.
  static void remove_nulls(Node& node) {
    std::erase_if(node.entries, [](const Entry& entry) { return entry.value.is_null(); });
    for (Entry& entry : node.entries) remove_nulls(entry.value);
  }

  Diagnostics& diagnostics_;
};

}  // namespace

Node merge_files(std::vector<Node> files, const Sources& sources, Diagnostics& diagnostics) {
  if (files.empty()) return {.type = Node::Type::kMap};
  return FileMerge(sources, diagnostics).merge(std::move(files), "");
}

void apply_patch(Node& base, Node patch, Diagnostics& diagnostics) {
  Patch(diagnostics).apply(base, std::move(patch), "");
}

}  // namespace weir
