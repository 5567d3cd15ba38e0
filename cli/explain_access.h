// weir explain access ROLE OBJECT
#pragma once

#include <string>

#include "cli/invocation.h"

namespace weir {

/// Looks into the database and says why the role can or cannot do something with the object.
Exit explain_access(const Invocation& invocation, const std::string& role,
                    const std::string& object);

}  // namespace weir
