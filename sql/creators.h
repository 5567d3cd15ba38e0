// Whose objects will appear in a schema.
#pragma once

#include <string_view>
#include <vector>

#include "sql/catalogue.h"

namespace weir::sql {

/// Roles that can make objects in a schema which then belong to them: its owner, whoever has
/// CREATE on it, and members that inherit either and can log in; whoever made something there
/// already. Superusers are not among them, as they can everywhere. Ordered.
/// `newcomers` will have CREATE as well.
std::vector<RoleId> creators_in(const Catalogue& catalogue, std::string_view schema,
                                const std::vector<RoleId>& newcomers = {});

}  // namespace weir::sql
