#include "convert/manifest_tree.h"

#include <algorithm>
#include <array>

#include "manifest/format.h"
#include "manifest/interpolate.h"
#include "manifest/yaml_text.h"

namespace weir::convert {
namespace {

/// What contains others stands behind what does not, from the small to the large.
constexpr std::array<std::string_view, 15> kLast = {
    "lifecycle",     "permissions", "endpoints", "roles",    "databases",
    "catalog",       "data_api",    "access",    "grants",   "default_privileges",
    "synced_tables", "cdf",         "schemas",   "branches", "patch"};

constexpr std::array<std::string_view, 9> kSections = {
    "version",         "name",     "description", "variables", "environments",
    "access_profiles", "projects", "instances",   "apps"};

template <std::size_t size>
std::size_t rank_in(const std::array<std::string_view, size>& order, std::string_view key,
                    std::size_t otherwise) {
  const auto* found = std::find(order.begin(), order.end(), key);
  return found == order.end() ? otherwise : static_cast<std::size_t>(found - order.begin()) + 1;
}

using RankOf = std::size_t (*)(std::string_view key, const Document& value);

std::size_t rank_of_section(std::string_view key, const Document& /*section*/) {
  return rank_in(kSections, key, kSections.size() + 1);
}

/// A text is no container, whatever its key: the catalog of a change feed.
std::size_t rank_of_member(std::string_view key, const Document& value) {
  const bool holds =
      value.is_object() || (value.is_array() && !value.empty() && value.front().is_object());
  return holds ? rank_in(kLast, key, 0) : 0;
}

Document arranged(const Document& tree, RankOf rank_of) {
  if (!tree.is_object()) return tree;
  std::vector<Document::object_t::const_iterator> members;
  const auto& object = tree.get_ref<const Document::object_t&>();
  for (auto each = object.begin(); each != object.end(); ++each) members.push_back(each);
  std::stable_sort(members.begin(), members.end(), [&](const auto& left, const auto& right) {
    return rank_of(left->first, left->second) < rank_of(right->first, right->second);
  });
  Document sorted = Document::object();
  // Keys are unique already; the underlying vector spares a search for each of them.
  auto& made = sorted.get_ref<Document::object_t&>();
  for (const auto& each : members) {
    made.Container::emplace_back(each->first, arranged(each->second, rank_of_member));
  }
  return sorted;
}

/// Sections stand apart; the name belongs to the first line.
std::string text_of_sections(const Document& manifest) {
  std::string text;
  for (const auto& [key, section] : manifest.items()) {
    const bool is_header = key == "version" || key == "name" || key == "description";
    if (!is_header) text += "\n";
    text += yaml_text(Document{{key, section}});
  }
  return text;
}

void collect_variables(const Document& tree, std::set<std::string>& names) {
  if (tree.is_structured()) {
    for (const Document& value : tree) collect_variables(value, names);
    return;
  }
  if (!tree.is_string()) return;
  const auto pieces = split_interpolation(tree.get_ref<const std::string&>());
  for (const Piece& piece : pieces.value_or(std::vector<Piece>())) {
    constexpr std::string_view kVariable = "var.";
    if (!piece.is_expression || !piece.text.starts_with(kVariable)) continue;
    names.emplace(piece.text.substr(kVariable.size()));
  }
}

}  // namespace

Document& member(Document& root, const Path& path) {
  Document* place = &root;
  for (const std::string& key : path) {
    if (!place->is_object()) *place = Document::object();
    place = &(*place)[key];
  }
  if (place->is_null()) *place = Document::object();
  return *place;
}

const Document* find_member(const Document& root, const Path& path) {
  const Document* place = &root;
  for (const std::string& key : path) {
    if (!place->is_object()) return nullptr;
    const auto found = place->find(key);
    if (found == place->end()) return nullptr;
    place = &*found;
  }
  return place;
}

Path below(Path path, std::initializer_list<std::string_view> keys) {
  path.insert(path.end(), keys.begin(), keys.end());
  return path;
}

Document shared_by(std::span<const Document> trees) {
  Document shared = trees.front();
  for (const Document& tree : trees.subspan(1)) {
    if (!shared.is_object() || !tree.is_object()) continue;
    Document both = Document::object();
    for (const auto& [key, value] : shared.items()) {
      const auto other = tree.find(key);
      if (other == tree.end()) continue;
      if (value == *other) {
        both[key] = value;
      } else if (value.is_object() && other->is_object()) {
        both[key] = shared_by(std::array{value, *other});
      }
    }
    shared = std::move(both);
  }
  return shared;
}

Document patch_between(const Document& base, const Document& wanted) {
  Document patch = Document::object();
  for (const auto& [key, value] : wanted.items()) {
    const auto old = base.find(key);
    if (old != base.end() && *old == value) continue;
    const bool are_maps = old != base.end() && old->is_object() && value.is_object();
    patch[key] = are_maps ? patch_between(*old, value) : value;
  }
  for (const auto& [key, value] : base.items()) {
    if (!wanted.contains(key)) patch[key] = nullptr;
  }
  return patch;
}

std::string manifest_text(const Document& manifest) {
  const std::string text = text_of_sections(arranged(manifest, rank_of_section));
  Sources sources;
  Diagnostics diagnostics;
  const auto formatted = format_manifest(sources, sources.add("weir.yaml", text), diagnostics);
  return formatted.value_or(text);
}

std::string literal(std::string_view text) {
  return escape_interpolation(text);
}

std::set<std::string> variables_in(const Document& tree) {
  std::set<std::string> names;
  collect_variables(tree, names);
  return names;
}

bool is_open(std::string_view text) {
  const auto pieces = split_interpolation(text);
  return !pieces || std::any_of(pieces->begin(), pieces->end(),
                                [](const Piece& piece) { return piece.is_expression; });
}

}  // namespace weir::convert
