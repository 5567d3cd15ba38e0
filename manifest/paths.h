// "${projects.shop.branches.dev.name}": what is known of resources before anything is asked.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>

#include "core/address.h"
#include "core/diagnostic.h"
#include "core/kind.h"
#include "manifest/manifest.h"

namespace weir {

/// A path to a part of a resource.
struct ResourcePath {
  Address address = {};
  const Kind* kind = nullptr;
  std::string part = {};  ///< "id", "name", "host"
  std::string name = {};  ///< of the resource in the workspace, where the manifest says it
  /// Where the next collection stands: "branch", "database.schemas", as kinds say it.
  std::string within = {};
  /// Set when the path leads nowhere: what is wrong, and what to do.
  std::string mistake = {};
  std::string hint = {};
};

/// Looks up paths in a tree, which must not change its shape meanwhile.
class ResourcePaths {
 public:
  ResourcePaths(const Node& root, const Catalogue& catalogue)
      : root_(root), catalogue_(catalogue) {}

  /// Reads "projects.shop.branches.dev.name"; keys may have dots when the tree has such keys.
  ResourcePath read(std::string_view expression);

 private:
  using Index = std::unordered_map<std::string_view, const Entry*>;

  /// A place in the tree, and what is left of the path.
  struct Cursor {
    const Node* node = nullptr;
    std::string_view rest = {};
  };

  bool step(ResourcePath& path, Cursor& at);
  bool step_to_only(const Kind& kind, ResourcePath& path, Cursor& at);
  bool step_into(std::string_view collection, ResourcePath& path, Cursor& at);
  const Index& index_of(const Node& map);
  const Node* find(const Node* map, std::string_view key);
  const Entry* find_member(const Node* members, std::string_view rest);

  const Node& root_;
  const Catalogue& catalogue_;
  std::unordered_map<const Node*, Index> indices_;
};

/// Replaces the open paths outside of `outputs`: ids and names that the manifest gives are filled
/// in, everything else is a mistake there. Those in `outputs` stay, when they lead somewhere.
void resolve_paths(MergedTree& tree, const Catalogue& catalogue, Diagnostics& diagnostics);

}  // namespace weir
