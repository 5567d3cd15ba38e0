#include "core/kind.h"

#include <algorithm>

namespace weir {

const Kind* Catalogue::find(std::string_view name) const {
  for (const Kind* kind : kinds_) {
    if (kind->name == name) return kind;
  }
  return nullptr;
}

const Kind* Catalogue::in_collection(std::string_view parent, std::string_view collection) const {
  for (const Kind* kind : kinds_) {
    if (kind->parent == parent && kind->collection == collection) return kind;
  }
  return nullptr;
}

const Kind* Catalogue::first_in(std::string_view parent) const {
  const auto found = std::ranges::find(kinds_, parent, &Kind::parent);
  return found == kinds_.end() ? nullptr : *found;
}

const Field* find_field(const Kind& kind, std::string_view name) {
  for (const Field& field : kind.fields) {
    if (field.name == name) return &field;
  }
  return nullptr;
}

}  // namespace weir
