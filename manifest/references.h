// Names in fields become addresses, and the circles and doubles among declarations are found.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "manifest/declaring.h"
#include "manifest/manifest.h"

namespace weir {

/// A reference of one declaration that waits for all others to be known.
struct OpenReference {
  std::size_t declaration = 0;
  const Field* field = nullptr;
  Address scope;  ///< what contains the things that may be named
  std::string key;
  Place place = {};
};

/// Gives every declaration its references. Reports names that nothing has.
void resolve_references(std::vector<Declaration>& declarations,
                        const std::vector<OpenReference>& open, const Declaring& declaring);

/// Reports declarations of one kind that refer to each other in a circle.
void check_cycles(const std::vector<Declaration>& declarations, const Declaring& declaring);

/// Reports declarations that stand for the same resource.
void check_names(const std::vector<Declaration>& declarations, const Declaring& declaring);

}  // namespace weir
