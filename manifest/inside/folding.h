// From what grantees have in a schema to access profiles that say the same.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "manifest/inside/holdings.h"
#include "sql/profile.h"

namespace weir::inside {

/// Those whom a manifest can name, "public" among them.
using RoleNames = std::map<sql::RoleId, std::string>;

/// What a profile of the manifest's own would say of a grantee.
struct Shape {
  struct Part {
    sql::PrivilegeSet privileges = {};
    bool is_for_existing = false;
    bool is_for_future = false;

    auto operator<=>(const Part&) const = default;
  };
  sql::PrivilegeSet schema = {};
  std::map<sql::ObjectClass, Part> parts = {};

  auto operator<=>(const Shape&) const = default;
};

struct FoldedHolding {
  sql::RoleId grantee = sql::kPublic;
  Holding holding = {};
  const sql::Profile* profile = nullptr;  ///< one of weir's own that says all but exceptions
  Shape shape = {};                       ///< without parts where there is nothing to fold
};

struct FoldedSchema {
  std::string name = {};
  sql::RoleId owner = 0;
  /// Whose later objects profiles are about.
  std::set<sql::RoleId> creators = {};
  bool names_creators = false;  ///< they are not those that weir would find
  std::vector<FoldedHolding> grantees = {};
};

/// `inferred`: whom weir finds when nobody names creators.
FoldedSchema fold_schema(const sql::Catalogue& catalogue, const sql::ObjectGroup& schema,
                         const std::string& name, const RoleNames& names,
                         const std::set<sql::RoleId>& inferred);

}  // namespace weir::inside
