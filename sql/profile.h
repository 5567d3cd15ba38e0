// Access profiles that need no declaration: what people mean by "readonly".
#pragma once

#include <span>
#include <string_view>

#include "sql/privilege.h"

namespace weir::sql {

/// What a grantee may do in a schema and with everything in it, present and future.
struct Profile {
  std::string_view name;
  std::string_view doc;
  PrivilegeSet schema = {};
  PrivilegeSet tables = {};
  PrivilegeSet sequences = {};
  PrivilegeSet routines = {};
  PrivilegeSet types = {};

  /// The part for the objects of a class; empty for classes that no profile speaks of.
  PrivilegeSet part(ObjectClass object_class) const;
};

std::span<const Profile> built_in_profiles();
/// Null when there is none of that name.
const Profile* find_profile(std::string_view name);

}  // namespace weir::sql
