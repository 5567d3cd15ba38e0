#include "tests/state/postgres_servers.h"

#include <chrono>
#include <fstream>
#include <stdexcept>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>

#include <pqxx/pqxx>

#include "emulator/postgres/admin_session.h"
#include "emulator/postgres/layout.h"
#include "emulator/postgres/settings.h"
#include "emulator/postgres/template_cluster.h"

namespace weir::test {
namespace {

namespace fs = std::filesystem;

constexpr const char* kPgbouncer = "/usr/sbin/pgbouncer";

fs::path a_folder() {
  std::string name = (fs::temp_directory_path() / "weir-test-XXXXXX").string();
  if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
  chmod(name.c_str(), 0711);
  return name;
}

void write(const fs::path& file, const std::string& content) {
  std::ofstream(file) << content;
  chmod(file.c_str(), 0644);
}

}  // namespace

PostgresServers& PostgresServers::get() {
  static PostgresServers servers;
  return servers;
}

PostgresServers::PostgresServers()
    : folder_(a_folder()),
      installation_{.bin = emulator::find_postgres_bin(),
                    .user = emulator::find_system_user("postgres")} {
  const emulator::Layout layout{.folder = folder_ / "cluster", .sockets = folder_ / "sockets"};
  fs::create_directories(layout.sockets);
  chmod(layout.sockets.c_str(), 0711);
  emulator::make_template(installation_, layout);
  server_ = std::make_unique<emulator::Server>(
      installation_,
      emulator::Server::Place{
          .data = layout.data(), .socket_folder = layout.socket_folder(), .log = layout.log()});
  start();
  start_pool();
}

PostgresServers::~PostgresServers() {
  pool_.reset();
  server_.reset();
  std::error_code ignored;
  fs::remove_all(folder_, ignored);
}

std::filesystem::path PostgresServers::socket() const {
  return server_->place().socket_folder / ".s.PGSQL.5432";
}

void PostgresServers::stop() {
  server_->stop();
}

void PostgresServers::start() {
  emulator::Settings settings = emulator::lean_settings();
  settings["max_connections"] = "60";
  server_->start(settings);
}

void PostgresServers::restart() {
  stop();
  start();
}

void PostgresServers::start_pool() {
  const fs::path home = folder_ / "pool";
  fs::create_directories(home);
  emulator::give_to(installation_.user, home);
  write(folder_ / "users", std::string("\"") + emulator::kInternalUser + "\" \"\"\n");
  write(folder_ / "pool.ini",
        "[databases]\n* = host=" + server_->place().socket_folder.string() +
            " port=5432\n[pgbouncer]\nlisten_addr =\nlisten_port = 6432\n"
            "unix_socket_dir = " +
            home.string() + "\nauth_type = trust\nauth_file = " + (folder_ / "users").string() +
            "\npool_mode = transaction\ndefault_pool_size = 2\n"
            "max_client_conn = 100\nserver_login_retry = 1\n");
  pool_ = std::make_unique<emulator::Process>(emulator::Command{
      .arguments = {kPgbouncer, (folder_ / "pool.ini").string()}, .user = installation_.user});
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
  const fs::path host = is_direct ? server_->place().socket_folder : folder_ / "pool";
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
