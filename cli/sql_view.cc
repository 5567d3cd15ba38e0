#include "cli/sql_view.h"

#include <set>
#include <utility>

#include <fmt/format.h>

namespace weir {

std::string shown_statement(const sql::Statement& statement) {
  std::string text = statement.text;
  if (statement.secret_at) text.insert(*statement.secret_at, "(secret)");
  return text;
}

std::string script_text(const Script& script, const Terminal& terminal, std::string_view indent) {
  std::string text;
  for (const PlannedStatement& planned : script.statements) {
    const std::string why = fmt::format("-- {}", harmless(planned.statement.why));
    text += fmt::format("{}{}\n{}{};\n", indent, terminal.paint(Colour::kDim, why), indent,
                        harmless(shown_statement(planned.statement)));
  }
  return text;
}

namespace {

/// psql has no way to write some names. They stand in a comment alone, where nothing in them is
/// taken for a command.
std::string stop_at(std::string_view what, std::string_view name) {
  return fmt::format("-- psql takes no such name of a {}: {}\n\\quit\n", what, harmless(name));
}

/// How psql gets to a database of the same server. A plain name is written as it is; of anything
/// else psql takes one level of quotes and backslashes away, and libpq another one. Double quotes
/// psql takes for those of an identifier, also here.
std::string connect_command(std::string_view database) {
  constexpr std::string_view kPlain = "abcdefghijklmnopqrstuvwxyz0123456789_";
  const bool is_plain = database.find_first_not_of(kPlain) == std::string_view::npos;
  if (is_plain) return fmt::format("\\connect {}\n", database);
  if (harmless(database) != database) return stop_at("database", database);
  std::string escaped;
  for (const char letter : database) {
    if (letter == '\'' || letter == '\\') escaped += R"(\\\)";
    escaped += letter == '"' ? std::string(4, '"') : std::string(1, letter);
  }
  return fmt::format("\\connect -reuse-previous=on 'dbname=\\'{}\\''\n", escaped);
}

std::set<std::string> branches_of(const Plan& plan) {
  std::set<std::string> branches;
  for (const Step& step : plan.steps) {
    if (step.script) branches.insert(step.script->place.branch);
  }
  return branches;
}

/// psql asks for a password without showing it, and sends what it makes of it.
std::string sql_of(const Script& script) {
  constexpr std::string_view kAlter = "ALTER ROLE ";
  constexpr std::string_view kPassword = " PASSWORD ";
  std::string text = "BEGIN;\nSET LOCAL lock_timeout = '10s';\n";
  for (const PlannedStatement& planned : script.statements) {
    const sql::Statement& statement = planned.statement;
    text += fmt::format("-- {}\n", harmless(statement.why));
    if (!statement.secret_at) {
      text += harmless(statement.text) + ";\n";
      continue;
    }
    const std::size_t length = statement.text.size() - kAlter.size() - kPassword.size();
    const std::string name = statement.text.substr(kAlter.size(), length);
    // Another form than quotes alone is SQL's, which psql does not read.
    text += name.starts_with('"') ? fmt::format("\\password {}\n", name) : stop_at("role", name);
  }
  return text + "COMMIT;\n";
}

}  // namespace

/// psql goes from database to database by itself. Where another branch is on another host, whoever
/// runs the script says: the same names of databases are on each.
std::string sql_script(const Plan& plan) {
  const bool has_several_branches = branches_of(plan).size() > 1;
  std::string text;
  for (const Notice& notice : plan.notices) {
    text += fmt::format("-- note: {} {}\n", harmless(notice.address.text()), harmless(notice.text));
  }
  if (branches_of(plan).empty()) return text + "-- nothing to execute\n";
  text += "\\set ON_ERROR_STOP on\n";
  std::string branch;
  for (const Step& step : plan.steps) {
    if (!step.script) continue;
    const Script& script = *step.script;
    text += fmt::format("\n-- database {} of {}", harmless(script.place.database),
                        harmless(script.place.branch));
    if (!script.predicted_from.empty()) text += "; predicted from " + script.predicted_from;
    text += '\n';
    if (has_several_branches && script.place.branch != std::exchange(branch, script.place.branch)) {
      text += "\\prompt 'Connection string of the branch above: ' server\n\\connect :server\n";
    }
    text += connect_command(script.place.database);
    text += sql_of(script);
  }
  return text;
}

}  // namespace weir
