#include "tests/providers/postgres/door.h"

#include <fmt/format.h>

namespace weir::test {

Door::Door(postgres::Options options, Way way)
    : place_{.branch = kBranch, .database = PostgresServers::get().new_database()},
      databases_(postgres::databases_at({{kBranch, Secret(address(way))}}, std::move(options))) {}

std::string Door::execute(const std::string& sql) const {
  pqxx::connection connection(address());
  pqxx::nontransaction session(connection);
  const pqxx::result result = session.exec(sql);
  return result.empty() || result[0][0].is_null() ? "" : result[0][0].c_str();
}

void Door::change(std::vector<std::string> statements) const {
  databases_->change(place_, script_of(std::move(statements)));
}

Databases::Script script_of(std::vector<std::string> statements) {
  return [statements = std::move(statements)](std::string_view /*snapshot*/) {
    std::vector<SqlText> texts;
    texts.reserve(statements.size());
    for (const std::string& statement : statements) texts.push_back({.shown = statement});
    return texts;
  };
}

std::string refusal_of(const std::function<void()>& action) {
  try {
    action();
    return "nothing was refused";
  } catch (const SqlError& error) {
    const SqlError::Facts& facts = error.facts();
    return fmt::format("[{}{}{}] {}", facts.sqlstate, facts.is_unreachable ? "-" : "",
                       facts.is_unknown ? "?" : "", error.what());
  }
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace weir::test
