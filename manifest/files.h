// Which files make a manifest, and their texts.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <vector>

#include "core/diagnostic.h"

namespace weir {

/// What all files together may cost.
struct FileLimits {
  std::size_t count = 1'000;
  std::size_t bytes = std::size_t{64} << 20;
  std::size_t file_bytes = std::size_t{16} << 20;
};

struct ReadText {
  std::uint32_t file = 0;  ///< its number in the sources
  bool is_named = false;   ///< itself, and not only its folder
};

/// Reads files, folders and "-" (standard input) into `sources`; the current folder when `paths` is
/// empty. A folder stands for all *.yaml and *.yml files below it, by name, without hidden ones,
/// never for anything outside of it.
std::vector<ReadText> read_texts(std::span<const std::filesystem::path> paths,
                                 const FileLimits& limits, Sources& sources,
                                 Diagnostics& diagnostics);

}  // namespace weir
