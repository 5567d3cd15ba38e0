#include "manifest/interpolate.h"

#include <algorithm>

#include <fmt/format.h>

#include "core/nearest.h"
#include "manifest/leftover.h"
#include "manifest/manifest_rules.h"

namespace weir {
namespace {

constexpr std::string_view kVariable = "var.";

bool is_path(std::string_view expression) {
  return expression.starts_with("projects.") || expression.starts_with("instances.") ||
         expression.starts_with("apps.");
}

/// Among more, looking for similar names costs more than the rest of reading.
constexpr std::size_t kMostVariablesInHints = 100;

InterpolationError unknown_variable(std::string_view name, const Variables& variables) {
  std::vector<std::string_view> names;
  if (variables.size() <= kMostVariablesInHints) {
    for (const auto& [other, variable] : variables) names.push_back(other);
  }
  std::sort(names.begin(), names.end());
  std::string hint = did_you_mean(name, names);
  if (hint.empty()) hint = fmt::format("declare {} under variables", name);
  return {rule::kUnknownName, fmt::format("there is no variable \"{}\"", name), std::move(hint)};
}

InterpolationError unknown_name(std::string_view expression, const Scope& scope) {
  std::vector<std::string> names = {"env.name", "each.key", "each.value"};
  if (scope.variables.size() <= kMostVariablesInHints) {
    for (const auto& [name, variable] : scope.variables) names.push_back("var." + name);
  }
  std::sort(names.begin(), names.end());
  std::string hint =
      did_you_mean(expression, std::vector<std::string_view>(names.begin(), names.end()));
  if (hint.empty()) hint = "known are var.NAME, env.name, each.key and each.value; $${ writes ${";
  return {rule::kUnknownName, fmt::format("nothing is called {}", expression), std::move(hint)};
}

/// As much of a text as a message has room for.
std::string beginning(const std::string& text) {
  constexpr std::size_t kMost = 60;
  if (text.size() <= kMost) return text;
  std::size_t end = kMost;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
  return text.substr(0, end) + "…";
}

/// What a name stands for, or why it stands for nothing.
struct Meaning {
  const Node* value = nullptr;
  const Variable* variable = nullptr;
  std::optional<InterpolationError> error = {};
};

Meaning find_variable(std::string_view name, const Scope& scope) {
  const auto found = scope.variables.find(std::string(name));
  if (found == scope.variables.end()) return {.error = unknown_variable(name, scope.variables)};
  return {.value = &found->second.value, .variable = &found->second};
}

Meaning find_meaning(std::string_view expression, const Scope& scope, Node& environment) {
  if (expression.starts_with(kVariable)) {
    return find_variable(expression.substr(kVariable.size()), scope);
  }
  if (expression == "env.name") {
    if (!scope.environment.empty()) {
      environment.text = scope.environment;
      return {.value = &environment};
    }
    if (scope.is_environment_missing) return {.error = InterpolationError{}};
    return {.error = InterpolationError{rule::kUnknownName,
                                        "env.name has no value: no environment is chosen",
                                        "choose one with -e, or use a variable"}};
  }
  if (expression == "each.key" || expression == "each.value") {
    if (scope.each) {
      return {.value = expression == "each.key" ? scope.each->key : scope.each->value};
    }
    return {.error = InterpolationError{
                rule::kUnknownName, fmt::format("{} has no value outside of for_each", expression),
                "add for_each to a member whose key has ${each.key}"}};
  }
  return {.error = unknown_name(expression, scope)};
}

void set_origin(Node& node, std::uint16_t origin, const Place& place) {
  node.origin = origin;
  node.place = place;
  for (Node& item : node.items) set_origin(item, origin, place);
  for (Entry& entry : node.entries) {
    entry.place = place;
    set_origin(entry.value, origin, place);
  }
}

std::optional<InterpolationError> replace_whole(Node& node, std::string_view expression,
                                                const Scope& scope) {
  Node environment{.type = Node::Type::kText, .is_quoted = true};
  const Meaning meaning = find_meaning(expression, scope, environment);
  if (meaning.value == nullptr) return meaning.error;
  const Place place = node.place;
  const std::uint16_t origin =
      meaning.variable != nullptr ? meaning.variable->origin : meaning.value->origin;
  node = *meaning.value;
  set_origin(node, origin, place);
  return std::nullopt;
}

std::optional<InterpolationError> append_meaning(std::string& text, std::string_view expression,
                                                 const Scope& scope, bool is_open) {
  Node environment{.type = Node::Type::kText};
  const Meaning meaning = find_meaning(expression, scope, environment);
  if (meaning.value == nullptr) return meaning.error;
  if (is_leftover(*meaning.value)) return InterpolationError{};
  if (meaning.variable != nullptr && meaning.variable->is_secret) {
    return InterpolationError{rule::kSecretMisplaced,
                              fmt::format("the secret {} cannot be part of a text", expression),
                              "a secret stands alone, as in password: ${var.name}"};
  }
  if (!meaning.value->is_scalar()) {
    return InterpolationError{
        rule::kNotText,
        fmt::format("{} is {} and cannot be part of a text", expression, describe(*meaning.value)),
        "use it as the whole value"};
  }
  text += is_open ? escape_interpolation(meaning.value->text) : meaning.value->text;
  return std::nullopt;
}

std::optional<InterpolationError> replace_parts(Node& node, const std::vector<Piece>& pieces,
                                                const Scope& scope, bool is_open) {
  std::string text;
  for (const Piece& piece : pieces) {
    if (!piece.is_expression) {
      text += is_open ? escape_interpolation(piece.text) : std::string(piece.text);
    } else if (is_path(piece.text)) {
      // "$${" would mean something else when the path is looked up.
      if (text.ends_with('$')) {
        return InterpolationError{rule::kExpression,
                                  fmt::format("a $ cannot stand before ${{{}}}", piece.text),
                                  "put something between them"};
      }
      text += fmt::format("${{{}}}", piece.text);
    } else if (auto error = append_meaning(text, piece.text, scope, is_open)) {
      return error;
    }
  }
  node.type = Node::Type::kText;
  node.is_quoted = true;
  node.text = std::move(text);
  if (is_open) node.origin = scope.open_origin;
  return std::nullopt;
}

}  // namespace

std::optional<std::vector<Piece>> split_interpolation(std::string_view text) {
  std::vector<Piece> pieces;
  while (!text.empty()) {
    const std::size_t dollar = text.find("${");
    if (dollar == std::string_view::npos) {
      pieces.push_back({text});
      break;
    }
    if (dollar > 0 && text[dollar - 1] == '$') {
      // The first dollar goes: "$${" is how "${" is written.
      if (dollar > 1) pieces.push_back({text.substr(0, dollar - 1)});
      pieces.push_back({text.substr(dollar, 2)});
      text.remove_prefix(dollar + 2);
      continue;
    }
    if (dollar > 0) pieces.push_back({text.substr(0, dollar)});
    const std::size_t end = text.find('}', dollar);
    if (end == std::string_view::npos) return std::nullopt;
    std::string_view name = text.substr(dollar + 2, end - dollar - 2);
    while (name.starts_with(' ')) name.remove_prefix(1);
    while (name.ends_with(' ')) name.remove_suffix(1);
    if (name.empty() || name.find("${") != std::string_view::npos) return std::nullopt;
    pieces.push_back({name, true});
    text.remove_prefix(end + 1);
  }
  return pieces;
}

std::string escape_interpolation(std::string_view text) {
  std::string escaped;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text.substr(i, 2) == "${") escaped += '$';
    escaped += text[i];
  }
  return escaped;
}

std::optional<InterpolationError> interpolate(Node& node, const Scope& scope) {
  if (!node.is_text() || node.text.find("${") == std::string::npos) return std::nullopt;
  const std::string text = std::move(node.text);
  const auto pieces = split_interpolation(text);
  std::optional<InterpolationError> error;
  if (!pieces) {
    error = {rule::kExpression,
             fmt::format("\"{}\" has a ${{ that does not end or names nothing", beginning(text)),
             "write ${name}, or $${ for the characters themselves"};
  } else if (pieces->size() == 1 && pieces->front().is_expression &&
             !is_path(pieces->front().text)) {
    error = replace_whole(node, pieces->front().text, scope);
  } else {
    bool is_open = false;
    for (const Piece& piece : *pieces) {
      is_open = is_open || (piece.is_expression && is_path(piece.text));
    }
    error = replace_parts(node, *pieces, scope, is_open);
  }
  if (error) node = leftover_at(node.place);
  return error;
}

}  // namespace weir
