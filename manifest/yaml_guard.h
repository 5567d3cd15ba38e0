// Refuses what would cost the YAML parser much before it says that it is wrong.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "manifest/yaml.h"

namespace weir {

struct YamlRefusal {
  std::string_view rule;
  std::size_t line;    ///< from 0
  std::size_t column;  ///< from 0, in bytes
  std::string message;
  std::string hint;
};

/// The parser holds a whole flow collection in memory and reads texts of any length before it tells
/// of them, so their limits, and those of nesting and number, are checked ahead of it.
std::optional<YamlRefusal> guard_yaml(std::string_view text, const YamlLimits& limits);

}  // namespace weir
