#include "convert/bundle_references.h"

#include <algorithm>

#include <fmt/format.h>

#include "convert/lakebase.h"

namespace weir::convert {
namespace {

/// References lead to references; nobody writes a longer chain than this.
constexpr int kDeepest = 16;
/// What one text may become, so that references that double each other end.
constexpr std::size_t kLongest = 4096;
/// Of one bundle, all of its targets included.
constexpr std::size_t kMostLookUps = 200'000;

const ResourceType* type_of_bundle(std::string_view name) {
  for (const ResourceType& type : resource_types()) {
    if (!type.bundle.empty() && type.bundle == name) return &type;
  }
  return nullptr;
}

/// "branches" of "postgres_branches": how the service's names have it.
std::string_view collection_of(const ResourceType& type) {
  return type.bundle.substr(std::string_view("postgres_").size());
}

}  // namespace

void BundleReferences::translate(Node& value, const Node& resources) {
  if (value.is_text()) value.text = text(value.text, resources, value.place, 0);
  for (Node& item : value.items) translate(item, resources);
  for (Entry& entry : value.entries) {
    entry.key = literal(entry.key);
    translate(entry.value, resources);
  }
}

std::string BundleReferences::text(std::string_view written, const Node& resources,
                                   const Place& place, int depth) {
  std::string result;
  while (!written.empty() && result.size() <= kLongest) {
    const std::size_t begin = written.find("${");
    const std::size_t end = begin == std::string_view::npos ? begin : written.find('}', begin);
    if (end == std::string_view::npos) return result + literal(written);
    result += literal(written.substr(0, begin));
    result += meaning(std::string(written.substr(begin + 2, end - begin - 2)), resources, place,
                      depth + 1);
    written.remove_prefix(end + 1);
  }
  if (result.size() <= kLongest) return result;
  notes_.lost({place, ""}, "references make a text of it that is too long", "shorten it");
  return "";
}

std::string BundleReferences::meaning(const std::string& expression, const Node& resources,
                                      const Place& place, int depth) {
  if (depth > kDeepest || ++looked_up_ > kMostLookUps) {
    notes_.lost({place, ""},
                depth > kDeepest ? "references lead in a circle" : "there are too many references",
                "write the value itself");
    return "";
  }
  if (expression == "bundle.name") return literal(bundle_name_);
  if (expression == "bundle.target" || expression == "bundle.environment") {
    return has_targets_ ? "${env.name}" : "default";
  }
  if (expression.starts_with("var.")) return of_variable(expression);
  if (expression.starts_with("resources.")) {
    return of_resource(expression, resources, place, depth);
  }
  return unknown(expression);
}

std::string BundleReferences::of_variable(const std::string& expression) {
  const std::string name = expression.substr(std::string_view("var.").size());
  if (variables_ == nullptr || variables_->find(name) == nullptr) return unknown(expression);
  return fmt::format("${{{}}}", expression);
}

/// "resources.postgres_branches.dev.id" is its name in the service, any other key what is written.
std::string BundleReferences::of_resource(const std::string& expression, const Node& resources,
                                          const Place& place, int depth) {
  const std::size_t type_at = std::string_view("resources.").size();
  const std::size_t label_at = std::min(expression.find('.', type_at), expression.size() - 1) + 1;
  const std::size_t key_at = std::min(expression.find('.', label_at), expression.size() - 1) + 1;
  const std::string type_name = expression.substr(type_at, label_at - type_at - 1);
  const Node* all = resources.find(type_name);
  const Node* resource = all == nullptr || key_at <= label_at
                             ? nullptr
                             : all->find(expression.substr(label_at, key_at - label_at - 1));
  if (resource == nullptr) return unknown(expression);
  const std::string key = expression.substr(key_at);
  const auto value_of = [&](std::string_view of) {
    const Body body(*resource);
    const Node* value = body.look(of);
    return value == nullptr || !value->is_scalar() ? ""
                                                   : text(value->text, resources, place, depth);
  };
  const ResourceType* type = type_of_bundle(type_name);
  const bool is_name = key == "id" || (key == "name" && type_name.starts_with("postgres_"));
  std::string value;
  if (type != nullptr && is_name) {
    value = value_of(type->id_key);
    if (type_name.starts_with("postgres_") && !value.empty()) {
      value = fmt::format("{}/{}", collection_of(*type), value);
      if (!type->parent_key.empty()) value = value_of(type->parent_key) + "/" + value;
    }
  } else {
    value = value_of(key);
  }
  return value.empty() ? unknown(expression) : value;
}

/// A variable of which the bundle says nothing keeps its name; it may come from elsewhere.
std::string BundleReferences::unknown(const std::string& expression) {
  std::string name = expression.starts_with("var.") ? expression.substr(4) : expression;
  for (char& c : name) {
    const bool is_part = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                         (c >= '0' && c <= '9') || c == '_' || c == '-';
    if (!is_part) c = '_';
  }
  if (name.empty() || (name.front() >= '0' && name.front() <= '9')) name = "_" + name;
  made_.emplace(name, expression);
  return fmt::format("${{var.{}}}", name);
}

}  // namespace weir::convert
