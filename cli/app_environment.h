// What an app finds its database by: variables, and the forms in which its surroundings take them.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "core/entrances.h"

namespace weir {

/// Names and values, in an order for people.
using AppEnvironment = std::vector<std::pair<std::string, std::string>>;

/// PG… for libpq and its kin, LAKEBASE_… for apps that mint their own tokens; no secret is among
/// them. `schema` is "" where none stands out. Throws Error for a value that no form can carry.
AppEnvironment app_environment(const Entrance& entrance, const std::string& schema);

/// As one of "dotenv", "shell", "json", "app-yaml", "github".
std::string text_of(const AppEnvironment& environment, std::string_view format);

/// 'as a shell reads it back, whatever it is'
std::string shell_quoted(std::string_view text);

}  // namespace weir
