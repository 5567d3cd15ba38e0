// Collections in brackets, as the formatter sees them.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "manifest/format_scalar.h"
#include "manifest/yaml_lexer.h"

namespace weir {

struct FlowValue;

/// A template, because the value that it holds is incomplete until its own members are declared.
template <typename Value>
struct BasicFlowItem {
  std::vector<std::string> comments_before = {};
  std::string key = {};  ///< of a map
  Value value = {};
  std::string comment = {};  ///< on its line
};
using FlowItem = BasicFlowItem<FlowValue>;

struct FlowValue {
  enum class Type : std::uint8_t { kScalar, kList, kMap };

  Type type = Type::kScalar;
  std::string properties = {};  ///< "&name", or ""
  std::string text = {};        ///< of a scalar or an alias; "" when nothing is written
  std::vector<FlowItem> items = {};
  std::vector<std::string> last_comments = {};  ///< before the closing bracket
};

/// Reads the value that the tokens begin with; only brackets, with all that they contain.
FlowValue read_flow(std::string_view text, std::span<const YamlToken> tokens,
                    const ScalarTexts& texts);
/// On one line: "[a, b]", "{ a: b }".
std::string flow_on_line(const FlowValue& value);
bool has_comments(const FlowValue& value);

}  // namespace weir
