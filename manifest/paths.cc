#include "manifest/paths.h"

#include <algorithm>
#include <optional>
#include <vector>

#include <fmt/format.h>

#include "core/nearest.h"
#include "manifest/expand.h"
#include "manifest/interpolate.h"
#include "manifest/kind_words.h"
#include "manifest/leftover.h"
#include "manifest/manifest_rules.h"

namespace weir {
namespace {

std::string_view take_word(std::string_view& rest) {
  const std::string_view word = rest.substr(0, rest.find('.'));
  rest.remove_prefix(std::min(rest.size(), word.size() + 1));
  return word;
}

bool is_implied(const Kind& kind, std::string_view key) {
  return std::find(kind.implied.begin(), kind.implied.end(), key) != kind.implied.end();
}

std::string id_of(const Node* id, std::string_view key) {
  return id != nullptr && id->is_scalar() && !id->is_null() ? id->text : std::string(key);
}

std::vector<std::string_view> keys_of(const Node* map) {
  std::vector<std::string_view> keys;
  if (map == nullptr) return keys;
  for (const Entry& entry : map->entries) keys.push_back(entry.key);
  return keys;
}

class PathResolver {
 public:
  PathResolver(const MergedTree& tree, const Catalogue& catalogue, Diagnostics& diagnostics)
      : tree_(tree), paths_(tree.root, catalogue), diagnostics_(diagnostics) {}

  /// Changes scalars only, so that looking up a path sees the same tree at any time.
  void resolve_section(Entry& entry) {
    path_.push_back({entry.key, entry.value.is_map()});
    resolve(entry.value);
    path_.pop_back();
  }

  /// Variables of apps are looked up as outputs are, and were checked with what apps are bound to.
  void resolve_apps(Entry& apps) {
    path_.push_back({apps.key, apps.value.is_map()});
    for (Entry& app : apps.value.entries) {
      path_.push_back({app.key, app.value.is_map()});
      for (Entry& entry : app.value.entries) {
        if (entry.key != "env") resolve_section(entry);
      }
      path_.pop_back();
    }
    path_.pop_back();
  }

  /// Outputs keep their paths, which only the workspace can look up; that they lead somewhere is
  /// known before.
  void check_outputs(const Node& outputs) {
    for (const Entry& output : outputs.entries) {
      output_ = "outputs." + output.key;
      check(output.value);
    }
    output_.clear();
  }

 private:
  void check(const Node& node) {
    for (const Entry& entry : node.entries) check(entry.value);
    const Origin* origin = tree_.origin_of(node);
    if (!node.is_scalar() || origin == nullptr || !origin->is_open) return;
    const auto pieces = split_interpolation(node.text);
    if (!pieces) return;
    for (const Piece& piece : *pieces) {
      if (piece.is_expression) read_path(piece.text, node);
    }
  }

  /// Nothing when the path leads nowhere, which is reported.
  std::optional<ResourcePath> read_path(std::string_view expression, const Node& node) {
    ResourcePath path = paths_.read(expression);
    if (path.mistake.empty()) return path;
    complain(rule::kUnknownPath, node, fmt::format("${{{}}}: {}", expression, path.mistake),
             path.hint);
    return std::nullopt;
  }

  void resolve(Node& node) {
    if (node.is_scalar()) return resolve_text(node);
    for (Node& item : node.items) resolve(item);
    for (Entry& entry : node.entries) resolve_section(entry);
  }

  void resolve_text(Node& node) {
    const Origin* origin = tree_.origin_of(node);
    if (origin == nullptr || !origin->is_open) return;
    node.origin = 0;
    const std::string open = std::move(node.text);
    const auto pieces = split_interpolation(open);
    if (!pieces) return;
    node.text.clear();
    for (const Piece& piece : *pieces) {
      const auto text = piece.is_expression ? look_up(piece.text, node) : std::string(piece.text);
      if (!text) {
        node = leftover_at(node.place);
        return;
      }
      node.text += *text;
    }
  }

  std::optional<std::string> look_up(std::string_view expression, const Node& node) {
    const std::optional<ResourcePath> path = read_path(expression, node);
    if (!path) return std::nullopt;
    if (path->kind->identity == Identity::kId && !path->kind->is_apart) {
      if (path->part == "name") return path->name;
      if (path->part == "id") return path->name.substr(path->name.rfind('/') + 1);
    }
    complain(rule::kOutputMisplaced, node,
             fmt::format("${{{}}}: only the workspace knows {} of {}, and no field takes that",
                         expression, path->part, with_article(*path->kind)),
             "use it under outputs; fields take .id and .name of projects, branches, endpoints and "
             "instances");
    return std::nullopt;
  }

  void complain(const char* rule, const Node& node, std::string message, std::string hint) {
    diagnostics_.add({.rule = rule,
                      .address = output_.empty() ? declaration_at(path_) : output_,
                      .message = std::move(message),
                      .hint = std::move(hint),
                      .place = node.place});
  }

