#include "manifest/yaml.h"

#include <algorithm>
#include <array>
#include <istream>
#include <streambuf>
#include <unordered_map>

#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include "manifest/scalar.h"
#include "manifest/text_gate.h"
#include "manifest/yaml_guard.h"
#include "manifest/yaml_rules.h"

namespace weir {
namespace {

constexpr std::size_t kMostMistakes = 100;
/// Up to here a look at every key of a map is cheaper than a table of them.
constexpr std::size_t kFewKeys = 12;
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

/// Ends the parser from inside an event; what is wrong has been reported.
struct Stop {};

/// Lets the parser read a text where it lies.
class TextBuffer : public std::streambuf {
 public:
  explicit TextBuffer(std::string_view text) {
    // A streambuf wants writable bytes but only writes through its put area, which stays empty.
    char* begin = const_cast<char*>(text.data());
    setg(begin, begin, begin + text.size());
  }
};

/// What one file may still cost, and what is wrong with it.
class Reading {
 public:
  Reading(const Sources& sources, std::uint32_t file, const YamlLimits& allowed,
          Diagnostics& diagnostics)
      : limits(allowed), sources_(sources), file_(file), diagnostics_(diagnostics) {
    text = sources.text(file);
    if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
    has_byte_order_mark_ = text.size() != sources.text(file).size();
  }

  /// Columns count bytes from 1; the parser does not see a byte order mark, but the line has it.
  Place place_of(const YAML::Mark& mark) const {
    const int skipped = has_byte_order_mark_ && mark.line == 0 ? 3 : 0;
    return {
        .file = file_,
        .line = static_cast<std::uint32_t>(mark.line + 1),
        .column = static_cast<std::uint32_t>(mark.column + 1 + skipped),
    };
  }

  Place place_at(std::size_t offset) const {
    const std::string_view before = text.substr(0, offset);
    YAML::Mark mark;
    mark.line = static_cast<int>(std::count(before.begin(), before.end(), '\n'));
    mark.column = static_cast<int>(offset - (before.rfind('\n') + 1));
    return place_of(mark);
  }

  std::string describe(const Place& place) const { return sources_.describe(place); }

  void report(std::string_view rule, const Place& place, std::string message, std::string hint) {
    if (++mistakes_ > kMostMistakes) {
      diagnostics_.add({.rule = std::string(yaml_rule::kTooManyMistakes),
                        .message = fmt::format("more than {} mistakes in this file; the rest of "
                                               "it was not read",
                                               kMostMistakes),
                        .hint = "Mend the ones above first.",
                        .place = place});
      throw Stop();
    }
    diagnostics_.add({.rule = std::string(rule),
                      .message = std::move(message),
                      .hint = std::move(hint),
                      .place = place});
  }

  [[noreturn]] void stop(std::string_view rule, const Place& place, std::string message,
                         std::string hint) {
    report(rule, place, std::move(message), std::move(hint));
    throw Stop();
  }

  std::string_view text;
  const YamlLimits& limits;

 private:
  const Sources& sources_;
  std::uint32_t file_;
  Diagnostics& diagnostics_;
  bool has_byte_order_mark_ = false;
  std::size_t mistakes_ = 0;
};

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

/// Builds the tree from the parser's events.
class TreeBuilder : public YAML::EventHandler {
 public:
  explicit TreeBuilder(Reading& reading) : reading_(reading) {}

  Node take_root() { return std::move(root_); }

  void OnDocumentStart(const YAML::Mark& mark) override;
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override;
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override;
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override;
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value style) override;
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value style) override;
  void OnMapEnd() override { close(); }

 private:
  bool wants_key() const {
    return !open_.empty() && open_.back().node.is_map() && !open_.back().has_key;
  }
  void open(Node node, const std::string& tag, std::size_t anchor);
  void close();
  void add(Node node, std::size_t anchor);
  void attach(Node node);
  void count(const Place& place, std::size_t nodes);
  void refuse_tag(const std::string& tag, const Place& place);
  void check_text(const std::string& value, const Place& place);
  Node plain(std::string text, const Place& place);
  void take_key(std::string key, const Place& place, bool is_quoted);
  void refuse_key(const Place& place, std::string message);
  const Place* place_of_key(const std::string& key);
  void remember(std::size_t anchor, const Node& node);
  /// Counts a copy of a value against what anchors and aliases may cost.
  Size spend(const Node& copied, const Place& place);
  /// The parser gives a value that is not written the place of what follows it.
  Place place_of_null(const YAML::Mark& mark) const;

  Reading& reading_;
  Node root_;
  std::vector<OpenNode> open_;
  std::vector<Anchored> anchors_;
  std::size_t nodes_ = 0;
  std::size_t documents_ = 0;
  Size expanded_;
};

