#include "tests/state/postgres_place.h"

#include <pqxx/pqxx>

namespace weir::test {

std::unique_ptr<Store> PostgresPlace::open(const std::string& deployment) {
  return open_postgres_store(address(), deployment);
}

std::unique_ptr<Store> PostgresPlace::open(const LeaseTerms& terms) {
  return open_postgres_store(address(), "shop", terms);
}

std::unique_ptr<Store> PostgresPlace::read(const std::string& deployment) {
  return read_postgres_store(address(), deployment);
}

void PostgresPlace::execute(const std::string& sql) {
  pqxx::connection connection(PostgresServers::get().address(database_, Way::kDirect));
  pqxx::work session(connection);
  session.exec(sql);
  session.commit();
}

}  // namespace weir::test
