// What may be sent as a credential: printable ASCII, whatever place it comes from.
#pragma once

#include <string_view>

#include "core/secret.h"

namespace weir::http {

/// The text without the white space at its ends, which files and CI settings like to add. Throws
/// ConfigurationError, which names `what` and never shows the value, when anything inside could
/// end a header: line breaks, other control characters, bytes outside of ASCII.
Secret clean_credential(const Secret& text, std::string_view what);

}  // namespace weir::http
