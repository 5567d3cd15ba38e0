// Values that must not leave a source, and the variables that stand for them.
#pragma once

#include <string>
#include <string_view>

#include "convert/notes.h"
#include "core/document.h"
#include "manifest/node.h"

namespace weir::convert {

/// Takes away what is called like a secret, however deep it stands, and says so.
void hide_secrets(Node& value, const std::string& address, Notes& notes);

/// Makes a secret variable that comes from the environment, and gives the "${…}" for it: of
/// "app role" the variable app_role_password, from APP_ROLE_PASSWORD. `environment` is the name of
/// the variable there, when the source says it.
std::string secret_variable(Document& manifest, std::string_view owner,
                            std::string_view environment = {});

}  // namespace weir::convert
