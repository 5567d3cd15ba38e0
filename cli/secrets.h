// Values of secret variables, and URLs with passwords: read when they are needed, never before.
#pragma once

#include <optional>

#include "cli/invocation.h"
#include "core/secret.h"
#include "manifest/manifest.h"

namespace weir {

/// What the source holds; nothing when it holds nothing, or is no source that can be read here.
std::optional<Secret> given_secret(const Invocation& invocation, const SecretSource& source);

/// A SCRAM verifier of the secret, made with a salt of its own: PostgreSQL takes it for the
/// password and cannot tell the password from it. Throws ConfigurationError when there is none.
Secret verifier_of(const Invocation& invocation, const SecretSource& source);

bool is_postgres_url(const std::string& text);
/// The URL, which is asked now of what holds it and never written anywhere; `owner`, "the state",
/// is what it leads to. Throws ConfigurationError when there is none.
Secret postgres_url(const Invocation& invocation, const PostgresUrl& url, std::string_view owner);

}  // namespace weir
