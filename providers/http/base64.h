// Bytes as letters, as headers carry them.
#pragma once

#include <string>
#include <string_view>

namespace weir::http {

std::string base64_of(std::string_view bytes);

}  // namespace weir::http
