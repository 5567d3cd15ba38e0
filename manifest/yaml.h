// The safe way into YAML: one document of the core schema, within limits, with every place known.
#pragma once

#include <optional>
#include <string>

#include "core/diagnostic.h"
#include "manifest/node.h"

namespace weir {

/// What a manifest may cost; checked while reading, before anything grows.
struct YamlLimits {
  std::size_t bytes = std::size_t{16} << 20;  ///< of one file
  /// Lines on which nothing stands, or a comment: the parser takes longer over them than over
  /// others.
  std::size_t idle_lines = 50'000;
  std::size_t idle_bytes = std::size_t{1} << 20;
  std::size_t scalar_bytes = std::size_t{256} << 10;
  /// Every resource below a key has it in its address, so that long ones multiply.
  std::size_t key_bytes = 256;
  std::size_t depth = 64;
  std::size_t nodes = 1'000'000;      ///< those that aliases stand for included
  std::size_t flow_values = 250'000;  ///< parts of one value in brackets
  std::size_t members = 20'000;       ///< of one map or list
  std::size_t anchors = 10'000;
  std::size_t alias_nodes = 200'000;               ///< that all aliases together stand for
  std::size_t alias_bytes = std::size_t{8} << 20;  ///< of their keys and texts
};

/// Reads the text of `file` (a number that `sources` gave). Reports everything that is wrong, with
/// columns in bytes; answers nothing when no tree can be made, null for a file without values.
std::optional<Node> read_yaml(const Sources& sources, std::uint32_t file, const YamlLimits& limits,
                              Diagnostics& diagnostics);

}  // namespace weir
