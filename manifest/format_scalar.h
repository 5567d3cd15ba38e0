// How the formatter spells one scalar.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>

#include "manifest/node.h"
#include "manifest/yaml_lexer.h"

namespace weir {

/// What the scalars of a tree mean, by the places where they begin.
class ScalarTexts {
 public:
  explicit ScalarTexts(const Node& root) { add(root); }
  /// Null when no scalar begins there. Lines and columns count from 0.
  const std::string* find(const YamlToken& begin) const;

 private:
  void add(const Node& node);
  void add(const Place& place, const std::string& text);

  std::unordered_map<std::uint64_t, const std::string*> texts_;
};

/// A scalar on one line: without quotes where it means the same in every reader of YAML, with
/// double quotes where that needs no escapes, as it is otherwise. `text` is what it means.
std::string scalar_on_line(std::string_view written, const std::string* text);

}  // namespace weir
