// Native logins: a password against the verifier that the cluster keeps for a role.
#pragma once

#include <filesystem>
#include <string>

namespace emulator {

/// Answers whether `password` belongs to `verifier`, as in
/// "SCRAM-SHA-256$4096:salt$stored key:server key".
bool matches_verifier(const std::string& password, const std::string& verifier);

/// Answers whether the role of the awake cluster may log in with this password.
bool may_log_in(const std::filesystem::path& socket_folder, const std::string& role,
                const std::string& password);

}  // namespace emulator
