#include "manifest/format_layout.h"

#include <algorithm>
#include <span>
#include <vector>

#include "manifest/format_lines.h"

namespace weir {
namespace {

using Kind = YamlToken::Kind;
using Tokens = std::span<const YamlToken>;

/// A list or a map of the text that is open, by the column of its items.
struct Level {
  bool is_list;
  std::size_t column;
};

/// Ends what a line in this column ends, and begins a list or a map there unless it goes on.
/// Answers its depth.
std::size_t enter(std::vector<Level>& levels, bool is_list, std::size_t column) {
  while (!levels.empty() && levels.back().column > column) levels.pop_back();
  // A list may stand in the column of its key, so the next key of the map ends it.
  if (!is_list && !levels.empty() && levels.back().is_list && levels.back().column == column) {
    levels.pop_back();
  }
  const bool is_open =
      !levels.empty() && levels.back().column == column && levels.back().is_list == is_list;
  if (!is_open) levels.push_back({is_list, column});
  return levels.size() - 1;
}

class Layout {
 public:
  Layout(std::string_view text, const ScalarTexts& texts)
      : text_(text), texts_(texts), lexer_(text) {}

  std::string run() {
    while (read_line()) write_line();
    write_comments(0, 0);
    return lines_.text();
  }

 private:
  struct Comment {
    std::string_view text;  ///< "" for an empty line
    std::size_t column;
  };

  bool read_line();
  void take(const YamlToken& token);
  void write_line();
  void write_comments(std::size_t next_column, std::size_t next_depth);
  std::size_t depth_of(const YamlToken& first) const;
  void write_value(std::size_t depth, std::size_t inner, std::string head, Tokens value,
                   std::string comment);
  void write_block_text(std::size_t depth, std::size_t inner, std::string head,
                        const YamlToken& token);
  void write_text_lines(std::size_t depth, std::size_t inner, std::string head,
                        const YamlToken& token, const std::string& comment);
  std::string key_text(Tokens key) const;
  std::string_view text_of(const YamlToken& token) const {
    return text_.substr(token.offset, token.size);
  }