  const MergedTree& tree_;
  ResourcePaths paths_;
  Diagnostics& diagnostics_;
  std::vector<PathStep> path_;
  std::string output_;  ///< the address of the one that is checked
};

bool has_open_texts(const MergedTree& tree) {
  return std::any_of(tree.origins.begin(), tree.origins.end(),
                     [](const Origin& origin) { return origin.is_open; });
}

}  // namespace

const ResourcePaths::Index& ResourcePaths::index_of(const Node& map) {
  const auto [index, is_new] = indices_.try_emplace(&map);
  if (is_new) {
    for (const Entry& entry : map.entries) index->second.emplace(entry.key, &entry);
  }
  return index->second;
}

const Node* ResourcePaths::find(const Node* map, std::string_view key) {
  if (map == nullptr) return nullptr;
  const Index& index = index_of(*map);
  const auto found = index.find(key);
  return found == index.end() ? nullptr : &found->second->value;
}

/// The longest key that begins the rest of a path.
const Entry* ResourcePaths::find_member(const Node* members, std::string_view rest) {
  if (members == nullptr) return nullptr;
  const Index& index = index_of(*members);
  for (std::size_t end = rest.size(); end != std::string_view::npos && end > 0;
       end = rest.rfind('.', end - 1)) {
    const auto found = index.find(rest.substr(0, end));
    if (found != index.end()) return found->second;
  }
  return nullptr;
}

/// Goes one collection and one key further down. False when the rest is the name of a part.
bool ResourcePaths::step(ResourcePath& path, Cursor& at) {
  std::string_view after = at.rest;
  const std::string_view collection = take_word(after);
  if (after.empty()) return false;
  const Kind* kind = catalogue_.in_collection(path.within, collection);
  if (kind == nullptr) return step_into(collection, path, at);
  if (kind->identity == Identity::kSingleton) return false;
  if (kind->identity == Identity::kOnly) return step_to_only(*kind, path, at);
  const Node* members = find(at.node, collection);
  const Entry* member = find_member(members, after);
  const std::string_view key =
      member != nullptr ? std::string_view(member->key) : after.substr(0, after.find('.'));
  if (member == nullptr && !is_implied(*kind, key)) {
    path.mistake = fmt::format("there is no {} \"{}\"", kind->name, key);
    path.hint = did_you_mean(key, keys_of(members));
    return false;
  }
  path.address = path.address.child(collection, key);
  path.kind = kind;
  path.within = kind->name;
  at.node = member != nullptr ? &member->value : nullptr;
  path.name += fmt::format("{}{}/{}", path.name.empty() ? "" : "/", collection,
                           id_of(find(at.node, "id"), key));
  at.rest = after.substr(std::min(after.size(), key.size() + 1));
  return true;
}

/// What there is one of at most has no key.
bool ResourcePaths::step_to_only(const Kind& kind, ResourcePath& path, Cursor& at) {
  at.node = find(at.node, kind.collection);
  if (at.node == nullptr) {
    path.mistake = fmt::format("there is no {} in {}", kind.collection, path.address.text());
    return false;
  }
  take_word(at.rest);
  path.address = path.address.singleton(kind.collection);
  path.kind = &kind;
  path.within = kind.name;
  return true;
}

/// A schema is no resource, and leads to some.
bool ResourcePaths::step_into(std::string_view collection, ResourcePath& path, Cursor& at) {
  const std::string within = fmt::format("{}.{}", path.within, collection);
  if (catalogue_.first_in(within) == nullptr) return false;
  take_word(at.rest);
  const Node* members = find(at.node, collection);
  const Entry* member = find_member(members, at.rest);
  if (member == nullptr) {
    const std::string_view key = at.rest.substr(0, at.rest.find('.'));
    path.mistake = fmt::format("\"{}\" is not among the {}", key, collection);
    path.hint = did_you_mean(key, keys_of(members));
    return false;
  }
  path.address = path.address.child(collection, member->key);
  path.within = within;
  at.node = &member->value;
  at.rest.remove_prefix(std::min(at.rest.size(), member->key.size() + 1));
  return true;
}

ResourcePath ResourcePaths::read(std::string_view expression) {
  ResourcePath path;
  Cursor at = {.node = &root_, .rest = expression};
  while (!at.rest.empty() && step(path, at)) {
  }
  if (!path.mistake.empty()) return path;
  path.part = std::string(at.rest);
  if (path.kind == nullptr || at.rest.empty() || path.within != path.kind->name) {
    path.mistake = "this is no path to a part of a resource";
    path.hint = "write projects.KEY.branches.KEY.name, for example";
  }
  return path;
}

void resolve_paths(MergedTree& tree, const Catalogue& catalogue, Diagnostics& diagnostics) {
  if (!has_open_texts(tree)) return;
  PathResolver resolver(tree, catalogue, diagnostics);
  for (Entry& entry : tree.root.entries) {
    if (entry.key == "outputs") {
      resolver.check_outputs(entry.value);
    } else if (entry.key == "apps") {
      resolver.resolve_apps(entry);
    } else {
      resolver.resolve_section(entry);
    }
  }
}

}  // namespace weir
