// Roles that cannot log in: the service refuses to make them, so SQL does; on a server all of them.
#pragma once

#include "manifest/manifest.h"

namespace weir::inside {

/// Marks the declarations of such roles, wishes for them among the roles of their branches, and
/// gives databases that they own to them by SQL. With the limit no_login_roles the service makes
/// them, and nothing is done. On a server SQL makes every role.
void make_roles_in_sql(Manifest& manifest);

}  // namespace weir::inside
