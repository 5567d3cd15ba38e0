#include "providers/http/redact.h"

#include <fmt/format.h>

#include "providers/http/host.h"

namespace weir::http {
namespace {

void replace_all(std::string& text, std::string_view sought, std::string_view with) {
  for (std::size_t place = text.find(sought); place != std::string::npos;
       place = text.find(sought, place + with.size())) {
    text.replace(place, sought.size(), with);
  }
}

}  // namespace

void hide(std::string& text, const Secret& secret, std::string_view name) {
  if (secret.is_empty()) return;
  const std::string shown = fmt::format("({})", name);
  replace_all(text, secret.reveal(), shown);
  std::string encoded = percent_encode(secret.reveal());
  if (encoded != secret.reveal()) replace_all(text, encoded, shown);
  Secret::wipe(encoded);
}

void hide(Answer& answer, const Secret& secret, std::string_view name) {
  hide(answer.body, secret, name);
  for (auto& [header, value] : answer.headers) hide(value, secret, name);
}

}  // namespace weir::http
