#include "manifest/variables.h"

#include <array>
#include <optional>
#include <unordered_set>
#include <vector>

#include <fmt/format.h>

#include "core/nearest.h"
#include "core/units.h"
#include "manifest/leftover.h"
#include "manifest/manifest_rules.h"
#include "manifest/scalar.h"
#include "manifest/yaml.h"

namespace weir {
namespace {

enum class VariableType { kString, kNumber, kBoolean, kDuration, kList, kMap };

constexpr std::array<std::string_view, 6> kTypes = {"string",   "number", "bool",
                                                    "duration", "list",   "map"};
constexpr std::array<std::string_view, 6> kForms = {
    "a text", "a number", "true or false", "a duration such as 7d", "a list", "a map"};
constexpr std::array<std::string_view, 5> kKeys = {"type", "default", "secret", "from",
                                                   "description"};
constexpr std::array<std::string_view, 3> kSecretSources = {"env", "file", "databricks_secret"};

std::string_view form_of(VariableType type) {
  return kForms.at(static_cast<std::size_t>(type));
}

bool has_type(const Node& value, VariableType type) {
  switch (type) {
    case VariableType::kString:
      return value.is_scalar() && !value.is_null();
    case VariableType::kNumber:
      return value.type == Node::Type::kNumber;
    case VariableType::kBoolean:
      return value.type == Node::Type::kBoolean;
    case VariableType::kDuration:
      return value.is_text() && parse_duration(value.text).has_value();
    case VariableType::kList:
      return value.is_list();
    case VariableType::kMap:
      return value.is_map();
  }
  return false;
}

/// Without a type, a variable has that of its default.
VariableType type_like(const Node* value) {
  if (value == nullptr) return VariableType::kString;
  if (value->is_list()) return VariableType::kList;
  if (value->is_map()) return VariableType::kMap;
  if (value->type == Node::Type::kNumber) return VariableType::kNumber;
  if (value->type == Node::Type::kBoolean) return VariableType::kBoolean;
  return VariableType::kString;
}

bool has_expression(const Node& node) {
  if (node.text.find("${") != std::string::npos) return true;
  for (const Node& item : node.items) {
    if (has_expression(item)) return true;
  }
  for (const Entry& entry : node.entries) {
    if (entry.key.find("${") != std::string::npos || has_expression(entry.value)) return true;
  }
  return false;
}

bool is_name(std::string_view name) {
  const auto is_letter = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  };
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  if (name.empty() || !is_letter(name.front())) return false;
  for (const char c : name) {
    if (!is_letter(c) && !is_digit(c) && c != '-') return false;
  }
  return true;
}

class VariableReader {
 public:
  VariableReader(const Node& of_environment, const LoadOptions& options, Sources& sources,
                 Diagnostics& diagnostics)
      : of_environment_(of_environment),
        options_(options),
        sources_(sources),
        diagnostics_(diagnostics) {
    for (const Entry& entry : of_environment.entries) chosen_.emplace(entry.key, &entry.value);
  }

  Variable read(const Entry& declared) {
    if (!is_name(declared.key)) {
      complain(rule::kVariable, declared.place,
               fmt::format("\"{}\" cannot name a variable", declared.key),
               "names have letters, digits, _ and -, and begin with a letter");
    }
    if (!declared.value.is_map()) {
      complain(rule::kVariable, declared.value.place,
               fmt::format("variable {}: expected a map; not {}", declared.key,
                           describe(declared.value)),
               fmt::format("{}: {{ type: string, default: … }}", declared.key));
      return wrong();
    }
    check_keys(declared);
    const Node* secret = declared.value.find("secret");
    if (secret != nullptr && secret->type == Node::Type::kBoolean && to_document(*secret) == true) {
      return read_secret(declared);
    }
    if (const Node* from = declared.value.find("from")) {
      complain(rule::kSecret, from->place,
               fmt::format("variable {}: only secrets come from somewhere else", declared.key),
               "add secret: true, or give the value with -var or WEIR_VAR_" + declared.key);
    }
    return read_plain(declared);
  }

  void refuse_unknown(const Node& declared) {
    std::vector<std::string_view> names;
    names.reserve(declared.entries.size());
    for (const Entry& entry : declared.entries) names.push_back(entry.key);
    const std::unordered_set<std::string_view> known(names.begin(), names.end());
    for (const auto& [name, value] : options_.variables) {
      if (!known.contains(name)) report_unknown(name, "-var " + name, {}, names);
    }
    for (const Entry& entry : of_environment_.entries) {
      if (known.contains(entry.key)) continue;
      report_unknown(entry.key, "the environment's variable " + entry.key, entry.place, names);
    }
  }

