// Variables: typed values from the command line, the surroundings, the environment or a default.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <unordered_map>

#include "core/diagnostic.h"
#include "manifest/manifest.h"
#include "manifest/node.h"

namespace weir {

struct Variable {
  /// Of its type; a leftover when a mistake kept it from having one.
  Node value = {};
  bool is_secret = false;
  std::uint16_t origin = 0;
};

using Variables = std::unordered_map<std::string, Variable>;

/// Reads `variables:` with the values that each of them gets: from the options, from WEIR_VAR_NAME,
/// from the environment, by default, in this order. Values of secrets are not looked at.
Variables read_variables(const Node& declared, const Node& of_environment,
                         const LoadOptions& options, Sources& sources, Diagnostics& diagnostics);

/// Where the values of secrets are read when they are needed, by variable.
std::map<std::string, SecretSource> secret_sources(const Node& declared);

}  // namespace weir
