// Keeps what was sent in confidence out of what is shown: a server may send it back.
#pragma once

#include <string>
#include <string_view>

#include "core/secret.h"
#include "providers/http/message.h"

namespace weir::http {

/// Writes "(name)" in place of the secret, as it is, as a URL or form has it, and
/// as base64.
void hide(std::string& text, const Secret& secret, std::string_view name);
/// The same for body and headers.
void hide(Answer& answer, const Secret& secret, std::string_view name);

}  // namespace weir::http
