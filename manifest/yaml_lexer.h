// The tokens of YAML as manifests write it, in one pass over the text and without memory of it:
// what guards the parser against files that would cost it much, and what the formatter rearranges.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace weir {

struct YamlMistake {
  std::string_view rule;
  std::string_view message;
  std::string_view hint;
};

struct YamlToken {
  enum class Kind : std::uint8_t {
    kDash,
    kColon,
    kAnchor,
    kTag,
    kAlias,
    kPlain,      ///< all its lines
    kQuoted,     ///< with its quotes
    kBlockText,  ///< | or >, with its header and all its lines
    kOpen,
    kClose,
    kComma,
    kComment,
    kLineEnd,
    kDocumentStart,
    kDocumentEnd,
    kWrong,  ///< no manifest has this; the last token
    kEnd,
  };

  Kind kind = Kind::kEnd;
  std::size_t offset = 0;
  std::size_t size = 0;
  std::size_t line = 0;                  ///< from 0
  std::size_t column = 0;                ///< from 0, in bytes
  std::size_t blanks = 0;                ///< of indentation, inside a text of several lines
  const YamlMistake* mistake = nullptr;  ///< of kWrong
};

class YamlLexer {
 public:
  static constexpr std::size_t kUnlimited = std::size_t{1} << 40;

  /// Texts that are longer than `longest` end somewhere beyond it.
  explicit YamlLexer(std::string_view text, std::size_t longest = kUnlimited)
      : text_(text), longest_(longest) {}

  YamlToken next();
  std::size_t flow_depth() const { return flow_.size(); }
  std::string_view text_of(const YamlToken& token) const {
    return text_.substr(token.offset, token.size);
  }

 private:
  using Kind = YamlToken::Kind;

  char peek(std::size_t ahead = 0) const {
    return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\n';
  }
  bool is_blank_at(std::size_t ahead) const;
  std::size_t column() const { return at_ - line_start_; }
  bool is_at_marker(std::string_view marker) const;
  void begin_line();

  YamlToken take(Kind kind, std::size_t size);
  YamlToken wrong(const YamlMistake& mistake) const;
  YamlToken end() const;
  YamlToken line_end();
  YamlToken comment();
  YamlToken in_block();
  YamlToken in_flow();
  YamlToken node();
  YamlToken named(Kind kind);
  YamlToken open();
  YamlToken close();
  YamlToken colon();
  YamlToken quoted();
  YamlToken plain();
  YamlToken block_text();
  YamlToken finish_node(YamlToken token);
  YamlToken mark_of_document();

  std::size_t end_of_plain_line() const;
  bool is_end_of_plain() const;
  bool continues_plain();
  bool take_block_line(std::size_t& indent, bool keeps_blanks);

  std::string_view text_;
  std::size_t longest_;
  std::size_t at_ = 0;
  std::size_t line_ = 0;
  std::size_t line_start_ = 0;
  std::ptrdiff_t parent_ = -1;  ///< column of the indicator or key that the next value belongs to
  std::size_t node_column_ = 0;
  std::string flow_;             ///< the brackets that are open
  bool may_indicate_ = true;     ///< only dashes stand before this on its line
  bool is_after_value_ = false;  ///< a key or a value has just ended
  bool is_in_node_ = false;      ///< properties of the next value have been seen
  bool has_begun_ = false;
  Kind last_ = Kind::kEnd;
  YamlToken opener_ = {};  ///< the outermost bracket that is open
};

}  // namespace weir
