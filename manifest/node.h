// The tree of a YAML file, with the place of every value: no types but those of YAML's core.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/diagnostic.h"
#include "core/document.h"

namespace weir {

struct Node;

/// One key of a map. The order of the file is kept; the loader has refused duplicates. A template,
/// because the node that it holds is incomplete until its own members are declared.
template <typename Value>
struct BasicEntry {
  std::string key;
  Place place;  ///< of the key
  Value value;
};
using Entry = BasicEntry<Node>;

struct Node {
  enum class Type : std::uint8_t { kNull, kBoolean, kNumber, kText, kList, kMap };

  Type type = Type::kNull;
  bool is_quoted = false;
  /// Where the value came from, when it is not its place: a number that MergedTree knows.
  std::uint16_t origin = 0;
  Place place = {};
  /// Of scalars, as written: "true", "0.5", "7d".
  std::string text = {};
  std::vector<Node> items = {};     ///< of a list
  std::vector<Entry> entries = {};  ///< of a map, in the order of the file

  bool is_map() const { return type == Type::kMap; }
  bool is_list() const { return type == Type::kList; }
  bool is_text() const { return type == Type::kText; }
  bool is_null() const { return type == Type::kNull; }
  bool is_scalar() const { return type < Type::kList; }
  /// The value of a key of a map; null when there is none.
  const Node* find(std::string_view key) const;
  Node* find(std::string_view key);
};

/// The same as JSON: numbers become numbers, everything else stays what it is.
Document to_document(const Node& node);
Node to_node(const Document& document, const Place& place);
/// "a map", "the number 4", "a list": for messages.
std::string describe(const Node& node);

}  // namespace weir
