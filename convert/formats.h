// The formats, one converter each: from a tree as another tool wrote it to the tree of a manifest.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "convert/manifest_tree.h"
#include "convert/notes.h"
#include "core/kind.h"
#include "manifest/node.h"

namespace weir::convert {

/// The database that -in names, as far as it names one.
struct Destination {
  Path server = {};  ///< {"projects", "shop", "branches", "production"}, or an instance
  std::string database = "databricks_postgres";
};

/// Reads an address; throws UsageError when it is none of a server or a database.
Destination read_destination(const std::string& address);

struct Conversion {
  const Catalogue& catalogue;
  Notes& notes;
  std::optional<Destination> destination = {};
  std::vector<std::string> files = {};  ///< their names
  std::string name = {};                ///< of the manifest: as wished, else as the source says it
  Document manifest = Document::object();
};

/// Where roles and grants go: as wished, else to the only server of the manifest, else to a project
/// that is called like it; what is assumed is remarked.
Destination choose_destination(Conversion& conversion, const Spot& spot);

void convert_bundle(const std::vector<Node>& roots, Conversion& conversion);
void convert_deployment(const std::vector<Node>& roots, Conversion& conversion);
void convert_terraform(const std::vector<Node>& roots, Conversion& conversion);
void convert_pgroles(const std::vector<Node>& roots, Conversion& conversion);

bool is_bundle(const Node& root);
bool is_deployment(const Node& root);
bool is_terraform(const Node& root);
bool is_pgroles(const Node& root);

}  // namespace weir::convert
