// The service's resources as bundles and Terraform declare them: flat, each with the name of its
// parent; and the tree that a manifest makes of them.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "convert/fields.h"
#include "convert/manifest_tree.h"
#include "convert/notes.h"
#include "core/kind.h"

namespace weir::convert {

struct ResourceType {
  std::string_view bundle;     ///< "postgres_branches"
  std::string_view terraform;  ///< "databricks_postgres_branch"; empty: it has no such resource
  std::string_view kind;       ///< "branch"
  std::string_view id_key;     ///< "branch_id"
  std::string_view parent_key = {};
};
/// Parents before children.
std::span<const ResourceType> resource_types();

struct Resource {
  const ResourceType* type = nullptr;
  std::string label = {};  ///< what its author called it
  Spot spot = {};
  /// Its texts are those of a manifest: references are resolved, and what is no variable is
  /// escaped.
  Node body = {};
};

/// What sources have in common, and what sets them apart.
struct Dialect {
  /// What paths of requests begin with and the source leaves out.
  std::string_view root = {};
  /// Whether false and empty values may be the tool's own, so that they say nothing.
  bool fills_in = false;
};

/// A name as keys of a manifest have it: in one piece, without a dot or a slash.
std::string as_key(std::string label);

/// The keys that were given, by address, so that every target of a bundle has the same.
using KeyBook = std::map<std::string, std::string>;

class Estate {
 public:
  Estate(const Catalogue& catalogue, const Dialect& dialect, KeyBook& keys, Notes& notes)
      : catalogue_(catalogue), dialect_(dialect), keys_(keys), notes_(notes) {}

  /// Puts all of them into the tree.
  void declare(std::span<const Resource> resources);
  /// Puts a list of who may use something to a resource with this remote name.
  void declare_permissions(const std::string& name, const Node& list, std::string_view level_key,
                           const Spot& spot);
  /// Says which databases an app is bound to: those in `resources`, the source's list.
  void declare_app(const std::string& label, const std::string& name, const Node& resources,
                   const Spot& spot);

  Document tree = Document::object();

 private:
  void name(const Resource& resource);
  void write(const Resource& resource);
  void write_role(const Resource& resource, const Path& path, Body& body);
  void write_database(const Resource& resource, const Path& path, Body& body);
  void write_catalog(const Resource& resource, Body& body);
  void write_synced_table(const Resource& resource, Body& body);
  void write_inside_database(const Resource& resource, Body& body);
  Document fields_of(const Kind& kind, const Resource& resource, Body& body);
  void write_reference(const Kind& kind, const Field& field, const Spot& spot, Body& body,
                       Document& fields);
  void write_lifecycle(Body& body, Document& fields);
  void tell_what_is_left(const Resource& resource, const Body& body);

  std::string remote_name(const Resource& resource) const;
  std::optional<std::string> key_of(const Resource& resource, const std::string& id,
                                    const Path& members);
  std::optional<Path> path_of(const std::string& name, const Spot& spot);
  std::optional<Path> path_to_parent(const Resource& resource);
  Document binding_of(const Node& item, const Spot& spot);
  std::optional<Path> database_of(const Kind& kind, const Spot& spot, Body& body);
  std::string_view root_of(const Kind& kind) const;
  /// Where a body has a field.
  std::string at(const Kind& kind, std::string_view field) const;

  const Catalogue& catalogue_;
  const Dialect& dialect_;
  KeyBook& keys_;
  Notes& notes_;
  std::map<std::string, Path> paths_;  // by remote name
  std::set<Path> taken_;
  std::map<std::string, Path> catalogs_;  // the databases that they register, by their own names
};

}  // namespace weir::convert
