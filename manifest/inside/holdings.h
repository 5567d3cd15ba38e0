// What grantees have in a schema as it was seen: what most objects of a class give, and those that
// give something else.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "sql/acl_effect.h"
#include "sql/catalogue.h"

namespace weir::inside {

/// What somebody has of the objects of one class that others own.
struct ClassHolding {
  bool has_objects = false;
  /// Whether a wish may be about all of them: none gives something else that nobody could write.
  bool can_be_said = true;
  /// What it may do with all of its own objects: wishes for more would give that back.
  sql::PrivilegeSet of_own = {};
  /// What is worth saying of all of them; otherwise they give what goes without saying.
  bool is_said = false;
  sql::Share usual = {};
  std::map<std::string, sql::Share> exceptions = {};  ///< by name
  /// What those give in this schema that a role makes later.
  std::map<sql::RoleId, sql::Share> later = {};
};

/// Columns of one table for which somebody has the same.
struct ColumnHolding {
  std::string table = {};
  std::vector<std::string> columns = {};
  sql::Share share = {};
};

/// What one grantee has in a schema.
struct Holding {
  bool is_owner = false;  ///< of the schema
  sql::Share of_schema = {};
  std::map<sql::ObjectClass, ClassHolding> classes = {};
  std::vector<ColumnHolding> columns = {};
  /// Tables of which nothing can be said: what is given on their columns cannot be written.
  std::set<std::string> closed_tables = {};
};

/// By grantee; objects of extensions are theirs.
using Holdings = std::map<sql::RoleId, Holding>;
Holdings holdings_in(const sql::Catalogue& catalogue, const sql::ObjectGroup& schema,
                     const std::string& name);

/// What everybody has when nobody has said anything, and what the service gives its superusers.
sql::Share unsaid_share(const sql::Catalogue& catalogue, sql::ObjectClass object_class,
                        const std::string& name, sql::RoleId grantee);

}  // namespace weir::inside
