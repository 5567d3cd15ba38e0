#include "planner/script.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "sql/read_catalogue.h"
#include "sql/statements.h"
#include "sql/wishes_document.h"

namespace weir {
namespace {

/// "REVOKE … is not needed any more", "GRANT … would be needed": the first of them.
std::string difference_between(const Script& script, const sql::Difference& now) {
  std::multiset<std::string> planned;
  for (const PlannedStatement& each : script.statements) planned.insert(each.statement.text);
  for (const sql::Statement& statement : now.statements) {
    const auto found = planned.find(statement.text);
    if (found == planned.end()) return statement.text + " would be needed as well";
    planned.erase(found);
  }
  return planned.empty() ? "" : *planned.begin() + " is not what is needed any more";
}

std::string refusal(const sql::Difference& now) {
  for (const sql::Finding& finding : now.findings) {
    if (finding.is_error()) return finding.text;
  }
  return "";
}

SqlText text_of(const Script& script, const sql::Statement& statement,
                const VerifierOf& verifier_of) {
  SqlText text = {.shown = statement.text};
  if (!statement.secret_at) return text;
  for (const PasswordSource& source : script.passwords) {
    if (sql::set_password(source.role).text != statement.text) continue;
    text.sent = sql::with_secret(statement.text, *statement.secret_at, verifier_of(source));
  }
  return text;
}

}  // namespace

ScriptNow script_now(const Script& script, std::string_view snapshot,
                     const VerifierOf& verifier_of) {
  const auto wishes = sql::read_wishes(script.wishes);
  if (!wishes) return {.refused = "the plan's wishes cannot be read: plan again"};
  const sql::ReadCatalogue read = sql::read_catalogue(snapshot);
  if (!read.catalogue) return {.refused = read.problem};
  const sql::Difference now = sql::difference(*read.catalogue, *wishes);
  ScriptNow result;
  result.refused = refusal(now);
  if (script.predicted_from.empty()) result.moved = difference_between(script, now);
  if (!result.refused.empty() || !result.moved.empty()) return result;
  for (const sql::Statement& statement : now.statements) {
    result.statements.push_back(text_of(script, statement, verifier_of));
  }
  return result;
}

}  // namespace weir
