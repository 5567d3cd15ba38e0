// "${…}" in texts: looked up once, with types, and never again in what comes out of it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/diagnostic.h"
#include "manifest/node.h"
#include "manifest/variables.h"

namespace weir {

/// A part of a text: as it stands, or what is between "${" and "}".
struct Piece {
  std::string_view text;
  bool is_expression = false;
};

/// Splits a text; "$${" is the text "${". Nothing when a "${" is not closed or names nothing.
std::optional<std::vector<Piece>> split_interpolation(std::string_view text);

/// A text that `split_interpolation` takes for nothing but a text.
std::string escape_interpolation(std::string_view text);

/// The member that a for_each makes just now.
struct Each {
  const Node* key = nullptr;
  const Node* value = nullptr;
};

/// What names stand for at some place of the tree.
struct Scope {
  const Variables& variables;
  const std::string& environment;
  std::optional<Each> each = {};
  /// The origin of texts whose paths to resources are still open.
  std::uint16_t open_origin = 0;
  /// There are environments, and that none is chosen was reported.
  bool is_environment_missing = false;
};

/// Replaces a text by what it says. A text that is one "${…}" becomes the value with its type.
/// Gives what is wrong, and leaves a leftover so that the mistake is found once.
struct InterpolationError {
  const char* rule = nullptr;  ///< null: the mistake was reported where the value comes from
  std::string message = {};
  std::string hint = {};
};
std::optional<InterpolationError> interpolate(Node& node, const Scope& scope);

}  // namespace weir