void TreeBuilder::OnDocumentStart(const YAML::Mark& mark) {
  if (++documents_ == 1) return;
  const bool is_marked =
      reading_.text.substr(static_cast<std::size_t>(mark.pos)).starts_with("---");
  if (is_marked) {
    reading_.stop(yaml_rule::kSecondDocument, reading_.place_of(mark),
                  "a second document begins here; a file has one",
                  "Put it into a file of its own: files are merged by path.");
  }
  reading_.stop(yaml_rule::kSyntax, reading_.place_of(mark), "the document has ended before this",
                "Check the indentation, brackets and quotes of the lines above.");
}

Place TreeBuilder::place_of_null(const YAML::Mark& mark) const {
  const std::string_view rest =
      reading_.text.substr(std::min(static_cast<std::size_t>(mark.pos), reading_.text.size()));
  const bool is_written = rest.starts_with('~') || rest.starts_with('n') || rest.starts_with('N') ||
                          rest.starts_with('&') || rest.starts_with('!');
  if (is_written || open_.empty()) return reading_.place_of(mark);
  return open_.back().has_key ? open_.back().key_place : open_.back().node.place;
}

void TreeBuilder::OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) {
  if (wants_key()) {
    refuse_key(reading_.place_of(mark), "a key is missing or null");
    return;
  }
  add({.place = place_of_null(mark)}, anchor);
}

void TreeBuilder::OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) {
  const Place place = reading_.place_of(mark);
  if (anchor >= anchors_.size() || !anchors_[anchor].is_complete) {
    reading_.stop(yaml_rule::kAlias, place, "this alias stands for a value that contains it",
                  "Write the value out; a manifest has no cycles.");
  }
  if (wants_key()) {
    refuse_key(place, "an alias cannot be a key");
    return;
  }
  const Size size = spend(anchors_[anchor].node, place);
  if (open_.size() + size.depth > reading_.limits.depth) {
    reading_.stop(yaml_rule::kDepth, place,
                  fmt::format("with what this alias stands for, maps and lists nest more than {} "
                              "levels deep",
                              reading_.limits.depth),
                  "Write the value in fewer levels.");
  }
  count(place, size.nodes);
  Node copy = anchors_[anchor].node;
  copy.place = place;
  attach(std::move(copy));
}

void TreeBuilder::OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                           const std::string& value) {
  const Place place = reading_.place_of(mark);
  refuse_tag(tag, place);
  check_text(value, place);
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

void TreeBuilder::OnSequenceStart(const YAML::Mark& mark, const std::string& tag,
                                  YAML::anchor_t anchor, YAML::EmitterStyle::value /*style*/) {
  open({.type = Node::Type::kList, .place = reading_.place_of(mark)}, tag, anchor);
}

void TreeBuilder::OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                             YAML::EmitterStyle::value /*style*/) {
  open({.type = Node::Type::kMap, .place = reading_.place_of(mark)}, tag, anchor);
}

void TreeBuilder::open(Node node, const std::string& tag, std::size_t anchor) {
  refuse_tag(tag, node.place);
  if (wants_key()) {
    // The parser will tell of its content, so reading cannot go on at the next value.
    reading_.stop(yaml_rule::kKey, node.place,
                  fmt::format("{} cannot be a key", node.is_map() ? "a map" : "a list"),
                  "Write the key as a text; quote it when it contains brackets or braces.");
  }
  if (open_.size() >= reading_.limits.depth) {
    reading_.stop(
        yaml_rule::kDepth, node.place,
        fmt::format("maps and lists nest more than {} levels deep here", reading_.limits.depth),
        "Write the value in fewer levels.");
  }
  count(node.place, 1);
  if (anchor != 0) remember(anchor, {});
  if (anchor != 0) anchors_[anchor].is_complete = false;
  open_.push_back({.node = std::move(node), .anchor = anchor});
}

void TreeBuilder::close() {
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
  if (nodes_ <= reading_.limits.nodes) return;
  reading_.stop(yaml_rule::kNodes, place,
                fmt::format("this file has more than {} values", reading_.limits.nodes),
                "Split it into several files.");
}

void TreeBuilder::refuse_tag(const std::string& tag, const Place& place) {
  if (tag == "?" || tag == "!" || tag.empty()) return;
  reading_.report(yaml_rule::kTag, place,
                  fmt::format("tags are not allowed: {}", tag.substr(0, 60)),
                  "Leave the tag away; quote the value when it is a text.");
}

