#include "manifest/tree_builder.h"

#include <algorithm>

#include <fmt/format.h>

#include "manifest/scalar.h"
#include "manifest/yaml_rules.h"

namespace weir {
namespace {

/// Up to here a look at every key of a map is cheaper than a table of them.
constexpr std::size_t kFewKeys = 12;

struct Size {
  std::size_t nodes = 0;
  std::size_t bytes = 0;
  std::size_t depth = 0;
};

Size measure(const Node& node) {
  Size size{.nodes = 1, .bytes = node.text.size(), .depth = node.is_scalar() ? 0U : 1U};
  const auto add = [&](const Node& child) {
    const Size part = measure(child);
    size.nodes += part.nodes;
    size.bytes += part.bytes;
    size.depth = std::max(size.depth, part.depth + 1);
  };
  for (const Node& item : node.items) add(item);
  for (const Entry& entry : node.entries) {
    size.bytes += entry.key.size();
    add(entry.value);
  }
  return size;
}

}  // namespace

void TreeBuilder::begin_document(const EventPlace& at) {
  if (++documents_ == 1) return;
  const bool is_marked = reading_.text().substr(at.offset).starts_with("---");
  if (is_marked) {
    reading_.stop(yaml_rule::kSecondDocument, at.place,
                  "a second document begins here; a file has one",
                  "put it into a file of its own: files are merged by path");
  }
  reading_.stop(yaml_rule::kSyntax, at.place, "the document has ended before this",
                "check the indentation, brackets and quotes of the lines above");
}

Place TreeBuilder::place_of_null(const EventPlace& at) const {
  const std::string_view rest = reading_.text().substr(std::min(at.offset, reading_.text().size()));
  const bool is_written = rest.starts_with('~') || rest.starts_with('n') || rest.starts_with('N') ||
                          rest.starts_with('&') || rest.starts_with('!');
  if (is_written || open_.empty()) return at.place;
  return open_.back().has_key ? open_.back().key_place : open_.back().node.place;
}

void TreeBuilder::add_null(const EventPlace& at, std::size_t anchor) {
  if (wants_key()) {
    refuse_key(at.place, "a key is missing or null");
    return;
  }
  add({.place = place_of_null(at)}, anchor);
}

void TreeBuilder::add_alias(const Place& place, std::size_t anchor) {
  if (anchor >= anchors_.size() || !anchors_[anchor].is_complete) {
    reading_.stop(yaml_rule::kAlias, place, "this alias stands for a value that contains it",
                  "write the value out; a manifest has no cycles");
  }
  if (wants_key()) {
    refuse_key(place, "an alias cannot be a key");
    return;
  }
  const std::size_t depth = spend(anchors_[anchor].node, place);
  if (open_.size() + depth > reading_.limits().depth) {
    reading_.stop(yaml_rule::kDepth, place,
                  fmt::format("with what this alias stands for, maps and lists nest more than {} "
                              "levels deep",
                              reading_.limits().depth),
                  "write the value in fewer levels");
  }
  Node copy = anchors_[anchor].node;
  copy.place = place;
  attach(std::move(copy));
}

void TreeBuilder::add_scalar(const Place& place, const std::string& tag, std::size_t anchor,
                             const std::string& value) {
  refuse_tag(tag, place);
  check_size(value, place);
  check_escapes(value, place);
  const bool is_quoted = tag != "?";
  if (wants_key()) {
    if (anchor != 0) {
      remember(anchor,
               {.type = Node::Type::kText, .is_quoted = true, .place = place, .text = value});
    }
    take_key(value, place, is_quoted);
    return;
  }
  if (is_quoted) {
    add({.type = Node::Type::kText, .is_quoted = true, .place = place, .text = value}, anchor);
  } else {
    add(plain(value, place), anchor);
  }
}

void TreeBuilder::begin_collection(Node node, const std::string& tag, std::size_t anchor) {
  refuse_tag(tag, node.place);
  if (wants_key()) {
    // The parser will tell of its content, so reading cannot go on at the next value.
    reading_.stop(yaml_rule::kKey, node.place,
                  fmt::format("{} cannot be a key", node.is_map() ? "a map" : "a list"),
                  "write the key as a text; quote it when it contains brackets or braces");
  }
  if (open_.size() >= reading_.limits().depth) {
    reading_.stop(
        yaml_rule::kDepth, node.place,
        fmt::format("maps and lists nest more than {} levels deep here", reading_.limits().depth),
        "write the value in fewer levels");
  }
  count(node.place, 1);
  if (anchor != 0) remember(anchor, {});
  if (anchor != 0) anchors_[anchor].is_complete = false;
  open_.push_back({.node = std::move(node), .anchor = anchor});
}

void TreeBuilder::end_collection() {
  OpenNode closed = std::move(open_.back());
  open_.pop_back();
  if (closed.anchor != 0) remember(closed.anchor, closed.node);
  attach(std::move(closed.node));
}

void TreeBuilder::add(Node node, std::size_t anchor) {
  count(node.place, 1);
  if (anchor != 0) remember(anchor, node);
  attach(std::move(node));
}

void TreeBuilder::attach(Node node) {
  if (open_.empty()) {
    root_ = std::move(node);
    return;
  }
  OpenNode& parent = open_.back();
  if (parent.node.is_list()) {
    parent.node.items.push_back(std::move(node));
    return;
  }
  parent.has_key = false;
  if (parent.is_key_refused) return;
  parent.node.entries.push_back({std::move(parent.key), parent.key_place, std::move(node)});
}

void TreeBuilder::count(const Place& place, std::size_t nodes) {
  nodes_ += nodes;
  if (nodes_ <= reading_.limits().nodes) return;
  reading_.stop(yaml_rule::kNodes, place,
                fmt::format("this file has more than {} values", reading_.limits().nodes),
                "split it into several files");
}

void TreeBuilder::refuse_tag(const std::string& tag, const Place& place) {
  if (tag == "?" || tag == "!" || tag.empty()) return;
  reading_.report(yaml_rule::kTag, place,
                  fmt::format("tags are not allowed: {}", tag.substr(0, 60)),
                  "leave the tag away; quote the value when it is a text");
}

void TreeBuilder::check_size(const std::string& value, const Place& place) {
  if (value.size() > reading_.limits().scalar_bytes) {
    reading_.stop(yaml_rule::kScalarSize, place,
                  fmt::format("this text has {} bytes; {} are allowed", value.size(),
                              reading_.limits().scalar_bytes),
                  "check for a missing quote, or make the text shorter");
  }
}

/// An escape hides nothing in the file, so it may stand for what only escapes can write: a display
/// name that somebody gave long ago, for example. NUL would end names early.
void TreeBuilder::check_escapes(const std::string& value, const Place& place) {
  if (value.find('\0') == std::string::npos) return;
  reading_.report(yaml_rule::kForbiddenCharacter, place,
                  "an escape in this text stands for the control character U+0000",
                  "remove the escape");
}

Node TreeBuilder::plain(std::string text, const Place& place) {
  Node node{.type = Node::Type::kText, .place = place, .text = std::move(text)};
  switch (classify_plain(node.text)) {
    case PlainScalar::kNull:
      return {.place = place};
    case PlainScalar::kBoolean:
      node.type = Node::Type::kBoolean;
      break;
    case PlainScalar::kNumber:
      node.type = Node::Type::kNumber;
      break;
    case PlainScalar::kLeadingZero:
      node.type = Node::Type::kNumber;
      reading_.report(yaml_rule::kLeadingZero, place,
                      "this number has a leading zero, which readers of YAML understand "
                      "differently",
                      "write it in quotes for a text, or without the zero");
      break;
    case PlainScalar::kNotFinite:
      node.type = Node::Type::kNumber;
      reading_.report(yaml_rule::kNumber, place, "this is no number that a manifest can have",
                      "write a finite number of usual size, or quote it when it is a text");
      break;
    case PlainScalar::kText:
      break;
  }
  return node;
}

void TreeBuilder::take_key(std::string key, const Place& place, bool is_quoted) {
  if (!is_quoted && key == "<<") {
    refuse_key(place, "merge keys (<<) are not allowed");
    return;
  }
  if (key.size() > reading_.limits().key_bytes) {
    reading_.stop(yaml_rule::kScalarSize, place,
                  fmt::format("this key has {} bytes; {} are allowed", key.size(),
                              reading_.limits().key_bytes),
                  "make it shorter, or write the colon behind the key that you mean");
  }
  const Place* first = place_of_key(key);
  OpenNode& map = open_.back();
  map.has_key = true;
  map.is_key_refused = first != nullptr;
  if (first != nullptr) {
    reading_.report(yaml_rule::kDuplicateKey, place,
                    fmt::format("the key \"{}\" stands twice in this map, first at {}", key,
                                reading_.describe(*first)),
                    "keep one of them");
  }
  map.key = std::move(key);
  map.key_place = place;
}

void TreeBuilder::refuse_key(const Place& place, std::string message) {
  OpenNode& map = open_.back();
  map.has_key = true;
  map.is_key_refused = true;
  map.key_place = place;
  const bool is_merge = message.find("<<") != std::string::npos;
  reading_.report(is_merge ? yaml_rule::kMergeKey : yaml_rule::kKey, place, std::move(message),
                  is_merge ? "write the keys out, or let an alias stand for a whole value"
                           : "write the key as a text, in quotes when it looks like null");
}

const Place* TreeBuilder::place_of_key(const std::string& key) {
  OpenNode& map = open_.back();
  const std::vector<Entry>& entries = map.node.entries;
  if (entries.size() < kFewKeys) {
    for (const Entry& entry : entries) {
      if (entry.key == key) return &entry.place;
    }
    return nullptr;
  }
  for (std::size_t at = map.places.size(); at < entries.size(); ++at) {
    map.places.emplace(entries[at].key, entries[at].place);
  }
  const auto found = map.places.find(key);
  return found == map.places.end() ? nullptr : &found->second;
}

void TreeBuilder::remember(std::size_t anchor, const Node& node) {
  if (anchors_.size() <= anchor) anchors_.resize(anchor + 1);
  spend(node, node.place);
  anchors_[anchor] = {node, true};
}

std::size_t TreeBuilder::spend(const Node& copied, const Place& place) {
  const Size size = measure(copied);
  copied_nodes_ += size.nodes;
  copied_bytes_ += size.bytes;
  const YamlLimits& limits = reading_.limits();
  if (copied_nodes_ > limits.alias_nodes || copied_bytes_ > limits.alias_bytes) {
    reading_.stop(yaml_rule::kExpansion, place,
                  fmt::format("the anchors and aliases up to here stand for more than {} values or "
                              "{} bytes",
                              limits.alias_nodes, limits.alias_bytes),
                  "use for_each or an environment's patch instead of aliases of aliases");
  }
  return size.depth;
}

}  // namespace weir
