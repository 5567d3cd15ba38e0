#include "tests/sql/server.h"

#include "emulator/postgres/admin_session.h"
#include "sql/read_catalogue.h"
#include "sql/snapshot_query.h"

namespace weir::test {

SqlServer& SqlServer::get() {
  static SqlServer server;
  return server;
}

SqlServer::SqlServer() {
  // A world of the property tests is one transaction that grants on all it has.
  postgres_.start({{"max_locks_per_transaction", "1024"}});
}

std::string SqlServer::address(const std::string& database, const std::string& user) const {
  return "host='" + postgres_.socket_folder().string() +
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
