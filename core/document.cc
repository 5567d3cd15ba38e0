#include "core/document.h"

namespace weir {
namespace {

/// Calls `visit` with each part of a dotted path; stops when it answers false.
template <typename Visit>
void for_each_part(std::string_view path, Visit visit) {
  while (true) {
    const std::size_t dot = path.find('.');
    if (!visit(path.substr(0, dot)) || dot == std::string_view::npos) return;
    path.remove_prefix(dot + 1);
  }
}

}  // namespace

const Document* at_path(const Document& document, std::string_view path) {
  const Document* value = &document;
  for_each_part(path, [&](std::string_view part) {
    if (!value->is_object()) {
      value = nullptr;
      return false;
    }
    const auto found = value->find(part);
    value = found == value->end() ? nullptr : &*found;
    return value != nullptr;
  });
  return value;
}

void set_path(Document& document, std::string_view path, Document value) {
  Document* place = &document;
  for_each_part(path, [&](std::string_view part) {
    if (!place->is_object()) *place = Document::object();
    place = &(*place)[std::string(part)];
    return true;
  });
  *place = std::move(value);
}

std::string text_at(const Document& document, std::string_view path) {
  const Document* value = at_path(document, path);
  return value != nullptr && value->is_string() ? value->get<std::string>() : "";
}

bool flag_at(const Document& document, std::string_view path) {
  const Document* value = at_path(document, path);
  return value != nullptr && value->is_boolean() && value->get<bool>();
}

std::string to_text(const Document& document) {
  return document.dump(-1, ' ', false, Document::error_handler_t::replace);
}

}  // namespace weir
