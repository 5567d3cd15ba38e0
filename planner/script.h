// What a script comes to when it is carried out: pure functions of what the database holds then.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "core/databases.h"
#include "core/secret.h"
#include "planner/plan.h"

namespace weir {

/// A SCRAM verifier for the password that a variable holds; PostgreSQL takes it for the password.
using VerifierOf = std::function<Secret(const PasswordSource& source)>;

struct ScriptNow {
  std::vector<SqlText> statements = {};
  /// Why nothing may be executed: it is not what the plan has shown, or it cannot be.
  std::string moved = {};
  std::string refused = {};
};

/// Why the script is another one by what the database holds, or none; "" when it is the same. One
/// that could only be predicted is no other.
std::string moved_since(const Script& script, const sql::Catalogue& catalogue);

/// The statements that the wishes need now. Other ones than the plan has shown are refused, unless
/// it could only predict them.
ScriptNow script_now(const Script& script, std::string_view snapshot,
                     const VerifierOf& verifier_of);

/// The first reason why a difference leaves something undone, or "".
std::string error_in(const sql::Difference& difference);

/// In which statements an execution differed from what could only be predicted; "" for none.
std::string found_otherwise(const Script& script, const std::vector<std::string>& executed);

}  // namespace weir