 private:
  /// What the environment says, or null.
  const Node* chosen(std::string_view name) const {
    const auto found = chosen_.find(name);
    return found == chosen_.end() ? nullptr : found->second;
  }

  void complain(const char* rule, const Place& place, std::string message, std::string hint) {
    diagnostics_.add(
        {.rule = rule, .message = std::move(message), .hint = std::move(hint), .place = place});
  }

  void report_unknown(std::string_view name, const std::string& what, const Place& place,
                      std::span<const std::string_view> names) {
    constexpr std::size_t kMostNames = 100;  // among more, looking costs more than it helps
    std::string hint = names.size() <= kMostNames ? did_you_mean(name, names) : "";
    if (hint.empty()) hint = "declare it under variables";
    complain(rule::kUnknownVariable, place, what + " is not declared", std::move(hint));
  }

  void check_keys(const Entry& declared) {
    for (const Entry& entry : declared.value.entries) {
      if (std::find(kKeys.begin(), kKeys.end(), entry.key) == kKeys.end()) {
        complain(rule::kUnknownKey, entry.place,
                 fmt::format("variable {}: unknown key {}", declared.key, entry.key),
                 did_you_mean(entry.key, kKeys));
      }
      const bool is_wrong = (entry.key == "secret" && entry.value.type != Node::Type::kBoolean) ||
                            (entry.key == "description" && !entry.value.is_text());
      if (is_wrong) {
        complain(
            rule::kVariable, entry.value.place,
            fmt::format("variable {}: {}: expected {}; not {}", declared.key, entry.key,
                        entry.key == "secret" ? "true or false" : "a text", describe(entry.value)),
            "");
      }
    }
  }

  static Variable wrong() { return {.value = leftover_at({})}; }

  Variable read_secret(const Entry& declared) {
    const Node* from = declared.value.find("from");
    if (from == nullptr) {
      complain(rule::kSecret, declared.place,
               fmt::format("secret variable {} does not say where it comes from", declared.key),
               "add from: { env: NAME }, { file: PATH } or { databricks_secret: SCOPE/KEY }");
    } else if (!is_secret_source(*from)) {
      // What stands there is not repeated: it may be the secret itself.
      complain(rule::kSecret, from->place,
               fmt::format("variable {}: from: expected exactly one of env, file and "
                           "databricks_secret with a text",
                           declared.key),
               "for example from: { env: NAME }");
    }
    if (const Node* value = declared.value.find("default")) {
      complain(rule::kSecret, value->place,
               fmt::format("secret variable {} cannot have a default", declared.key),
               "a secret never stands in a manifest: remove it, and change the secret");
    }
    const Node* type = declared.value.find("type");
    if (type != nullptr && type->text != "string") {
      complain(rule::kSecret, type->place,
               fmt::format("secret variable {} cannot have the type {}", declared.key, type->text),
               "secrets are strings");
    }
    refuse_secret_values(declared.key);
    return {.value = {.type = Node::Type::kText, .text = "${var." + declared.key + "}"},
            .is_secret = true};
  }

  static bool is_secret_source(const Node& from) {
    if (!from.is_map() || from.entries.size() != 1) return false;
    const Entry& source = from.entries.front();
    return std::find(kSecretSources.begin(), kSecretSources.end(), source.key) !=
               kSecretSources.end() &&
           source.value.is_text() && !source.value.text.empty();
  }

  void refuse_secret_values(const std::string& name) {
    if (options_.variables.contains(name)) {
      complain(rule::kSecret, {}, fmt::format("-var {}: a secret is not given as a value", name),
               "others can see command lines: put it where `from` of the variable says");
    }
    if (const Node* value = chosen(name)) {
      complain(rule::kSecret, value->place,
               fmt::format("secret variable {} cannot have a value in an environment", name),
               "a secret never stands in a manifest: remove it, and change the secret");
    }
  }

  std::optional<VariableType> read_type(const Entry& declared) {
    const Node* type = declared.value.find("type");
    if (type == nullptr) return type_like(declared.value.find("default"));
    for (std::size_t i = 0; i < kTypes.size(); ++i) {
      if (type->is_text() && type->text == kTypes.at(i)) return static_cast<VariableType>(i);
    }
    std::string hint = did_you_mean(type->text, kTypes);
    complain(rule::kVariable, type->place,
             fmt::format("variable {}: type: expected string, number, bool, duration, list or map; "
                         "not {}",
                         declared.key, describe(*type)),
             std::move(hint));
    return std::nullopt;
  }

