// From the events of a parser to a tree: limits, unique keys, plain types, aliases copied in.
#pragma once

#include <cstddef>
#include <string>
#include <unordered_map>
#include <vector>

#include "manifest/node.h"
#include "manifest/yaml_reading.h"

namespace weir {

/// Where an event happens: the parser gives both.
struct EventPlace {
  Place place;
  std::size_t offset = 0;  ///< in the text
};

/// An anchor is a number from 1 on, 0 for none; a tag is "?" for none, "!" for quoted texts.
class TreeBuilder {
 public:
  explicit TreeBuilder(YamlReading& reading) : reading_(reading) {}

  void begin_document(const EventPlace& at);
  void add_null(const EventPlace& at, std::size_t anchor);
  void add_alias(const Place& place, std::size_t anchor);
  void add_scalar(const Place& place, const std::string& tag, std::size_t anchor,
                  const std::string& value);
  void begin_collection(Node node, const std::string& tag, std::size_t anchor);
  void end_collection();

  Node take_root() { return std::move(root_); }

 private:
  /// A list or a map that has begun and not ended.
  struct OpenNode {
    Node node;
    std::size_t anchor = 0;
    bool has_key = false;  ///< the next value belongs to `key`
    bool is_key_refused = false;
    std::string key = {};
    Place key_place = {};
    std::unordered_map<std::string, Place> places = {};  ///< of keys, once there are many
  };
  /// What an anchor names, and what every alias of it adds to the tree.
  struct Anchored {
    Node node;
    bool is_complete = false;
  };

  bool wants_key() const {
    return !open_.empty() && open_.back().node.is_map() && !open_.back().has_key;
  }
  void add(Node node, std::size_t anchor);
  void attach(Node node);
  void count(const Place& place, std::size_t nodes);
  void refuse_tag(const std::string& tag, const Place& place);
  void check_size(const std::string& value, const Place& place);
  void check_escapes(const std::string& value, const Place& place);
  Node plain(std::string text, const Place& place);
  void take_key(std::string key, const Place& place, bool is_quoted);
  void refuse_key(const Place& place, std::string message);
  const Place* place_of_key(const std::string& key);
  void remember(std::size_t anchor, const Node& node);
  /// Counts a copy of a value against what anchors and aliases may cost; answers its depth.
  std::size_t spend(const Node& copied, const Place& place);
  /// The parser gives a value that is not written the place of what follows it.
  Place place_of_null(const EventPlace& at) const;

  YamlReading& reading_;
  Node root_;
  std::vector<OpenNode> open_;
  std::vector<Anchored> anchors_;
  std::size_t nodes_ = 0;
  std::size_t documents_ = 0;
  std::size_t copied_nodes_ = 0;
  std::size_t copied_bytes_ = 0;
};

}  // namespace weir
