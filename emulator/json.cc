#include "emulator/json.h"

namespace emulator {
namespace {

/// Calls `visit(key)` for each step of the path until it answers false.
template <typename Visit>
void for_each_step(std::string_view path, Visit visit) {
  while (!path.empty()) {
    const std::size_t dot = std::min(path.find('.'), path.size());
    const bool is_last = dot == path.size();
    if (!visit(std::string(path.substr(0, dot)), is_last) || is_last) return;
    path.remove_prefix(dot + 1);
  }
}

}  // namespace

const Json* at_path(const Json& document, std::string_view path) {
  const Json* value = &document;
  for_each_step(path, [&](const std::string& key, bool) {
    const auto found = value->is_object() ? value->find(key) : value->end();
    value = value->is_object() && found != value->end() ? &*found : nullptr;
    return value != nullptr;
  });
  return value;
}

void set_path(Json& document, std::string_view path, Json value) {
  Json* place = &document;
  for_each_step(path, [&](const std::string& key, bool) {
    if (!place->is_object()) *place = Json::object();
    place = &(*place)[key];
    return true;
  });
  *place = std::move(value);
}

void erase_path(Json& document, std::string_view path) {
  Json* place = &document;
  for_each_step(path, [&](const std::string& key, bool is_last) {
    if (!place->is_object()) return false;
    if (is_last) {
      place->erase(key);
      return false;
    }
    const auto found = place->find(key);
    if (found == place->end()) return false;
    place = &*found;
    return true;
  });
}

std::string text_at(const Json& document, std::string_view path) {
  const Json* value = at_path(document, path);
  return value != nullptr && value->is_string() ? value->get<std::string>() : "";
}

bool flag_at(const Json& document, std::string_view path) {
  const Json* value = at_path(document, path);
  return value != nullptr && value->is_boolean() && value->get<bool>();
}

std::optional<Json> parse_json(std::string_view text) {
  bool is_too_deep = false;
  const auto callback = [&](int depth, Json::parse_event_t, Json&) {
    is_too_deep = is_too_deep || depth > kDeepestJson;
    return !is_too_deep;
  };
  Json document = Json::parse(text, callback, false);
  if (is_too_deep || document.is_discarded()) return std::nullopt;
  return document;
}

std::string to_text(const Json& document) {
  return document.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace emulator
