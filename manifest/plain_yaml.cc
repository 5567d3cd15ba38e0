#include "manifest/plain_yaml.h"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "manifest/scalar.h"
#include "manifest/yaml_lexer.h"

namespace weir {
namespace {

bool is_word_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/// Without line breaks, nor a character with a meaning of its own where it stands.
bool is_simple_text(std::string_view text, bool is_in_brackets) {
  constexpr std::string_view kFirst = "_./$~-+(<=";
  constexpr std::string_view kInBrackets = " _-./+@='()$;*";
  const bool is_beyond_ascii = static_cast<signed char>(text.front()) < 0;
  const bool begins_well = is_word_character(text.front()) || is_beyond_ascii ||
                           kFirst.find(text.front()) != std::string_view::npos;
  if (!begins_well) return false;
  if (!is_in_brackets) return text.find('\n') == std::string_view::npos;
  return std::ranges::all_of(text, [&](char c) {
    return is_word_character(c) || kInBrackets.find(c) != std::string_view::npos;
  });
}

bool is_simple_quote(std::string_view text) {
  const std::string_view inside = text.substr(1, text.size() - 2);
  return inside.find_first_of(text.front() == '"' ? "\\\n" : "'\n") == std::string_view::npos;
}

class PlainYaml {
 public:
  /// Without a builder it only looks.
  PlainYaml(const YamlReading& reading, TreeBuilder* builder)
      : reading_(reading), builder_(builder), lexer_(reading.text()) {}

  bool read() {
    // Tabs and carriage returns have rules of their own.
    for (const char special : {'\t', '\r'}) {
      if (reading_.text().find(special) != std::string_view::npos) return false;
    }
    advance();
    while (next_.kind != Kind::kEnd) {
      if (!read_line()) return false;
    }
    if (levels_.empty() || due_line_) return false;
    while (!levels_.empty()) close();
    return true;
  }

 private:
  using Kind = YamlToken::Kind;

  /// A map or a list without brackets that has begun and not ended.
  struct Level {
    std::size_t column = 0;
    bool is_list = false;
  };

  /// The token to look at now; the one behind it becomes the next.
  YamlToken advance() {
    const YamlToken token = next_;
    next_ = lexer_.next();
    return token;
  }
  bool is_text_next() const { return next_.kind == Kind::kPlain || next_.kind == Kind::kQuoted; }
  char character_at(std::size_t offset) const {
    return offset < reading_.text().size() ? reading_.text()[offset] : '\n';
  }

  /// To the end of its line, dashes and keys included.
  bool read_line() {
    while (next_.kind == Kind::kDash) {
      if (!begin_member(next_, true)) return false;
      due_line_ = advance().line;
    }
    if (is_text_next() && !read_text_of_line()) return false;
    if (next_.kind == Kind::kOpen && !(take_due(next_) && read_brackets())) return false;
    if (next_.kind == Kind::kComment) advance();
    if (next_.kind == Kind::kEnd) return true;
    return advance().kind == Kind::kLineEnd;
  }

  /// A key with what stands behind it, or an item of a list.
  bool read_text_of_line() {
    const YamlToken text = advance();
    if (next_.kind != Kind::kColon) return take_due(text) && add_text(text);
    if (!begin_member(text, false) || !take_key(text)) return false;
    due_line_ = text.line;
    return !is_text_next() || (take_due(next_) && add_text(advance()));
  }

  /// Whether the value that is due stands on the line of its key or dash.
  bool take_due(const YamlToken& value) { return std::exchange(due_line_, {}) == value.line; }

  /// A dash or a key: goes on with an open list or map, or begins the value that is due.
  bool begin_member(const YamlToken& token, bool is_list) {
    if (!due_line_ && !levels_.empty()) {
      while (!levels_.empty() && is_inner(levels_.back(), token.column, is_list)) close();
      return !levels_.empty() && levels_.back().column == token.column &&
             levels_.back().is_list == is_list;
    }
    if (!may_begin(token.column, is_list)) return false;
    levels_.push_back({token.column, is_list});
    begin(is_list ? Node::Type::kList : Node::Type::kMap, token);
    due_line_ = {};
    return true;
  }

  static bool is_inner(const Level& level, std::size_t column, bool is_list) {
    return level.column > column || (level.column == column && level.is_list && !is_list);
  }

  /// A list may stand at the column of the key that it belongs to.
  bool may_begin(std::size_t column, bool is_list) const {
    if (levels_.empty()) return column == 0;
    const Level& outer = levels_.back();
    return column > outer.column || (column == outer.column && is_list && !outer.is_list);
  }

  bool read_brackets() {
    const YamlToken open = advance();
    ++brackets_;
    const bool is_map = character_at(open.offset) == '{';
    begin(is_map ? Node::Type::kMap : Node::Type::kList, open);
    while (next_.kind != Kind::kClose) {
      if (is_map && !(is_text_next() && take_key(advance()))) return false;
      if (!read_part()) return false;
      if (next_.kind != Kind::kComma) break;
      advance();
    }
    if (advance().kind != Kind::kClose) return false;
    --brackets_;
    if (builder_ != nullptr) builder_->end_collection();
    return true;
  }

  bool read_part() {
    if (next_.kind == Kind::kOpen) return read_brackets();
    return is_text_next() && add_text(advance());
  }

  /// With the colon right behind it and a blank behind that.
  bool take_key(const YamlToken& key) {
    if (key.size > reading_.limits().key_bytes || !add_text(key)) return false;
    const YamlToken colon = advance();
    const char behind = character_at(colon.offset + 1);
    return colon.kind == Kind::kColon && colon.offset == key.offset + key.size &&
           (behind == ' ' || behind == '\n');
  }

  bool add_text(const YamlToken& token) {
    const std::string_view text = lexer_.text_of(token);
    const bool is_quoted = token.kind == Kind::kQuoted;
    if (is_quoted ? !is_simple_quote(text) : !is_simple_text(text, brackets_ > 0)) return false;
    if (builder_ == nullptr) return true;
    const Place place = reading_.place_of(token.line, token.column);
    if (is_quoted) {
      builder_->add_scalar(place, quoted_tag_, 0, std::string(text.substr(1, text.size() - 2)));
    } else if (classify_plain(text) == PlainScalar::kNull) {
      builder_->add_null({place, token.offset}, 0);
    } else {
      builder_->add_scalar(place, plain_tag_, 0, std::string(text));
    }
    return true;
  }

  void begin(Node::Type type, const YamlToken& token) {
    if (builder_ == nullptr) return;
    if (!std::exchange(has_begun_, true)) builder_->begin_document({});
    builder_->begin_collection({.type = type, .place = reading_.place_of(token.line, token.column)},
                               plain_tag_, 0);
  }

  void close() {
    levels_.pop_back();
    if (builder_ != nullptr) builder_->end_collection();
  }

  /// As the builder knows them.
  const std::string plain_tag_ = "?";
  const std::string quoted_tag_ = "!";

  const YamlReading& reading_;
  TreeBuilder* const builder_;
  YamlLexer lexer_;
  YamlToken next_ = {};
  std::vector<Level> levels_;
  std::size_t brackets_ = 0;                  ///< that are open
  std::optional<std::size_t> due_line_ = {};  ///< of a key or dash that has no value yet
  bool has_begun_ = false;
};

}  // namespace

bool is_plain_yaml(const YamlReading& reading) {
  return PlainYaml(reading, nullptr).read();
}

void read_plain_yaml(const YamlReading& reading, TreeBuilder& builder) {
  PlainYaml(reading, &builder).read();
}

}  // namespace weir
