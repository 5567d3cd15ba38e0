// What PostgreSQL keeps of a password.
#pragma once

#include <string>

#include "core/secret.h"

namespace weir::sql {

/// Sixteen random bytes.
std::string random_salt();
/// "SCRAM-SHA-256$4096:SALT$STOREDKEY:SERVERKEY", by RFC 5802 and RFC 7677. The password is taken
/// as it is, without SASLprep, as PostgreSQL does with what is not UTF-8 or has nothing to prepare.
Secret scram_verifier(const Secret& password, const std::string& salt);

}  // namespace weir::sql
