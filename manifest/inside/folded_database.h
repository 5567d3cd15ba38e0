// A database that was looked into: whom its manifest can name, and what they have in its schemas.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "manifest/inside/folding.h"
#include "sql/catalogue.h"

namespace weir::inside {

/// The keys of a branch's roles in the manifest, by their names inside Postgres.
using KeysOfRoles = std::map<std::string, std::string>;

/// Whom the manifest can name without meaning somebody else.
RoleNames names_of_roles(const sql::Catalogue& catalogue, const KeysOfRoles& keys);

struct FoldedDatabase {
  const sql::Catalogue* catalogue = nullptr;
  RoleNames names = {};
  std::vector<FoldedSchema> schemas = {};
  std::vector<std::string> unwritten_schemas = {};  ///< whose names no manifest can have
};
FoldedDatabase fold_database(const sql::Catalogue& catalogue, const KeysOfRoles& keys);

/// Whether the service has it for itself.
bool is_name_of_service(std::string_view name);
/// Whether a role is the service's or PostgreSQL's, so that nobody wonders about what it has.
bool is_of_service(const sql::Role& role);
/// Whether a schema is one of people: those of extensions come with them.
bool is_exported_schema(const sql::ObjectGroup& group, const std::string& name);

}  // namespace weir::inside
