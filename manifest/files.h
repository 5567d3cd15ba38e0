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

/// Reads files, folders and "-" (standard input) into `sources` and gives their numbers there; the
/// current folder when `paths` is empty. A folder stands for all *.yaml, *.yml and *.json files
/// below it, by name, without hidden ones and JSON Schemas, never for anything outside of it.
std::vector<std::uint32_t> read_texts(std::span<const std::filesystem::path> paths,
                                      const FileLimits& limits, Sources& sources,
                                      Diagnostics& diagnostics);

}  // namespace weir
