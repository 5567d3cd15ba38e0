#include "manifest/format_flow.h"

#include <algorithm>

namespace weir {
namespace {

using Kind = YamlToken::Kind;

class FlowReader {
 public:
  FlowReader(std::string_view text, std::span<const YamlToken> tokens, const ScalarTexts& texts)
      : text_(text), tokens_(tokens), texts_(texts) {}

  FlowValue read_value() {
    FlowValue value;
    const YamlToken& begin = tokens_[at_];
    while (kind() == Kind::kAnchor) {
      value.properties = text();
      advance();
    }
    if (kind() == Kind::kOpen) {
      read_collection(value);
    } else if (kind() == Kind::kAlias) {
      value.text = text();
      advance();
    } else if (kind() == Kind::kPlain || kind() == Kind::kQuoted) {
      value.text = scalar_on_line(text(), texts_.find(begin));
      advance();
    }
    return value;
  }

 private:
  Kind kind() const { return at_ < tokens_.size() ? tokens_[at_].kind : Kind::kEnd; }
  std::string_view text() const { return text_.substr(tokens_[at_].offset, tokens_[at_].size); }

  void advance() {
    last_line_ = tokens_[at_].line;
    ++at_;
    skip_to_token();
  }

  /// Line ends mean nothing inside brackets; comments wait for the item that they belong to.
  void skip_to_token() {
    while (kind() == Kind::kLineEnd || kind() == Kind::kComment) {
      if (kind() == Kind::kComment) {
        comments_.push_back({std::string(text()), tokens_[at_].line == last_line_});
      }
      ++at_;
    }
  }

  void read_collection(FlowValue& value) {
    const bool is_map = text() == "{";
    value.type = is_map ? FlowValue::Type::kMap : FlowValue::Type::kList;
    advance();
    while (kind() != Kind::kClose && at_ < tokens_.size()) {
      FlowItem item;
      take_comments(item.comments_before);
      const std::size_t before = at_;
      is_map ? read_pair(item) : read_item(item);
      // What cannot be read is passed over; the check of the meaning will tell.
      if (at_ == before && kind() != Kind::kComma) advance();
      if (kind() == Kind::kComma) advance();
      take_comment_on_line(item);
      value.items.push_back(std::move(item));
    }
    take_comments(value.last_comments);
    if (at_ < tokens_.size()) advance();
  }

  void read_pair(FlowItem& item) {
    const FlowValue key = read_value();
    item.key = key.properties.empty() ? key.text : key.properties + " " + key.text;
    if (kind() == Kind::kColon) {
      advance();
      item.value = read_value();
    }
    if (item.value.type == FlowValue::Type::kScalar && item.value.text.empty()) {
      item.value.text = "null";
    }
  }

  /// [a: b] is a list of a map of one key.
  void read_item(FlowItem& item) {
    item.value = read_value();
    if (kind() != Kind::kColon) return;
    FlowItem pair{.key = item.value.text};
    if (!item.value.properties.empty()) pair.key = item.value.properties + " " + pair.key;
    advance();
    pair.value = read_value();
    if (pair.value.type == FlowValue::Type::kScalar && pair.value.text.empty()) {
      pair.value.text = "null";
    }
    item.value = {.type = FlowValue::Type::kMap};
    item.value.items.push_back(std::move(pair));
  }

  void take_comments(std::vector<std::string>& into) {
    for (Comment& comment : comments_) into.push_back(std::move(comment.text));
    comments_.clear();
  }

  void take_comment_on_line(FlowItem& item) {
    if (comments_.empty() || !comments_.front().is_on_line) return;
    item.comment = std::move(comments_.front().text);
    comments_.erase(comments_.begin());
  }

  struct Comment {
    std::string text;
    bool is_on_line;  ///< of what stands before it
  };

  std::string_view text_;
  std::span<const YamlToken> tokens_;
  const ScalarTexts& texts_;
  std::size_t at_ = 0;
  std::size_t last_line_ = 0;
  std::vector<Comment> comments_;
};

}  // namespace

FlowValue read_flow(std::string_view text, std::span<const YamlToken> tokens,
                    const ScalarTexts& texts) {
  return FlowReader(text, tokens, texts).read_value();
}

std::string flow_on_line(const FlowValue& value) {
  std::string line = value.properties;
  if (!line.empty() && (value.type != FlowValue::Type::kScalar || !value.text.empty())) line += ' ';
  if (value.type == FlowValue::Type::kScalar) return line + value.text;
  const bool is_map = value.type == FlowValue::Type::kMap;
  if (value.items.empty()) return line + (is_map ? "{}" : "[]");
  line += is_map ? "{ " : "[";
  for (const FlowItem& item : value.items) {
    if (&item != &value.items.front()) line += ", ";
    if (is_map) line += item.key + ": ";
    line += flow_on_line(item.value);
  }
  return line + (is_map ? " }" : "]");
}

bool has_comments(const FlowValue& value) {
  return !value.last_comments.empty() ||
         std::any_of(value.items.begin(), value.items.end(), [](const FlowItem& item) {
           return !item.comments_before.empty() || !item.comment.empty() ||
                  has_comments(item.value);
         });
}

}  // namespace weir