void TreeBuilder::check_text(const std::string& value, const Place& place) {
  if (value.size() > reading_.limits.scalar_bytes) {
    reading_.stop(yaml_rule::kScalarSize, place,
                  fmt::format("this text has {} bytes; {} are allowed", value.size(),
                              reading_.limits.scalar_bytes),
                  "Check for a missing quote, or make the text shorter.");
  }
  const auto forbidden = find_forbidden_text(value);
  if (!forbidden) return;
  reading_.report(yaml_rule::kForbiddenCharacter, place,
                  fmt::format("an escape in this text stands for {}", forbidden->what),
                  "Remove the escape.");
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
                      fmt::format("{} has a leading zero, which readers of YAML understand "
                                  "differently",
                                  node.text),
                      fmt::format("Write \"{}\" in quotes for a text, or the number without the "
                                  "zero.",
                                  node.text));
      break;
    case PlainScalar::kNotFinite:
      node.type = Node::Type::kNumber;
      reading_.report(yaml_rule::kNumber, place,
                      fmt::format("{} is not a number that a manifest can have", node.text),
                      "Write a finite number of usual size, or quote it when it is a text.");
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
  const Place* first = place_of_key(key);
  OpenNode& map = open_.back();
  map.has_key = true;
  map.is_key_refused = first != nullptr;
  if (first != nullptr) {
    reading_.report(yaml_rule::kDuplicateKey, place,
                    fmt::format("the key \"{}\" stands twice in this map, first at {}", key,
                                reading_.describe(*first)),
                    "Keep one of them.");
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
                  is_merge ? "Write the keys out, or let an alias stand for a whole value."
                           : "Write the key as a text, in quotes when it looks like null.");
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

Size TreeBuilder::spend(const Node& copied, const Place& place) {
  const Size size = measure(copied);
  expanded_.nodes += size.nodes;
  expanded_.bytes += size.bytes;
  if (expanded_.nodes > reading_.limits.alias_nodes ||
      expanded_.bytes > reading_.limits.alias_bytes) {
    reading_.stop(yaml_rule::kExpansion, place,
                  fmt::format("the anchors and aliases up to here stand for more than {} values or "
                              "{} bytes",
                              reading_.limits.alias_nodes, reading_.limits.alias_bytes),
                  "Use for_each or an environment's patch instead of aliases of aliases.");
  }
  return size;
}

void check_bytes(Reading& reading) {
  const Place begin = reading.place_of(YAML::Mark());
  if (reading.text.size() > reading.limits.bytes) {
    reading.stop(yaml_rule::kFileSize, begin,
                 fmt::format("this file has {} bytes; {} are allowed", reading.text.size(),
                             reading.limits.bytes),
                 "Split it into several files.");
  }
  const auto forbidden = find_forbidden_text(reading.text);
  if (!forbidden) return;
  reading.stop(forbidden->is_utf8 ? yaml_rule::kForbiddenCharacter : yaml_rule::kEncoding,
               reading.place_at(forbidden->offset),
               forbidden->is_utf8 ? fmt::format("{} stands here", forbidden->what)
                                  : fmt::format("{} is not UTF-8 text", forbidden->what),
               forbidden->is_utf8 ? "Remove it." : "Save the file as UTF-8.");
}

void check_structure(Reading& reading) {
  const auto refusal = guard_yaml(reading.text, reading.limits);
  if (!refusal) return;
  YAML::Mark mark;
  mark.line = static_cast<int>(refusal->line);
  mark.column = static_cast<int>(refusal->column);
  reading.stop(refusal->rule, reading.place_of(mark), refusal->message, refusal->hint);
}

std::string_view syntax_hint(std::string_view reason);

void parse(Reading& reading, TreeBuilder& builder) {
  TextBuffer buffer(reading.text);
  std::istream stream(&buffer);
  try {
    YAML::Parser parser(stream);
    while (parser.HandleNextDocument(builder)) continue;
  } catch (const YAML::Exception& error) {
    reading.stop(yaml_rule::kSyntax, reading.place_of(error.mark),
                 fmt::format("this is not well-formed YAML: {}", error.msg),
                 std::string(syntax_hint(error.msg)));
  }
}

std::string_view syntax_hint(std::string_view reason) {
  struct Hint {
    std::string_view reason;
    std::string_view hint;
  };
  constexpr std::array kHints = {
      Hint{"illegal map value", "Quote texts that contain \": \", and check the indentation."},
      Hint{"illegal tab when looking for indentation", "Indent with spaces instead of tabs."},
      Hint{"end of map flow not found", "Close the { with a }."},
      Hint{"end of sequence flow not found", "Close the [ with a ]."},
      Hint{"illegal EOF in scalar", "Close the quotes."},
      Hint{"the referenced anchor is not defined", "Define the anchor (&name) before its alias."},
      Hint{"unknown token", "Quote texts that begin with @, ` or %."},
  };
  for (const Hint& hint : kHints) {
    if (reason.starts_with(hint.reason)) return hint.hint;
  }
  return "Check the indentation, brackets and quotes here and in the lines above.";
}

}  // namespace

std::optional<Node> read_yaml(const Sources& sources, std::uint32_t file, const YamlLimits& limits,
                              Diagnostics& diagnostics) {
  Reading reading(sources, file, limits, diagnostics);
  TreeBuilder builder(reading);
  try {
    check_bytes(reading);
    check_structure(reading);
    parse(reading, builder);
  } catch (const Stop&) {
    return std::nullopt;
  }
  return builder.take_root();
}

}  // namespace weir
