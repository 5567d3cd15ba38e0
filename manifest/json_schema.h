// The JSON Schema of manifests, from the same tables as the loader, for editors.
#pragma once

#include "core/document.h"
#include "core/kind.h"

namespace weir {

/// JSON Schema, draft 2020-12; the same bytes for the same catalogue.
Document json_schema(const Catalogue& catalogue);

}  // namespace weir