  Variable read_plain(const Entry& declared) {
    const std::optional<VariableType> type = read_type(declared);
    if (!type) return wrong();
    const Node* fallback = declared.value.find("default");
    if (fallback != nullptr) check_written(declared.key, *type, *fallback);
    const Node* value = chosen(declared.key);
    if (value != nullptr) check_written(declared.key, *type, *value);
    if (const auto given = given_outside(declared.key)) {
      return read_given(declared.key, *type, given->first, given->second);
    }
    if (value == nullptr) value = fallback;
    if (value != nullptr) {
      return has_type(*value, *type) ? Variable{.value = typed(*value, *type)} : wrong();
    }
    complain(rule::kNoValue, declared.place, fmt::format("variable {} has no value", declared.key),
             fmt::format("give -var {0}=…, WEIR_VAR_{0}, a value in the environment, or a default",
                         declared.key));
    return wrong();
  }

  /// A string variable makes a text of whatever scalar it gets.
  static Node typed(Node value, VariableType type) {
    if (type == VariableType::kString) {
      value.type = Node::Type::kText;
      value.is_quoted = true;
    }
    return value;
  }

  void check_written(const std::string& name, VariableType type, const Node& value) {
    if (!has_type(value, type)) {
      complain(
          rule::kVariableType, value.place,
          fmt::format("variable {}: expected {}; not {}", name, form_of(type), describe(value)),
          "change the value, or the variable's type");
    } else if (has_expression(value)) {
      complain(rule::kNotLookedUp, value.place,
               fmt::format("variable {}: ${{…}} is not looked up in values of variables", name),
               "use the ${…} where the variable is used");
    }
  }

  /// What the command line or the surroundings say, with the name of the place.
  std::optional<std::pair<std::string, std::string>> given_outside(const std::string& name) {
    const auto given = options_.variables.find(name);
    if (given != options_.variables.end()) return std::pair("<-var " + name + ">", given->second);
    const std::string variable = "WEIR_VAR_" + name;
    auto value = options_.getenv ? options_.getenv(variable) : std::nullopt;
    if (!value) return std::nullopt;
    return std::pair("<" + variable + ">", std::move(*value));
  }

  Variable read_given(const std::string& name, VariableType type, const std::string& where,
                      const std::string& text) {
    const std::uint32_t file = sources_.add(where, text);
    const Place place{.file = file, .line = 1, .column = 1};
    std::optional<Node> value;
    if (type == VariableType::kList || type == VariableType::kMap) {
      value = read_yaml(sources_, file, YamlLimits{}, diagnostics_);
      if (!value) return wrong();
    } else {
      value = scalar(type, text, place);
    }
    if (has_type(*value, type)) return {.value = std::move(*value)};
    complain(rule::kVariableType, place,
             fmt::format("variable {}: expected {}; not {}", name, form_of(type), describe(*value)),
             type == VariableType::kList ? "write it as [first, second]" : "");
    return wrong();
  }

  static Node scalar(VariableType type, const std::string& text, const Place& place) {
    Node node{.type = Node::Type::kText, .place = place, .text = text};
    const PlainScalar meaning = classify_plain(text);
    if (type == VariableType::kNumber && meaning == PlainScalar::kNumber) {
      node.type = Node::Type::kNumber;
    }
    if (type == VariableType::kBoolean && meaning == PlainScalar::kBoolean) {
      node.type = Node::Type::kBoolean;
    }
    return node;
  }

  const Node& of_environment_;
  std::unordered_map<std::string_view, const Node*> chosen_;
  const LoadOptions& options_;
  Sources& sources_;
  Diagnostics& diagnostics_;
};

}  // namespace

Variables read_variables(const Node& declared, const Node& of_environment,
                         const LoadOptions& options, Sources& sources, Diagnostics& diagnostics) {
  Variables variables;
  if (!declared.is_map() && !declared.is_null()) {
    diagnostics.add({.rule = rule::kShape,
                     .message = "variables: expected a map; not " + describe(declared),
                     .place = declared.place});
  }
  VariableReader reader(of_environment, options, sources, diagnostics);
  for (const Entry& entry : declared.entries) variables.emplace(entry.key, reader.read(entry));
  reader.refuse_unknown(declared);
  return variables;
}

std::map<std::string, SecretSource> secret_sources(const Node& declared) {
  std::map<std::string, SecretSource> sources;
  for (const Entry& variable : declared.entries) {
    const Node* from = variable.value.is_map() ? variable.value.find("from") : nullptr;
    // Others are mistakes, which were reported.
    if (from == nullptr || !from->is_map() || from->entries.size() != 1) continue;
    const Entry& source = from->entries.front();
    sources[variable.key] = {.type = source.key, .name = source.value.text};
  }
  return sources;
}

}  // namespace weir
