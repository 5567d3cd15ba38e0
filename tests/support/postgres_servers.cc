#include "tests/support/postgres_servers.h"

#include <chrono>
#include <fstream>
#include <stdexcept>
#include <sys/stat.h>
#include <thread>

#include <pqxx/pqxx>

#include "emulator/postgres/admin_session.h"

namespace weir::test {
namespace {

namespace fs = std::filesystem;

constexpr const char* kPgbouncer = "/usr/sbin/pgbouncer";

void write(const fs::path& file, const std::string& content) {
  std::ofstream(file) << content;
  chmod(file.c_str(), 0644);
}

}  // namespace

PostgresServers& PostgresServers::get() {
  static PostgresServers servers;
  return servers;
}

PostgresServers::PostgresServers() {
  start();
  start_pool();
}

std::filesystem::path PostgresServers::socket() const {
  return postgres_.socket_folder() / ".s.PGSQL.5432";
}

void PostgresServers::stop() {
  postgres_.stop();
}

void PostgresServers::start() {
  postgres_.start();
}

void PostgresServers::restart() {
  stop();
  start();
}

void PostgresServers::start_pool() {
  const fs::path home = postgres_.folder() / "pool";
  fs::create_directories(home);
  emulator::give_to(postgres_.installation().user, home);
  const std::string user = emulator::kInternalUser;
  write(postgres_.folder() / "users", "\"" + user + "\" \"\"\n");
  write(postgres_.folder() / "pool.ini",
        "[databases]\n* = host=" + postgres_.socket_folder().string() +
            " port=5432\n[pgbouncer]\nlisten_addr =\nlisten_port = 6432\n"
            "unix_socket_dir = " +
            home.string() +
            "\nauth_type = trust\nauth_file = " + (postgres_.folder() / "users").string() +
            "\npool_mode = transaction\ndefault_pool_size = 2\n"
            "max_client_conn = 100\nserver_login_retry = 1\n");
  pool_ = std::make_unique<emulator::Process>(
      emulator::Command{.arguments = {kPgbouncer, (postgres_.folder() / "pool.ini").string()},
                        .user = postgres_.installation().user});
  const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (!fs::exists(home / ".s.PGSQL.6432")) {
    if (!pool_->is_running() || std::chrono::steady_clock::now() > limit) {
      throw std::runtime_error("pgbouncer did not start");
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
}

std::string PostgresServers::address(const std::string& database, Way way) const {
  const bool is_direct = way == Way::kDirect;
  const fs::path host = is_direct ? postgres_.socket_folder() : postgres_.folder() / "pool";
  return "host='" + host.string() + "' port=" + (is_direct ? "5432" : "6432") +
         " user=" + emulator::kInternalUser + " dbname=" + database;
}

std::string PostgresServers::new_database() {
  std::string name = "state_" + std::to_string(++databases_);
  pqxx::connection connection(address("postgres", Way::kDirect));
  pqxx::nontransaction session(connection);
  session.exec("CREATE DATABASE " + name);
  return name;
}

}  // namespace weir::test
