// What a manifest says of what it declared before.
#pragma once

#include "manifest/declaring.h"
#include "manifest/manifest.h"

namespace weir {

/// Reads `moved` and `removed`, once the declarations are known.
void read_earlier(Manifest& manifest, const Declaring& declaring);

}  // namespace weir
