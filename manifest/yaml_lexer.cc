#include "manifest/yaml_lexer.h"

#include <algorithm>

#include "manifest/yaml_rules.h"

namespace weir {
namespace {

constexpr std::string_view kQuoteHint = "quote texts that begin with or contain special characters";

namespace mistake {
constexpr YamlMistake kDocumentInBrackets{yaml_rule::kSyntax, "the document ends inside brackets",
                                          "close the bracket before this line"};
constexpr YamlMistake kDirective{yaml_rule::kDirective, "directives (%) are not allowed",
                                 "remove this line"};
constexpr YamlMistake kAfterValue{
    yaml_rule::kSyntax, "this cannot follow the value before it on the line",
    "quote the whole text, or check the quotes and brackets before this"};
constexpr YamlMistake kNoValue{yaml_rule::kSyntax, "a value is missing before this comma",
                               "remove the comma"};
constexpr YamlMistake kNoComma{
    yaml_rule::kSyntax, "a comma or the closing bracket is missing before this",
    "separate values with commas, and quote texts that contain brackets"};
constexpr YamlMistake kExplicitKey{yaml_rule::kKey, "explicit keys (?) are not allowed",
                                   "write the key as a text, and a colon after it"};
constexpr YamlMistake kNoBegin{yaml_rule::kSyntax, "no value can begin with this character",
                               kQuoteHint};
constexpr YamlMistake kListInLine{yaml_rule::kSyntax, "a list cannot begin here",
                                  "begin it on a line of its own, or write [a, b]"};
constexpr YamlMistake kTwoProperties{
    yaml_rule::kSyntax, "a value has one anchor and one tag at most", "remove one of them"};
constexpr YamlMistake kOtherBracket{yaml_rule::kSyntax, "this bracket closes one of the other kind",
                                    "check the brackets before it"};
constexpr YamlMistake kNoKey{yaml_rule::kKey, "a key is missing before this colon",
                             "write the key as a text, in quotes when it is empty"};
constexpr YamlMistake kOpenQuote{yaml_rule::kSyntax, "this quote is never closed",
                                 "close it, or write the quote inside other quotes"};
constexpr YamlMistake kKeyInText{
    yaml_rule::kSyntax, "this line continues the text of the line above, so it cannot have a key",
    "check the indentation of this line, or quote the text"};
constexpr YamlMistake kNoHeader{yaml_rule::kSyntax, "no text can begin with this character",
                                kQuoteHint};
constexpr YamlMistake kOpenBracket{yaml_rule::kSyntax, "this bracket is never closed",
                                   "close it, or quote the text when it is one"};
}  // namespace mistake

bool is_blank(char c) {
  return c == ' ' || c == '\t';
}

bool is_break(char c) {
  return c == '\n' || c == '\r';
}

bool is_flow_indicator(char c) {
  return c == ',' || c == '[' || c == ']' || c == '{' || c == '}';
}

}  // namespace

bool YamlLexer::is_blank_at(std::size_t ahead) const {
  const char c = peek(ahead);
  return is_blank(c) || is_break(c);
}

bool YamlLexer::is_at_marker(std::string_view marker) const {
  return at_ == line_start_ && text_.substr(at_).starts_with(marker) && is_blank_at(3);
}

void YamlLexer::begin_line() {
  ++line_;
  line_start_ = at_;
}

YamlToken YamlLexer::take(Kind kind, std::size_t size) {
  const YamlToken token{
      .kind = kind, .offset = at_, .size = size, .line = line_, .column = column()};
  at_ += size;
  last_ = kind;
  return token;
}

YamlToken YamlLexer::wrong(const YamlMistake& mistake) const {
  return {
      .kind = Kind::kWrong, .offset = at_, .line = line_, .column = column(), .mistake = &mistake};
}

YamlToken YamlLexer::next() {
  while (at_ < text_.size() && is_blank(text_[at_])) ++at_;
  if (at_ == text_.size()) return end();
  const char c = peek();
  if (is_break(c)) return line_end();
  if (c == '#' && (at_ == line_start_ || is_blank(text_[at_ - 1]))) return comment();
  if (is_at_marker("---") || is_at_marker("...")) return mark_of_document();
  return flow_.empty() ? in_block() : in_flow();
}

YamlToken YamlLexer::end() const {
  if (flow_.empty()) {
    return {.kind = Kind::kEnd, .offset = at_, .line = line_, .column = column()};
  }
  YamlToken token = opener_;
  token.kind = Kind::kWrong;
  token.mistake = &mistake::kOpenBracket;
  return token;
}

YamlToken YamlLexer::line_end() {
  const YamlToken token = take(Kind::kLineEnd, peek() == '\r' && peek(1) == '\n' ? 2 : 1);
  begin_line();
  if (flow_.empty()) {
    may_indicate_ = true;
    is_after_value_ = false;
    is_in_node_ = false;
  }
  return token;
}

YamlToken YamlLexer::comment() {
  std::size_t end = std::min(text_.find('\n', at_), text_.size());
  if (text_[end - 1] == '\r') --end;
  const Kind last = last_;
  const YamlToken token = take(Kind::kComment, end - at_);
  last_ = last;
  return token;
}

YamlToken YamlLexer::mark_of_document() {
  if (!flow_.empty()) {
    return wrong(mistake::kDocumentInBrackets);
  }
  parent_ = -1;
  may_indicate_ = false;
  has_begun_ = true;
  return take(peek() == '-' ? Kind::kDocumentStart : Kind::kDocumentEnd, 3);
}

YamlToken YamlLexer::in_block() {
  const char c = peek();
  if (c == '%' && column() == 0 && !has_begun_) {
    return wrong(mistake::kDirective);
  }
  has_begun_ = true;
  if (c == ':' && is_blank_at(1)) return colon();
  if (is_after_value_) {
    return wrong(mistake::kAfterValue);
  }
  if (c == '-' && is_blank_at(1) && may_indicate_) {
    parent_ = static_cast<std::ptrdiff_t>(column());
    return take(Kind::kDash, 1);
  }
  return node();
}

YamlToken YamlLexer::in_flow() {
  const char c = peek();
  if (c == ']' || c == '}') return close();
  const bool is_json_key = is_after_value_ && (last_ == Kind::kQuoted || last_ == Kind::kClose);
  if (c == ':' && (is_blank_at(1) || is_flow_indicator(peek(1)) || is_json_key)) return colon();
  if (c == ',') {
    if (last_ == Kind::kComma || last_ == Kind::kOpen) {
      return wrong(mistake::kNoValue);
    }
    is_after_value_ = false;
    is_in_node_ = false;
    return take(Kind::kComma, 1);
  }
  if (is_after_value_) {
    return wrong(mistake::kNoComma);
  }
  return node();
}

YamlToken YamlLexer::node() {
  if (!is_in_node_) node_column_ = column();
  is_in_node_ = true;
  const char c = peek();
  if (c == '?' && is_blank_at(1)) {
    return wrong(mistake::kExplicitKey);
  }
  if (c == '&') return named(Kind::kAnchor);
  if (c == '!') return named(Kind::kTag);
  if (c == '*') return named(Kind::kAlias);
  if (c == '"' || c == '\'') return quoted();
  if (c == '[' || c == '{') return open();
  if ((c == '|' || c == '>') && flow_.empty()) return block_text();
  if (std::string_view("]},@`%|>").find(c) != std::string_view::npos) {
    return wrong(mistake::kNoBegin);
  }
  if (c == '-' && is_blank_at(1)) {
    return wrong(mistake::kListInLine);
  }
  return plain();
}

YamlToken YamlLexer::finish_node(YamlToken token) {
  is_after_value_ = true;
  is_in_node_ = false;
  may_indicate_ = false;
  return token;
}

YamlToken YamlLexer::named(Kind kind) {
  if (kind == last_ && kind != Kind::kAlias) {
    return wrong(mistake::kTwoProperties);
  }
  std::size_t size = 1;
  while (!is_blank_at(size) && (kind == Kind::kTag || !is_flow_indicator(peek(size)))) ++size;
  may_indicate_ = false;
  const YamlToken token = take(kind, size);
  return kind == Kind::kAlias ? finish_node(token) : token;
}

YamlToken YamlLexer::open() {
  const char bracket = peek();
  YamlToken token = take(Kind::kOpen, 1);
  if (flow_.empty()) opener_ = token;
  flow_ += bracket;
  is_after_value_ = false;
  is_in_node_ = false;
  return token;
}

YamlToken YamlLexer::close() {
  const char opened = peek() == ']' ? '[' : '{';
  if (flow_.back() != opened) {
    return wrong(mistake::kOtherBracket);
  }
  flow_.pop_back();
  if (flow_.empty()) node_column_ = opener_.column;
  return finish_node(take(Kind::kClose, 1));
}

YamlToken YamlLexer::colon() {
  if (!is_after_value_ || last_ == Kind::kBlockText) {
    return wrong(mistake::kNoKey);
  }
  if (flow_.empty()) parent_ = static_cast<std::ptrdiff_t>(node_column_);
  is_after_value_ = false;
  is_in_node_ = false;
  return take(Kind::kColon, 1);
}

YamlToken YamlLexer::quoted() {
  const char quote = peek();
  YamlToken token{.kind = Kind::kQuoted, .offset = at_, .line = line_, .column = column()};
  std::size_t end = at_ + 1;
  std::size_t line = line_;
  std::size_t line_start = line_start_;
  for (; end < text_.size() && end - at_ <= longest_; ++end) {
    const char c = text_[end];
    if (c == quote) {
      // '' inside single quotes is a quote.
      if (quote == '"' || end + 1 == text_.size() || text_[end + 1] != quote) break;
      ++end;
    }
    if (c == '\\' && quote == '"') ++end;
    if (end >= text_.size() || text_[end] != '\n') continue;
    ++line;
    line_start = end + 1;
  }
  if (end >= text_.size()) {
    return wrong(mistake::kOpenQuote);
  }
  token.size = end + 1 - at_;
  at_ = end + 1;
  line_ = line;
  line_start_ = line_start;
  last_ = Kind::kQuoted;
  return finish_node(token);
}

/// Where the plain text on this line ends, without the blanks after it.
std::size_t YamlLexer::end_of_plain_line() const {
  std::size_t end = at_;
  std::size_t last = at_;
  while (end < text_.size() && end - at_ <= longest_ && !is_break(text_[end])) {
    const char c = text_[end];
    const char following = end + 1 < text_.size() ? text_[end + 1] : '\n';
    const bool is_in_flow = !flow_.empty();
    if (is_in_flow && is_flow_indicator(c)) break;
    if (c == ':' && (is_blank(following) || is_break(following) ||
                     (is_in_flow && is_flow_indicator(following)))) {
      break;
    }
    if (c == '#' && end > at_ && is_blank(text_[end - 1])) break;
    if (!is_blank(c)) last = end + 1;
    ++end;
  }
  return last;
}

/// Whether nothing but blanks follows on this line, so that the next one may go on with the text.
bool YamlLexer::is_end_of_plain() const {
  const std::size_t next = text_.find_first_not_of(" \t", at_);
  return next == std::string_view::npos || !is_break(text_[next]);
}

/// Goes to the next line of a plain text when there is one.
bool YamlLexer::continues_plain() {
  const std::size_t begin = text_.find_first_not_of(" \t\r\n", at_);
  if (begin == std::string_view::npos) return false;
  const std::size_t start = text_.rfind('\n', begin) + 1;
  const char c = text_[begin];
  if (c == '#') return false;
  if (!flow_.empty()) {
    if (is_flow_indicator(c) || c == ':') return false;
  } else if (static_cast<std::ptrdiff_t>(begin - start) <= parent_) {
    return false;
  }
  const std::string_view rest = text_.substr(begin);
  const bool is_marker = begin == start && (rest.starts_with("---") || rest.starts_with("..."));
  if (is_marker && (rest.size() == 3 || is_blank(rest[3]) || is_break(rest[3]))) return false;
  line_ += static_cast<std::size_t>(std::count(text_.begin() + static_cast<std::ptrdiff_t>(at_),
                                               text_.begin() + static_cast<std::ptrdiff_t>(begin),
                                               '\n'));
  line_start_ = start;
  at_ = begin;
  return true;
}

YamlToken YamlLexer::plain() {
  YamlToken token{.kind = Kind::kPlain, .offset = at_, .line = line_, .column = column()};
  at_ = end_of_plain_line();
  last_ = Kind::kPlain;
  const auto is_before_colon = [&] {
    const std::size_t next = text_.find_first_not_of(" \t", at_);
    return next != std::string_view::npos && text_[next] == ':';
  };
  while (at_ - token.offset <= longest_ + token.blanks && !is_end_of_plain() && continues_plain()) {
    token.blanks += column();
    at_ = end_of_plain_line();
    if (flow_.empty() && is_before_colon()) {
      return wrong(mistake::kKeyInText);
    }
  }
  token.size = at_ - token.offset;
  return finish_node(token);
}

/// Takes one line of a block text; `indent` becomes known with the first line that has text.
bool YamlLexer::take_block_line(std::size_t& indent, bool keeps_blanks) {
  std::size_t begin = at_;
  while (begin < text_.size() && text_[begin] == ' ') ++begin;
  const std::size_t blanks = begin - at_;
  const bool is_empty = begin == text_.size() || is_break(text_[begin]);
  if (is_empty) return blanks > indent || (keeps_blanks && begin != text_.size());
  if (indent == std::string_view::npos) {
    if (static_cast<std::ptrdiff_t>(blanks) <= parent_) return false;
    indent = blanks;
  }
  return blanks >= indent && !is_at_marker("---") && !is_at_marker("...");
}

YamlToken YamlLexer::block_text() {
  YamlToken token{.kind = Kind::kBlockText, .offset = at_, .line = line_, .column = column()};
  const std::size_t line_length = std::min(text_.find('\n', at_), text_.size()) - at_;
  const std::string_view line = text_.substr(at_, line_length);
  const std::size_t header = std::min(line.find_first_not_of("+-0123456789", 1), line.size());
  const std::size_t after = std::min(line.find_first_not_of(" \t\r", header), line.size());
  const bool is_comment = after < line.size() && line[after] == '#' && after > header;
  if (header > 3 || (after < line.size() && !is_comment)) {
    return wrong(mistake::kNoHeader);
  }
  const std::string_view indicators = line.substr(1, header - 1);
  const std::size_t digit = indicators.find_first_of("123456789");
  std::size_t indent = std::string_view::npos;
  if (digit != std::string_view::npos) {
    indent = static_cast<std::size_t>(std::max<std::ptrdiff_t>(parent_, 0)) +
             static_cast<std::size_t>(indicators[digit] - '0');
  }
  const bool keeps_blanks = indicators.find('+') != std::string_view::npos;
  std::size_t end = std::min(at_ + line_length + 1, text_.size());
  std::size_t end_line = line_ + 1;
  for (at_ = end, begin_line(); at_ < text_.size() && at_ - token.offset <= longest_ + token.blanks;
       begin_line()) {
    const bool is_content = take_block_line(indent, keeps_blanks);
    const std::size_t next = std::min(text_.find('\n', at_), text_.size() - 1) + 1;
    const std::string_view content = text_.substr(at_, next - at_);
    const std::size_t begin = std::min(content.find_first_not_of(" \r\n"), content.size());
    if (!is_content && begin != content.size()) break;
    at_ = next;
    if (!is_content) continue;
    token.blanks += std::min(indent, begin);
    end = next;
    end_line = line_ + 1;
  }
  at_ = end;
  line_ = end_line;
  line_start_ = end;
  token.size = end - token.offset;
  last_ = Kind::kBlockText;
  may_indicate_ = true;
  is_after_value_ = false;
  is_in_node_ = false;
  return token;
}

}  // namespace weir
