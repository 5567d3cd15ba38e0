#include "tests/providers/postgres/door.h"

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

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

postgres::Options impatient() {
  postgres::Options options;
  // Time passes with the first pause.
  options.timing.sleep = [](Duration) {};
  options.timing.elapsed = [past = Duration::zero()]() mutable {
    return past += std::chrono::hours(1);
  };
  return options;
}

std::unique_ptr<Databases> door_at(const std::string& address, postgres::Options options) {
  return postgres::databases_at({{kBranch, Secret(address)}}, std::move(options));
}

std::uint16_t free_port() {
  const int probe = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* general = reinterpret_cast<sockaddr*>(&address);
  if (bind(probe, general, size) != 0 || getsockname(probe, general, &size) != 0) {
    throw std::runtime_error("no port is free");
  }
  close(probe);
  return ntohs(address.sin_port);
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
