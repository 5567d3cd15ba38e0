#include "tests/sql/server.h"

#include <stdexcept>
#include <sys/stat.h>
#include <unistd.h>

#include "emulator/postgres/admin_session.h"
#include "emulator/postgres/layout.h"
#include "emulator/postgres/settings.h"
#include "emulator/postgres/template_cluster.h"
#include "sql/read_catalogue.h"
#include "sql/snapshot_query.h"

namespace weir::test {
namespace {

namespace fs = std::filesystem;

fs::path a_folder() {
  std::string name = (fs::temp_directory_path() / "weir-test-XXXXXX").string();
  if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
  chmod(name.c_str(), 0711);
  return name;
}

}  // namespace

SqlServer& SqlServer::get() {
  static SqlServer server;
  return server;
}

SqlServer::SqlServer()
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
  emulator::Settings settings = emulator::lean_settings();
  settings["max_connections"] = "60";
  // A world of the property tests is one transaction that grants on all it has.
  settings["max_locks_per_transaction"] = "1024";
  server_->start(settings);
}

SqlServer::~SqlServer() {
  server_.reset();
  std::error_code ignored;
  fs::remove_all(folder_, ignored);
}

std::string SqlServer::address(const std::string& database, const std::string& user) const {
  return "host='" + server_->place().socket_folder.string() +
         "' port=5432 user=" + (user.empty() ? std::string(emulator::kInternalUser) : user) +
         " dbname=" + database;
}

std::string SqlServer::new_database() {
  std::string name = "sql_" + std::to_string(++databases_);
  pqxx::connection connection(address("postgres"));
  pqxx::nontransaction session(connection);
  session.exec("CREATE DATABASE " + name + " TEMPLATE template0");
  return name;
}

Session::Session(const std::string& database, const std::string& user)
    : connection_(SqlServer::get().address(database, user)),
      work_(std::make_unique<pqxx::work>(connection_)) {
  execute("SET LOCAL search_path TO pg_catalog; SET LOCAL client_min_messages TO error");
}

void Session::execute(const std::string& sql) {
  try {
    work_->exec(sql);
  } catch (const pqxx::sql_error& error) {
    throw std::runtime_error(std::string(error.what()) + "\nin: " + sql);
  }
}

std::string Session::code_of(const std::string& sql) {
  pqxx::subtransaction attempt(*work_);
  try {
    attempt.exec(sql);
    attempt.commit();
    return "";
  } catch (const pqxx::insufficient_privilege&) {
    return "42501";  // libpqxx 6 does not keep its code
  } catch (const pqxx::sql_error& error) {
    return error.sqlstate();
  }
}

std::string Session::value(const std::string& sql) {
  return work_->exec1(sql)[0].c_str();
}

std::vector<std::string> Session::column(const std::string& sql) {
  std::vector<std::string> values;
  for (const auto& row : work_->exec(sql)) values.emplace_back(row[0].c_str());
  return values;
}

pqxx::result Session::rows(const std::string& sql) {
  return work_->exec(sql);
}

std::string Session::snapshot_text() {
  return value(sql::kSnapshotQuery);
}

sql::Catalogue Session::snapshot() {
  const sql::ReadCatalogue read = sql::read_catalogue(snapshot_text());
  if (!read.catalogue) throw std::runtime_error(read.problem);
  return *read.catalogue;
}

sql::Difference Session::compare(const sql::Wishes& wishes) {
  return sql::difference(snapshot(), wishes);
}

sql::Difference Session::apply(const sql::Wishes& wishes) {
  sql::Difference difference = compare(wishes);
  execute(difference);
  return difference;
}

void Session::execute(const sql::Difference& difference) {
  for (const sql::Statement& statement : difference.statements) execute(statement.text);
}

void Session::commit() {
  work_->commit();
}

std::vector<std::string> texts_of(const sql::Difference& difference) {
  std::vector<std::string> texts;
  texts.reserve(difference.statements.size());
  for (const sql::Statement& statement : difference.statements) texts.push_back(statement.text);
  return texts;
}

std::vector<std::string> texts_of(const std::vector<sql::Finding>& findings) {
  std::vector<std::string> texts;
  texts.reserve(findings.size());
  for (const sql::Finding& finding : findings) texts.push_back(finding.text);
  return texts;
}

std::string story_of(const sql::Difference& difference) {
  std::string story;
  for (const sql::Statement& statement : difference.statements) {
    story += statement.text + "\n    -- " + statement.why + "\n";
  }
  for (const sql::Finding& finding : difference.findings) story += "! " + finding.text + "\n";
  return story;
}

}  // namespace weir::test
