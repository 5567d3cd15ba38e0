#include "manifest/node.h"

#include <algorithm>

#include <fmt/format.h>

#include "manifest/scalar.h"

namespace weir {
namespace {

constexpr std::size_t kLongestShown = 40;

/// The beginning of a text, cut between characters.
std::string shorten(std::string_view text) {
  if (text.size() <= kLongestShown) return std::string(text);
  std::size_t end = kLongestShown;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
  return std::string(text.substr(0, end)) + "…";
}

Document list_document(const Node& node) {
  Document list = Document::array();
  for (const Node& item : node.items) list.push_back(to_document(item));
  return list;
}

Document map_document(const Node& node) {
  Document map = Document::object();
  // Keys are unique already; the underlying vector spares a search for each of them.
  auto& members = map.get_ref<Document::object_t&>();
  members.reserve(node.entries.size());
  for (const Entry& entry : node.entries) {
    members.Container::emplace_back(entry.key, to_document(entry.value));
  }
  return map;
}

Node scalar_node(Node::Type type, std::string text, const Place& place) {
  return {
      .type = type,
      .is_quoted = type == Node::Type::kText,
      .place = place,
      .text = std::move(text),
  };
}

}  // namespace

const Node* Node::find(std::string_view key) const {
  const auto found = std::find_if(entries.begin(), entries.end(),
                                  [&](const Entry& entry) { return entry.key == key; });
  return found == entries.end() ? nullptr : &found->value;
}

Node* Node::find(std::string_view key) {
  return const_cast<Node*>(std::as_const(*this).find(key));
}

Document to_document(const Node& node) {
  switch (node.type) {
    case Node::Type::kNull:
      return nullptr;
    case Node::Type::kBoolean:
      return node.text == "true" || node.text == "True" || node.text == "TRUE";
    case Node::Type::kNumber:
      return number_document(node.text);
    case Node::Type::kText:
      return node.text;
    case Node::Type::kList:
      return list_document(node);
    case Node::Type::kMap:
      return map_document(node);
  }
  return nullptr;
}

Node to_node(const Document& document, const Place& place) {
  if (document.is_null()) return {.place = place};
  if (document.is_string()) {
    return scalar_node(Node::Type::kText, document.get<std::string>(), place);
  }
  if (document.is_boolean()) return scalar_node(Node::Type::kBoolean, document.dump(), place);
  if (document.is_number()) return scalar_node(Node::Type::kNumber, document.dump(), place);
  Node node{.type = document.is_array() ? Node::Type::kList : Node::Type::kMap, .place = place};
  if (document.is_array()) {
    for (const Document& item : document) node.items.push_back(to_node(item, place));
    return node;
  }
  for (const auto& [key, value] : document.items()) {
    node.entries.push_back({key, place, to_node(value, place)});
  }
  return node;
}

std::string describe(const Node& node) {
  switch (node.type) {
    case Node::Type::kNull:
      return "null";
    case Node::Type::kBoolean:
      return fmt::format("the boolean {}", node.text);
    case Node::Type::kNumber:
      return fmt::format("the number {}", shorten(node.text));
    case Node::Type::kText:
      return fmt::format("the text \"{}\"", shorten(node.text));
    case Node::Type::kList:
      return "a list";
    case Node::Type::kMap:
      return "a map";
  }
  return "";
}

}  // namespace weir
