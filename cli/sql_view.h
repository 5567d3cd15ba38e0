// Statements as people read them.
#pragma once

#include <string>
#include <string_view>

#include "cli/terminal.h"
#include "planner/plan.h"

namespace weir {

/// The statement with "(secret)" where the secret goes.
std::string shown_statement(const sql::Statement& statement);

/// Each statement below a comment that says why it is there.
std::string script_text(const Script& script, const Terminal& terminal, std::string_view indent);

/// All statements of a plan as a script for psql: a transaction for each database.
std::string sql_script(const Plan& plan);

}  // namespace weir
