// The ways to log in, and the choice among them.
#pragma once

#include <memory>

#include "providers/http/authenticator.h"
#include "providers/http/client.h"
#include "providers/http/configuration.h"

namespace weir::http {

/// Chooses the method that the settings are for: `auth_type` when it is set, else the first of
/// pat, oauth-m2m, databricks-cli, github-oidc, env-oidc, file-oidc that has what it needs.
/// `configuration` and `client` must outlive the result. Throws ConfigurationError.
std::unique_ptr<Authenticator> log_in(const Configuration& configuration, Client& client,
                                      const Timing& timing);

}  // namespace weir::http
