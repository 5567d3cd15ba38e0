// Whose objects will appear in a schema.
#pragma once

#include <string_view>
#include <vector>

#include "sql/catalogue.h"

namespace weir::sql {

/// Roles that can make objects in a schema which then belong to them: its owner, whoever has
/// CREATE on it, and members that inherit either and can log in; whoever made something there
/// already. Superusers can everywhere, and are among them only where they own something or are
/// given CREATE. Ordered. `acl` is what the schema gives, now or once a plan is carried out.
std::vector<RoleId> creators_in(const Catalogue& catalogue, std::string_view schema,
                                const Acl& acl);

}  // namespace weir::sql
