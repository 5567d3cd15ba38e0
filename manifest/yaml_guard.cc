#include "manifest/yaml_guard.h"

#include <vector>

#include <fmt/format.h>

#include "manifest/yaml_lexer.h"
#include "manifest/yaml_rules.h"

namespace weir {
namespace {

/// For the quotes, and the header of a block text.
constexpr std::size_t kSlack = 64;
constexpr std::size_t kLongestName = 1024;
constexpr std::size_t kLongestGap = std::size_t{64} << 10;

/// Counts the members of each map and list that is open, from the columns of keys and dashes, or
/// the commas between brackets.
class Siblings {
 public:
  /// How many there are now where the token stands; 0 for a token that begins no member.
  std::size_t count(const YamlToken& token, bool is_in_brackets) {
    using Kind = YamlToken::Kind;
    if (token.kind == Kind::kOpen) {
      brackets_.push_back(1);
    } else if (token.kind == Kind::kClose && !brackets_.empty()) {
      brackets_.pop_back();
    } else if (token.kind == Kind::kComma && !brackets_.empty()) {
      return ++brackets_.back();
    }
    if (is_in_brackets) return 0;
    if (token.kind == Kind::kColon) return count_in({key_.value_or(token.column), false});
    if (token.kind == Kind::kDash || token.kind == Kind::kLineEnd) {
      key_ = {};
      return token.kind == Kind::kDash ? count_in({token.column, true}) : 0;
    }
    if (!key_) key_ = token.column;
    return 0;
  }

 private:
  struct Level {
    std::size_t column = 0;
    bool is_list = false;
    std::size_t members = 0;
  };

  std::size_t count_in(const Level& level) {
    // A list may stand at the column of the key that it belongs to, and ends with the next key.
    while (!levels_.empty() &&
           (levels_.back().column > level.column ||
            (levels_.back().column == level.column && levels_.back().is_list && !level.is_list))) {
      levels_.pop_back();
    }
    const bool is_known = !levels_.empty() && levels_.back().column == level.column &&
                          levels_.back().is_list == level.is_list;
    if (!is_known) {
      // The parser refuses such depths; until it does, they cost nothing here.
      constexpr std::size_t kMostLevels = 1024;
      if (levels_.size() >= kMostLevels) return 0;
      levels_.push_back(level);
    }
    return ++levels_.back().members;
  }

  std::vector<Level> levels_;
  std::vector<std::size_t> brackets_;
  std::optional<std::size_t> key_;  ///< column of the first thing of a line, or behind its dashes
};

class Guard {
 public:
  Guard(std::string_view text, const YamlLimits& limits)
      : lexer_(text, limits.scalar_bytes + kSlack), limits_(limits) {}

  std::optional<YamlRefusal> check() {
    std::size_t end = 0;
    while (true) {
      const YamlToken token = lexer_.next();
      if (token.offset > end + kLongestGap) {
        return refuse(token, yaml_rule::kScalarSize, "too many blanks stand before this",
                      "remove them");
      }
      end = token.offset + token.size;
      if (auto refusal = check_document(token)) return refusal;
      if (siblings_.count(token, lexer_.flow_depth() > 0) > limits_.members) return too_wide(token);
      if (auto refusal = check_token(token)) return refusal;
      if (token.kind == YamlToken::Kind::kEnd) return std::nullopt;
    }
  }

 private:
  using Kind = YamlToken::Kind;

  static YamlRefusal refuse(const YamlToken& token, std::string_view rule, std::string message,
                            std::string hint) {
    return {rule, token.line, token.column, std::move(message), std::move(hint)};
  }

