// Which fields of a kind go together, and which hold secrets.
#pragma once

#include <span>
#include <string_view>

#include "core/diagnostic.h"
#include "manifest/manifest.h"

namespace weir {

struct Combination {
  enum class Type {
    kExactlyOne,  ///< of `fields`
    kExcludes,    ///< the first does not go with any other
    kNeeds,       ///< the first does not go without the others
  };

  std::string_view kind;
  Type type = Type::kExcludes;
  std::span<const std::string_view> fields;
};

std::span<const Combination> all_combinations();

/// Whether the field's value is the name of a secret variable and nothing else.
bool is_secret_field(const Kind& kind, const Field& field);

/// Reports every combination that the written fields break.
void check_combinations(const Declaration& declaration, Diagnostics& diagnostics);

}  // namespace weir
