// Writing a file so that nobody ever sees half of it.
#pragma once

#include <filesystem>
#include <functional>
#include <string_view>

namespace weir {

/// Whether `text` is of the kind that may be replaced without asking.
using IsOurs = std::function<bool(std::string_view text)>;

/// Throws UsageError when the file exists and its beginning is not ours: somebody wrote it.
/// "-" is no name of a file.
void check_may_replace(const std::filesystem::path& file, const IsOurs& is_ours);

enum class Readers {
  kAsUsual,  ///< as the umask says
  kOwner,    ///< nobody else
};

/// Replaces the file at once, with the mode that it has; a new one is for `readers`. Throws
/// ConfigurationError with the reason.
void write_whole_file(const std::filesystem::path& file, std::string_view text,
                      Readers readers = Readers::kAsUsual);

}  // namespace weir
