// The end of a role: what it owns and has in one database, and then the role itself.
#pragma once

#include <string>

#include "sql/difference.h"

namespace weir::sql {

struct Retirement {
  Tag tag = {};
  std::string role = {};
  std::string heir = {};  ///< who gets what the role owns
};

/// For every database of the cluster, as a role cannot go while anything anywhere depends on it.
/// Whom the role gave privileges keeps them, from the owners. Always the same statements while
/// there is such a role, as it may own what no snapshot shows; none when there is none.
Difference retirement(const Catalogue& catalogue, const Retirement& wish);

/// After the retirement in every database: the role's end.
Difference final_drop(const Catalogue& catalogue, const Retirement& wish);

}  // namespace weir::sql
