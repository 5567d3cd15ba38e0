// What is wanted inside a database: schemas, extensions, settings, owners, memberships, access.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "core/address.h"
#include "core/diagnostic.h"
#include "sql/wishes.h"

namespace weir {

/// The password of a role comes from a secret variable, by its name.
struct PasswordWish {
  sql::Tag tag = {};
  std::string role = {};
  std::string variable = {};
};

/// What taking the block of a schema away means.
struct SchemaEnd {
  std::string on_remove = {};  ///< "delete", "keep", "fail", or empty for the default
  bool protect = false;
};

/// All that one transaction brings about: the inside of one database, or the roles of a branch.
struct Inside {
  /// Of the database's declaration; of the branch's for its roles, which any database can change.
  Address address;
  Place place = {};
  bool is_declared = true;  ///< false: it was applied once, and the manifest says nothing of it now
  /// Roles are named by their aliases in the manifest, until somebody knows what they are called
  /// inside Postgres; names of PostgreSQL's own roles stand for themselves.
  sql::Wishes wishes = {};
  std::vector<PasswordWish> passwords = {};
  std::map<std::string, SchemaEnd> schema_ends = {};  ///< by the schema's name
  /// The aliases in use, with the declarations that they name.
  std::map<std::string, Address> roles = {};
  /// Where each wish is written. A tag is the address of what it is about, followed by the path of
  /// the words below: "projects/shop/branches/dev/databases/app/schemas/main/access/reader".
  std::map<sql::Tag, Place> places = {};
};

}  // namespace weir