  std::string_view text_;
  const ScalarTexts& texts_;
  YamlLexer lexer_;
  std::vector<YamlToken> tokens_;
  std::vector<Level> levels_;
  std::vector<Comment> comments_;
  FormatLines lines_;
};

void append(std::string& head, std::string_view piece) {
  if (!head.empty() && !piece.empty()) head += ' ';
  head += piece;
}

/// Collects the tokens of one line, or of several when brackets or texts span them.
bool Layout::read_line() {
  tokens_.clear();
  bool is_empty = true;
  while (true) {
    const YamlToken token = lexer_.next();
    if (token.kind == Kind::kEnd || token.kind == Kind::kWrong) return !tokens_.empty();
    if (token.kind == Kind::kLineEnd && lexer_.flow_depth() == 0) {
      if (!tokens_.empty()) return true;
      if (is_empty) comments_.push_back({"", 0});
      is_empty = true;
      continue;
    }
    is_empty = false;
    take(token);
    if (token.kind == Kind::kBlockText) return true;
  }
}

void Layout::take(const YamlToken& token) {
  const bool is_marker = token.kind == Kind::kDocumentStart || token.kind == Kind::kDocumentEnd;
  if (tokens_.empty() && token.kind == Kind::kComment) {
    comments_.push_back({text_of(token), token.column});
  } else if (!is_marker) {
    tokens_.push_back(token);
  }
}

/// The depth that a line will have, before it opens or closes anything.
std::size_t Layout::depth_of(const YamlToken& first) const {
  std::vector<Level> levels = levels_;
  std::size_t open = 0;
  const bool has_key = std::any_of(tokens_.begin(), tokens_.end(), [&](const YamlToken& token) {
    if (token.kind == Kind::kOpen) ++open;
    if (token.kind == Kind::kClose) --open;
    return token.kind == Kind::kColon && open == 0;
  });
  if (first.kind == Kind::kDash) return enter(levels, true, first.column);
  if (has_key) return enter(levels, false, first.column);
  while (!levels.empty() && levels.back().column >= first.column) levels.pop_back();
  return levels.size();
}

void Layout::write_comments(std::size_t next_column, std::size_t next_depth) {
  for (const Comment& comment : comments_) {
    if (comment.text.empty()) {
      lines_.add_blank();
      continue;
    }
    std::size_t depth = next_depth;
    for (std::size_t level = 0; comment.column > next_column && level < levels_.size(); ++level) {
      if (levels_[level].column <= comment.column) depth = std::max(depth, level);
    }
    lines_.add_comment(depth, comment.text);
  }
  comments_.clear();
}

void Layout::write_line() {
  const Tokens tokens(tokens_);
  const std::size_t depth = depth_of(tokens.front());
  write_comments(tokens.front().column, depth);
  std::string comment;
  Tokens rest = tokens;
  if (rest.back().kind == Kind::kComment) {
    comment = text_of(rest.back());
    rest = rest.first(rest.size() - 1);
  }
  std::string head;
  std::size_t inner = depth;
  while (!rest.empty() && rest.front().kind == Kind::kDash) {
    inner = enter(levels_, true, rest.front().column) + 1;
    append(head, "-");
    rest = rest.subspan(1);
  }
  std::size_t colon = 0;
  std::size_t open = 0;
  for (; colon < rest.size(); ++colon) {
    if (rest[colon].kind == Kind::kOpen) ++open;
    if (rest[colon].kind == Kind::kClose) --open;
    if (rest[colon].kind == Kind::kColon && open == 0) break;
  }
  if (colon < rest.size()) {
    inner = enter(levels_, false, rest.front().column) + 1;
    append(head, key_text(rest.first(colon)) + ":");
    rest = rest.subspan(colon + 1);
  }
  write_value(depth, inner, std::move(head), rest, std::move(comment));
}

std::string Layout::key_text(Tokens key) const {
  std::string text;
  for (const YamlToken& token : key) {
    const bool is_scalar = token.kind == Kind::kPlain || token.kind == Kind::kQuoted;
    append(text, is_scalar ? scalar_on_line(text_of(token), texts_.find(key.front()))
                           : std::string(text_of(token)));
  }
  return text;
}

void Layout::write_value(std::size_t depth, std::size_t inner, std::string head, Tokens value,
                         std::string comment) {
  const Tokens whole = value;
  std::string properties;
  while (!value.empty() && value.front().kind == Kind::kAnchor) {
    append(properties, text_of(value.front()));
    value = value.subspan(1);
  }
  if (!value.empty() && value.front().kind == Kind::kOpen) {
    lines_.add_flow(depth, std::move(head), read_flow(text_, whole, texts_), std::move(comment));
    return;
  }
  append(head, properties);
  if (value.empty()) {
    lines_.add(depth, head, std::move(comment));
  } else if (value.front().kind == Kind::kBlockText) {
    write_block_text(depth, inner, std::move(head), value.front());
  } else if (text_of(value.front()).find('\n') != std::string_view::npos) {
    write_text_lines(depth, inner, std::move(head), value.front(), comment);
  } else {
    append(head, scalar_on_line(text_of(value.front()), texts_.find(whole.front())));
    lines_.add(depth, head, std::move(comment));
  }
}

/// A plain or quoted text of several lines keeps them; blanks around line ends mean nothing.
void Layout::write_text_lines(std::size_t depth, std::size_t inner, std::string head,
                              const YamlToken& token, const std::string& comment) {
  std::string_view rest = text_of(token);
  bool is_first = true;
  while (true) {
    const std::size_t end = rest.find('\n');
    std::string_view line = rest.substr(0, end);
    if (!is_first) line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
    // In double quotes a blank after a backslash is part of the text.
    const std::size_t last = line.find_last_not_of(" \t");
    const bool is_escaped = last != std::string_view::npos && line[last] == '\\';
    if (end != std::string_view::npos && !is_escaped) line = line.substr(0, last + 1);
    const bool is_last = end == std::string_view::npos;
    if (is_first) {
      append(head, line);
      lines_.add(depth, head);
    } else if (is_last) {
      lines_.add(inner, line, comment);
    } else {
      lines_.add_raw(line.empty() ? "" : std::string(inner * 2, ' ') + std::string(line));
    }
    if (is_last) return;
    is_first = false;
    rest.remove_prefix(end + 1);
  }
}

void Layout::write_block_text(std::size_t depth, std::size_t inner, std::string head,
                              const YamlToken& token) {
  std::string_view rest = text_of(token);
  std::string_view header = rest.substr(0, rest.find('\n'));
  rest.remove_prefix(std::min(header.size() + 1, rest.size()));
  const std::size_t end = std::min(header.find_first_of(" \t"), header.size());
  std::string indicators(header.substr(0, end));
  header.remove_prefix(std::min(header.find_first_not_of(" \t", end), header.size()));
  std::size_t indent = std::string_view::npos;
  if (const std::size_t digit = indicators.find_first_of("123456789"); digit != std::string::npos) {
    indent = static_cast<std::size_t>(indicators[digit] - '0') +
             (levels_.empty() ? 0 : levels_.back().column);
    indicators[digit] = '2';
  }
  append(head, indicators);
  lines_.add(depth, head, std::string(header));
  while (!rest.empty()) {
    const std::size_t length = std::min(rest.find('\n'), rest.size());
    const std::string_view line = rest.substr(0, length);
    const std::size_t blanks = std::min(line.find_first_not_of(' '), line.size());
    if (indent == std::string_view::npos && blanks < line.size()) indent = blanks;
    const bool is_empty = line.size() <= indent || indent == std::string_view::npos;
    lines_.add_raw(is_empty ? "" : std::string(inner * 2, ' ') + std::string(line.substr(indent)));
    rest.remove_prefix(std::min(length + 1, rest.size()));
  }
}

}  // namespace

std::string lay_out(std::string_view text, const ScalarTexts& texts) {
  return Layout(text, texts).run();
}

}  // namespace weir
