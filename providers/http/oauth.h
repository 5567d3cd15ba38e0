// Tokens from the workspace's token endpoint: for a client's secret, or for somebody else's token.
#pragma once

#include "providers/http/authenticator.h"
#include "providers/http/client.h"
#include "providers/http/configuration.h"

namespace weir::http {

/// The client-credentials grant with client_id and client_secret.
Token fetch_client_token(const Configuration& configuration, Client& client, const Timing& timing);
/// Exchanges an id token of a trusted issuer. `method` is the way to log in, for messages.
Token exchange_token(const Configuration& configuration, Client& client, const Timing& timing,
                     const std::string& method, const Secret& id_token);

/// "Basic …" for a user and a password.
Secret basic_authorization(const std::string& user, const Secret& password);

}  // namespace weir::http
