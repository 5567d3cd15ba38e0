// Writing a file so that nobody ever sees half of it.
#pragma once

#include <filesystem>
#include <string_view>

namespace weir {

/// Replaces the file at once, with the mode that it has; a new one is readable as the umask says.
/// Throws ConfigurationError with the reason.
void write_whole_file(const std::filesystem::path& file, std::string_view text);

}  // namespace weir
