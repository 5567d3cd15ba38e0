#include "tests/manifest/json_schema_check.h"

#include <algorithm>
#include <functional>
#include <map>
#include <regex>
#include <set>
#include <stdexcept>

namespace weir::test {
namespace {

using Mistakes = std::vector<std::string>;

const std::set<std::string> kAnnotations = {"$schema",     "$id",      "$defs",  "title",
                                            "description", "examples", "default"};
// Seen to by the keyword that they belong to.
const std::set<std::string> kParts = {"patternProperties", "additionalProperties", "then", "else"};

class Check {
 public:
  explicit Check(const Document& root) : root_(root) {}

  Mistakes check(const Document& schema, const Document& value, const std::string& path) const {
    Mistakes mistakes;
    if (schema.is_boolean()) {
      if (schema == false) mistakes.push_back(path + ": nothing may be here");
      return mistakes;
    }
    for (const auto& [keyword, meaning] : schema.items()) {
      if (kAnnotations.contains(keyword) || kParts.contains(keyword)) continue;
      for (std::string& mistake : check_keyword(keyword, meaning, value, path)) {
        mistakes.push_back(std::move(mistake));
      }
    }
    for (std::string& mistake : check_members(schema, value, path)) {
      mistakes.push_back(std::move(mistake));
    }
    const auto condition = schema.find("if");
    if (condition == schema.end()) return mistakes;
    const auto consequence = schema.find(is_valid(*condition, value) ? "then" : "else");
    if (consequence == schema.end()) return mistakes;
    for (std::string& mistake : check(*consequence, value, path)) {
      mistakes.push_back(std::move(mistake));
    }
    return mistakes;
  }

 private:
  bool is_valid(const Document& schema, const Document& value) const {
    return check(schema, value, "").empty();
  }

  static Mistakes unless(bool is_right, const std::string& path, const std::string& keyword) {
    return is_right ? Mistakes{} : Mistakes{path + ": " + keyword};
  }

  Mistakes check_keyword(const std::string& keyword, const Document& meaning, const Document& value,
                         const std::string& path) const {
    if (keyword == "$ref") return check(referred(meaning.get<std::string>()), value, path);
    if (keyword == "if" || keyword == "properties") return {};  // see check and check_members
    if (keyword == "items") return check_items(meaning, value, path);
    return unless(holds(keyword, meaning, value), path, keyword + " " + meaning.dump());
  }

  bool holds(const std::string& keyword, const Document& meaning, const Document& value) const {
    const auto count_valid = [&] {
      return std::count_if(meaning.begin(), meaning.end(),
                           [&](const Document& each) { return is_valid(each, value); });
    };
    if (keyword == "anyOf") return count_valid() > 0;
    if (keyword == "oneOf") return count_valid() == 1;
    if (keyword == "allOf") return count_valid() == static_cast<std::ptrdiff_t>(meaning.size());
    if (keyword == "not") return !is_valid(meaning, value);
    if (keyword == "const") return value == meaning;
    if (keyword == "enum") return std::find(meaning.begin(), meaning.end(), value) != meaning.end();
    if (keyword == "type") return has_type(meaning, value);
    if (keyword == "pattern") {
      return !value.is_string() ||
             std::regex_search(value.get<std::string>(), std::regex(meaning.get<std::string>()));
    }
    if (keyword == "minLength") {
      return !value.is_string() || value.get<std::string>().size() >= meaning;
    }
    if (keyword == "uniqueItems") {
      return !value.is_array() ||
             std::set<Document>(value.begin(), value.end()).size() == value.size();
    }
    if (keyword == "minItems") return !value.is_array() || value.size() >= meaning;
    if (keyword == "minimum") return !value.is_number() || value >= meaning;
    return object_holds(keyword, meaning, value);
  }

  static bool object_holds(const std::string& keyword, const Document& meaning,
                           const Document& value) {
    const auto has = [&](const Document& key) { return value.contains(key.get<std::string>()); };
    const bool is_object = value.is_object();
    if (keyword == "required") {
      return !is_object || std::all_of(meaning.begin(), meaning.end(), has);
    }
    if (keyword == "minProperties") return !is_object || value.size() >= meaning;
    if (keyword == "maxProperties") return !is_object || value.size() <= meaning;
    if (keyword == "dependentRequired") {
      const auto items = meaning.items();
      return !is_object || std::all_of(items.begin(), items.end(), [&](const auto& dependency) {
        const Document& needed = dependency.value();
        return !value.contains(dependency.key()) || std::all_of(needed.begin(), needed.end(), has);
      });
    }
    throw std::invalid_argument("the check of schemas does not know " + keyword);
  }

  static bool has_type(const Document& types, const Document& value) {
    if (types.is_string()) return has_type(Document::array({types}), value);
    const std::map<std::string, bool> is = {{"null", value.is_null()},
                                            {"boolean", value.is_boolean()},
                                            {"integer", value.is_number_integer()},
                                            {"number", value.is_number()},
                                            {"string", value.is_string()},
                                            {"array", value.is_array()},
                                            {"object", value.is_object()}};
    return std::any_of(types.begin(), types.end(),
                       [&](const Document& type) { return is.at(type.get<std::string>()); });
  }

  Mistakes check_items(const Document& schema, const Document& value,
                       const std::string& path) const {
    Mistakes mistakes;
    if (!value.is_array()) return mistakes;
    for (std::size_t i = 0; i < value.size(); ++i) {
      for (std::string& mistake : check(schema, value[i], path + "[" + std::to_string(i) + "]")) {
        mistakes.push_back(std::move(mistake));
      }
    }
    return mistakes;
  }

  Mistakes check_members(const Document& schema, const Document& value,
                         const std::string& path) const {
    Mistakes mistakes;
    if (!value.is_object()) return mistakes;
    for (const auto& [key, member] : value.items()) {
      for (const Document* each : schemas_of(schema, key)) {
        std::string inside = path;
        inside.append(".").append(key);
        for (std::string& mistake : check(*each, member, inside)) {
          mistakes.push_back(std::move(mistake));
        }
      }
    }
    return mistakes;
  }

  static std::vector<const Document*> schemas_of(const Document& schema, const std::string& key) {
    std::vector<const Document*> schemas;
    if (schema.contains("properties") && schema.at("properties").contains(key)) {
      schemas.push_back(&schema.at("properties").at(key));
    }
    if (schema.contains("patternProperties")) {
      for (const auto& [pattern, meaning] : schema.at("patternProperties").items()) {
        if (std::regex_search(key, std::regex(pattern))) schemas.push_back(&meaning);
      }
    }
    const auto rest = schema.find("additionalProperties");
    if (schemas.empty() && rest != schema.end()) schemas.push_back(&*rest);
    return schemas;
  }

  const Document& referred(const std::string& reference) const {
    return root_.at("$defs").at(reference.substr(std::string("#/$defs/").size()));
  }

  const Document& root_;
};

}  // namespace

std::vector<std::string> schema_mistakes(const Document& schema, const Document& value) {
  return Check(schema).check(schema, value, "");
}

}  // namespace weir::test
