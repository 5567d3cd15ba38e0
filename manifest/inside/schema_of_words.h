// The JSON Schema of the words for what is inside databases.
#pragma once

#include <string_view>

#include "core/document.h"

namespace weir::inside {

/// A patch names only what differs, and takes away with null.
enum class Extent { kWhole, kPatch };

/// Adds the words directly below a path, with all that stands below them, to the properties of an
/// object. The schema that they become a part of has the definitions `interpolation` and
/// `for_each`.
void put_words(Document& properties, std::string_view path, Extent extent);

/// Adds which of them must stand there, or beside each other, to the schema of an object.
void put_demands(Document& schema, std::string_view path);

}  // namespace weir::inside
