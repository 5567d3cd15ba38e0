#include "providers/http/redact.h"

#include <fmt/format.h>

#include "core/document.h"
#include "providers/http/base64.h"
#include "providers/http/host.h"

namespace weir::http {
namespace {

void replace_all(std::string& text, std::string_view sought, std::string_view with) {
  for (std::size_t place = text.find(sought); place != std::string::npos;
       place = text.find(sought, place + with.size())) {
    text.replace(place, sought.size(), with);
  }
}

/// Whether there was anything to hide in the texts of a document.
bool hide_inside(Document& document, const Secret& secret, std::string_view name) {
  if (document.is_string()) {
    std::string text = document.get<std::string>();
    hide(text, secret, name);
    const bool is_changed = text != document.get_ref<const std::string&>();
    if (is_changed) document = std::move(text);
    return is_changed;
  }
  bool is_changed = false;
  if (document.is_structured()) {
    for (Document& part : document) is_changed = hide_inside(part, secret, name) || is_changed;
  }
  return is_changed;
}

}  // namespace

void hide(std::string& text, const Secret& secret, std::string_view name) {
  if (secret.is_empty()) return;
  const std::string shown = fmt::format("({})", name);
  replace_all(text, secret.reveal(), shown);
  for (std::string encoded : {percent_encode(secret.reveal()), base64_of(secret.reveal())}) {
    if (encoded != secret.reveal()) replace_all(text, encoded, shown);
    Secret::wipe(encoded);
  }
}

void hide(Answer& answer, const Secret& secret, std::string_view name) {
  hide(answer.body, secret, name);
  // What JSON writes with escapes is the secret again once it is read.
  if (answer.body.find('\\') != std::string::npos) {
    std::optional<Document> document = parse_document(answer.body);
    if (document && hide_inside(*document, secret, name)) answer.body = to_text(*document);
  }
  for (auto& [header, value] : answer.headers) hide(value, secret, name);
}

}  // namespace weir::http
