// What stands in the tree for a value that a mistake, already reported, kept from being there.
#pragma once

#include "manifest/node.h"

namespace weir {

/// No file can have it: null is never quoted. Whoever meets it says nothing more.
inline Node leftover_at(const Place& place) {
  return {.type = Node::Type::kNull, .is_quoted = true, .place = place};
}

inline bool is_leftover(const Node& node) {
  return node.is_null() && node.is_quoted;
}

}  // namespace weir
