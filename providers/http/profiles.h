// The file of profiles, ~/.databrickscfg: sections of keys and values.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "core/secret.h"

namespace weir::http {

/// By section; keys before the first section belong to DEFAULT.
using Profiles = std::map<std::string, std::map<std::string, Secret>>;

/// Throws ConfigurationError with the file and line of what is malformed, never with its text.
Profiles parse_profiles(std::string_view text, std::string_view file);

}  // namespace weir::http
