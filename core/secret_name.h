// Values that should not stand in a file are known by what they are called, or by how they look.
#pragma once

#include <string_view>

namespace weir {

/// Whether a key is called as those are that have passwords and tokens.
bool is_secret_name(std::string_view name);
/// Whether a text has a password, as a URL may, or looks like a token.
bool is_secret_value(std::string_view value);

}  // namespace weir
