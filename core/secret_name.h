// Values that should not stand in a file are known by what they are called.
#pragma once

#include <string_view>

namespace weir {

/// Whether a key is called as those are that have passwords and tokens.
bool is_secret_name(std::string_view name);

}  // namespace weir
