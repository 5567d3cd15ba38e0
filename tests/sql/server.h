// One PostgreSQL for the whole test program, and sessions on databases of their own.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include <pqxx/pqxx>

#include "sql/catalogue.h"
#include "sql/difference.h"
#include "tests/support/own_postgres.h"

namespace weir::test {

/// Started when first asked for, and gone with the program.
class SqlServer {
 public:
  static SqlServer& get();
  SqlServer();
  SqlServer(const SqlServer&) = delete;
  SqlServer& operator=(const SqlServer&) = delete;

  /// Makes an empty database and gives its name.
  std::string new_database();
  std::string address(const std::string& database, const std::string& user = "") const;

 private:
  OwnPostgres postgres_;
  int databases_ = 0;
};

/// A transaction that is never committed: roles as well are gone with it.
class Session {
 public:
  explicit Session(const std::string& database, const std::string& user = "");

  void execute(const std::string& sql);
  /// The SQLSTATE that a statement fails with, "" when it does not; the transaction goes on.
  std::string code_of(const std::string& sql);
  std::string value(const std::string& sql);
  std::vector<std::string> column(const std::string& sql);
  pqxx::result rows(const std::string& sql);

  sql::Catalogue snapshot();
  std::string snapshot_text();
  /// Reads, compares and executes.
  sql::Difference apply(const sql::Wishes& wishes);
  sql::Difference compare(const sql::Wishes& wishes);
  void execute(const sql::Difference& difference);
  void commit();

 private:
  pqxx::connection connection_;
  std::unique_ptr<pqxx::work> work_;
};

std::vector<std::string> texts_of(const sql::Difference& difference);
std::vector<std::string> texts_of(const std::vector<sql::Finding>& findings);
/// All statements and findings, for a failure's message.
std::string story_of(const sql::Difference& difference);

}  // namespace weir::test
