// What stands at the top of a manifest beside the declarations.
#pragma once

#include "manifest/declaring.h"
#include "manifest/manifest.h"

namespace weir {

/// Reads name, description, workspace, state, policy, limits and outputs; reports other keys that
/// are no collection of declarations.
void read_settings(Manifest& manifest, const Declaring& declaring);

}  // namespace weir