  std::optional<YamlRefusal> check_token(const YamlToken& token) {
    switch (token.kind) {
      case Kind::kWrong:
        return refuse(token, token.mistake->rule, std::string(token.mistake->message),
                      std::string(token.mistake->hint));
      case Kind::kPlain:
      case Kind::kQuoted:
      case Kind::kBlockText:
      case Kind::kComment:
        return check_text(token);
      case Kind::kAnchor:
        return ++anchors_ > limits_.anchors ? too_many_anchors(token) : check_name(token);
      case Kind::kAlias:
      case Kind::kTag:
        return check_name(token);
      case Kind::kOpen:
        if (lexer_.flow_depth() == 1) flow_values_ = 0;
        return lexer_.flow_depth() > limits_.depth ? too_deep(token) : count(token);
      case Kind::kDash:
      case Kind::kColon:
      case Kind::kComma:
        return count(token);
      default:
        return std::nullopt;
    }
  }

  std::optional<YamlRefusal> check_document(const YamlToken& token) {
    if (token.kind == Kind::kComment || token.kind == Kind::kLineEnd || token.kind == Kind::kEnd) {
      return std::nullopt;
    }
    if (has_ended_ || (has_begun_ && token.kind == Kind::kDocumentStart)) {
      return refuse(token, yaml_rule::kSecondDocument,
                    "a second document begins here; a file has one",
                    "put it into a file of its own: files are merged by path");
    }
    has_begun_ = true;
    has_ended_ = token.kind == Kind::kDocumentEnd;
    return std::nullopt;
  }

  std::optional<YamlRefusal> check_text(const YamlToken& token) const {
    const std::size_t bytes = token.size - token.blanks;
    if (bytes <= limits_.scalar_bytes + kSlack) return std::nullopt;
    return refuse(
        token, yaml_rule::kScalarSize,
        fmt::format("this text has {} bytes; {} are allowed", bytes, limits_.scalar_bytes),
        "check for a missing quote, or make the text shorter");
  }

  static std::optional<YamlRefusal> check_name(const YamlToken& token) {
    // The parser does not tell a lone "!" from quotes, so it is refused here.
    if (token.kind == Kind::kTag && token.size == 1) {
      return refuse(token, yaml_rule::kTag, "tags are not allowed: !", "leave the tag away");
    }
    if (token.size <= kLongestName) return std::nullopt;
    return refuse(token, yaml_rule::kScalarSize,
                  fmt::format("this name has {} bytes; {} are allowed", token.size, kLongestName),
                  "make it shorter");
  }

  YamlRefusal too_many_anchors(const YamlToken& token) const {
    return refuse(token, yaml_rule::kExpansion,
                  fmt::format("this file has more than {} anchors", limits_.anchors),
                  "remove the anchors that no alias needs");
  }

  YamlRefusal too_wide(const YamlToken& token) const {
    return refuse(token, yaml_rule::kNodes,
                  fmt::format("this map or list has more than {} members", limits_.members),
                  "put the rest into another file: files are merged by path");
  }

  YamlRefusal too_deep(const YamlToken& token) const {
    return refuse(token, yaml_rule::kDepth,
                  fmt::format("maps and lists nest more than {} levels deep here", limits_.depth),
                  "write the value in fewer levels, and close what you have opened");
  }

  std::optional<YamlRefusal> count(const YamlToken& token) {
    if (lexer_.flow_depth() > 0 && ++flow_values_ > limits_.flow_values) {
      return refuse(
          token, yaml_rule::kNodes,
          fmt::format("one value in brackets has more than {} parts", limits_.flow_values),
          "write it with indentation instead of brackets, or split it");
    }
    // Each dash and each colon stands before a value, and so there are at least as many.
    if (token.kind != Kind::kDash && token.kind != Kind::kColon) return std::nullopt;
    if (++values_ <= limits_.nodes) return std::nullopt;
    return refuse(token, yaml_rule::kNodes,
                  fmt::format("this file has more than {} values", limits_.nodes),
                  "split it into several files");
  }

  YamlLexer lexer_;
  Siblings siblings_;
  const YamlLimits& limits_;
  bool has_begun_ = false;
  bool has_ended_ = false;
  std::size_t anchors_ = 0;
  std::size_t values_ = 0;
  std::size_t flow_values_ = 0;
};

}  // namespace

std::optional<YamlRefusal> guard_yaml(std::string_view text, const YamlLimits& limits) {
  return Guard(text, limits).check();
}

}  // namespace weir
