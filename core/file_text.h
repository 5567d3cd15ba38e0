// Reading a file that somebody names: whole, bounded, and never what is no file.
#pragma once

#include <cstddef>
#include <string>

namespace weir {

struct FileText {
  std::string text = {};
  std::string problem = {};  ///< why it cannot be read, in words; "" when it was read
  bool is_missing = false;   ///< there is no such file
};

/// Reads a regular file of at most so many bytes, whatever size it claims to have. Devices, pipes
/// and folders are refused before anything of them is read.
FileText read_file_text(const std::string& path, std::size_t most_bytes);

}  // namespace weir
