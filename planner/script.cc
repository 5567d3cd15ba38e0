#include "planner/script.h"

#include <map>
#include <set>

#include <fmt/format.h>

#include "sql/read_catalogue.h"
#include "sql/statements.h"
#include "sql/wishes_document.h"

namespace weir {
namespace {

using Texts = std::vector<std::string>;

Texts texts_of(const Script& script) {
  Texts texts;
  texts.reserve(script.statements.size());
  for (const PlannedStatement& each : script.statements) texts.push_back(each.statement.text);
  return texts;
}

/// The texts without those of `others`, each as often as it stands there.
Texts without(const Texts& texts, const Texts& others) {
  std::multiset<std::string> rest(others.begin(), others.end());
  Texts left;
  for (const std::string& text : texts) {
    const auto found = rest.find(text);
    found == rest.end() ? left.push_back(text) : void(rest.erase(found));
  }
  return left;
}

/// "GRANT … would be needed instead of GRANT …": the first of them.
/// A retirement in another database takes some of what is needed here along: databases belong to
/// all of them.
std::string difference_between(const Script& script, const sql::Difference& now, bool is_exact) {
  Texts needed;
  needed.reserve(now.statements.size());
  for (const sql::Statement& statement : now.statements) needed.push_back(statement.text);
  const Texts planned = texts_of(script);
  const Texts added = without(needed, planned);
  const Texts gone = without(planned, needed);
  if (gone.empty()) return added.empty() ? "" : added.front() + " would be needed as well";
  if (added.empty() && !is_exact) return "";
  return added.empty()
             ? gone.front() + " is not needed any more"
             : fmt::format("{} would be needed instead of {}", added.front(), gone.front());
}

constexpr const char* kUnreadable = "the plan's wishes cannot be read: plan again";

struct Comparison {
  sql::Difference now = {};
  std::string moved = {};
  std::string refused = {};
};

Comparison compare(const Script& script, const sql::Wishes& wishes,
                   const sql::Catalogue& catalogue) {
  Comparison compared = {.now = sql::difference(catalogue, wishes)};
  compared.refused = error_in(compared.now);
  if (script.predicted_from.empty()) {
    compared.moved = difference_between(script, compared.now, wishes.retirements.empty());
  }
  return compared;
}

/// Whose passwords the script sets, by the statement that does it.
using Passwords = std::map<std::string, const PasswordSource*>;

Passwords passwords_of(const Script& script) {
  Passwords passwords;
  for (const PasswordSource& source : script.passwords) {
    passwords[sql::set_password(source.role).text] = &source;
  }
  return passwords;
}

/// The statement whose secret comes from nowhere, or "".
std::string without_source(const sql::Difference& now, const Passwords& passwords) {
  for (const sql::Statement& statement : now.statements) {
    if (statement.secret_at && !passwords.contains(statement.text)) return statement.text;
  }
  return "";
}

SqlText text_of(const sql::Statement& statement, const Passwords& passwords,
                const VerifierOf& verifier_of) {
  SqlText text = {.shown = statement.text};
  if (!statement.secret_at) return text;
  const Secret verifier = verifier_of(*passwords.at(statement.text));
  text.sent = sql::with_secret(statement.text, *statement.secret_at, verifier);
  return text;
}

}  // namespace

std::string moved_since(const Script& script, const sql::Catalogue& catalogue) {
  const auto wishes = sql::read_wishes(script.wishes);
  if (!wishes) return kUnreadable;
  const Comparison compared = compare(script, *wishes, catalogue);
  return compared.refused.empty() ? compared.moved : compared.refused;
}

ScriptNow script_now(const Script& script, std::string_view snapshot,
                     const VerifierOf& verifier_of) {
  const auto wishes = sql::read_wishes(script.wishes);
  if (!wishes) return {.refused = kUnreadable};
  const sql::ReadCatalogue read = sql::read_catalogue(snapshot);
  if (!read.catalogue) return {.refused = read.problem};
  const auto [now, moved, refused] = compare(script, *wishes, *read.catalogue);
  ScriptNow result = {.moved = moved, .refused = refused};
  if (!result.refused.empty() || !result.moved.empty()) return result;
  const Passwords passwords = passwords_of(script);
  if (const std::string text = without_source(now, passwords); !text.empty()) {
    result.refused =
        fmt::format("the plan does not say where the secret of {}comes from: plan again", text);
    return result;
  }
  for (const sql::Statement& statement : now.statements) {
    result.statements.push_back(text_of(statement, passwords, verifier_of));
  }
  return result;
}

std::string error_in(const sql::Difference& difference) {
  for (const sql::Finding& finding : difference.findings) {
    if (finding.is_error()) return finding.text;
  }
  return "";
}

std::string found_otherwise(const Script& script, const std::vector<std::string>& executed) {
  if (script.predicted_from.empty()) return "";
  const Texts planned = texts_of(script);
  std::string lines;
  for (const std::string& text : without(executed, planned)) lines += "\n  + " + text + ";";
  for (const std::string& text : without(planned, executed)) lines += "\n  - " + text + ";";
  return lines.empty() ? "" : "executed (+) and not needed (-) otherwise than predicted:" + lines;
}

}  // namespace weir
