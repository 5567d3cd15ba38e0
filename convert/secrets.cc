#include "convert/secrets.h"

#include <algorithm>

#include <fmt/format.h>

#include "convert/manifest_tree.h"
#include "core/secret_name.h"

namespace weir::convert {
namespace {

constexpr bool is_upper(char c) {
  return c >= 'A' && c <= 'Z';
}

constexpr bool is_lower(char c) {
  return c >= 'a' && c <= 'z';
}

char lower(char c) {
  return is_upper(c) ? static_cast<char>(c - 'A' + 'a') : c;
}

char upper(char c) {
  return is_lower(c) ? static_cast<char>(c - 'a' + 'A') : c;
}

std::string as_variable(std::string_view owner) {
  std::string name;
  for (const char c : owner) {
    const bool is_part = is_upper(c) || is_lower(c) || (c >= '0' && c <= '9') || c == '_';
    name += is_part ? lower(c) : '_';
  }
  const bool begins_well = !name.empty() && (is_lower(name.front()) || name.front() == '_');
  return begins_well ? name : "_" + name;
}

}  // namespace

void hide_secrets(Node& value, const std::string& address, Notes& notes) {
  const auto tell = [&](const Place& place, const std::string& key) {
    notes.lost({place, address + "." + key}, "is called like a secret, and stays where it is",
               "say it by hand, when it is none");
  };
  std::erase_if(value.items, [&](const Node& item) {
    const Node* key = item.find("key");
    const bool is_hidden = key != nullptr && is_secret_name(key->text);
    if (is_hidden) tell(item.place, key->text);
    return is_hidden;
  });
  std::erase_if(value.entries, [&](const Entry& entry) {
    // Whether there is one may be said: enabled or not, encrypted or not.
    const bool is_flag = entry.value.type == Node::Type::kBoolean || entry.value.is_null();
    const bool is_hidden = !is_flag && !is_open(entry.value.text) && is_secret_name(entry.key);
    if (is_hidden) tell(entry.place, entry.key);
    return is_hidden;
  });
  for (Node& item : value.items) hide_secrets(item, address, notes);
  for (Entry& entry : value.entries) hide_secrets(entry.value, address + "." + entry.key, notes);
}

std::string secret_variable(Document& manifest, std::string_view owner,
                            std::string_view environment) {
  std::string name = as_variable(owner);
  if (!is_secret_name(name)) name += "_password";
  std::string source(environment);
  if (source.empty()) std::transform(name.begin(), name.end(), std::back_inserter(source), upper);
  Document& variables = manifest["variables"];
  // Two roles may differ only in what no name of a variable has.
  const std::string stem = name;
  const Document wanted = {{"secret", true}, {"from", {{"env", source}}}};
  for (int number = 2; variables.contains(name) && variables[name] != wanted; ++number) {
    name = fmt::format("{}_{}", stem, number);
  }
  variables[name] = wanted;
  return fmt::format("${{var.{}}}", name);
}

}  // namespace weir::convert
