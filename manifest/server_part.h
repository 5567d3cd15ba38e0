// What a PostgreSQL server without a control plane has of a manifest.
#pragma once

#include "manifest/manifest.h"

namespace weir {

/// Leaves the databases and roles of the branch that the server stands for, which statements alone
/// change, and what contains them. A remark says what is not looked at. Without a server nothing
/// happens.
void keep_what_a_server_has(Manifest& manifest);

}  // namespace weir
