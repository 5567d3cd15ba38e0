// A state in a new database of a PostgreSQL server.
#pragma once

#include <string>

#include "state/postgres_store.h"
#include "tests/state/place.h"
#include "tests/support/postgres_servers.h"

namespace weir::test {

class PostgresPlace : public Place {
 public:
  using Way = PostgresServers::Way;
  explicit PostgresPlace(Way way) : way_(way), database_(PostgresServers::get().new_database()) {}

  std::unique_ptr<Store> open(const std::string& deployment = "shop") override;
  std::unique_ptr<Store> open(const LeaseTerms& terms);
  std::unique_ptr<Store> read(const std::string& deployment = "shop") override;
  void execute(const std::string& sql) override;
  std::string schema() const override { return "weir."; }

  Secret address() const { return Secret(PostgresServers::get().address(database_, way_)); }
  const std::string& database() const { return database_; }

 private:
  Way way_;
  std::string database_;
};

}  // namespace weir::test
