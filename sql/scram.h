// What PostgreSQL keeps of a password.
#pragma once

#include <string>

#include "core/secret.h"

namespace weir::sql {

/// Sixteen random bytes.
std::string random_salt();
/// Clients write some characters otherwise before they log in (SASLprep, RFC 4013), so that a
/// password with them would never fit its verifier. What is wrong with it; "" for nothing.
std::string problem_with_password(const Secret& password);
/// "SCRAM-SHA-256$4096:SALT$STOREDKEY:SERVERKEY", by RFC 5802 and RFC 7677. The password is taken
/// as it is.
Secret scram_verifier(const Secret& password, const std::string& salt);

}  // namespace weir::sql
