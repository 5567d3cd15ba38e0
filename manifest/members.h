// What the keys of a declaration are: fields, members, or words of the language.
#pragma once

#include <string_view>
#include <vector>

#include "core/address.h"
#include "core/diagnostic.h"
#include "core/kind.h"
#include "manifest/node.h"

namespace weir {

struct WrittenField {
  const Field* field = nullptr;
  const Node* value = nullptr;
  Place place = {};  ///< of the key
};

struct WrittenCollection {
  const Kind* kind = nullptr;
  const Entry* entry = nullptr;
};

struct Members {
  std::vector<WrittenField> fields = {};  ///< in the order of the kind's table
  std::vector<WrittenCollection> collections = {};
  const Node* id = nullptr;
  const Node* lifecycle = nullptr;
  std::vector<const Entry*> inside = {};  ///< the words for what is inside it
};

/// Sorts out the keys of a map that declares a resource; reports those that mean nothing.
Members sort_members(const Kind& kind, const Node& node, const Address& address,
                     const Catalogue& catalogue, Diagnostics& diagnostics);

}  // namespace weir
