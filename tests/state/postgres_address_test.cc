#include <gtest/gtest.h>

#include "state/postgres_store.h"
#include "tests/state/refusal.h"

namespace weir::test {
namespace {

TEST(PostgresStateAddress, IsNotShownWhenItIsRefused) {
  const std::string said = refusal([] {
    open_postgres_store(Secret("postgres://weir:canary@db.example/x?sslmode=allow"), "shop");
  });
  EXPECT_EQ(said.find("canary"), std::string::npos) << said;
  EXPECT_NE(said.find("verify-full"), std::string::npos) << said;
}

TEST(PostgresStateAddress, IsNotShownWhenNobodyAnswersThere) {
  const std::string said = refusal(
      [] { open_postgres_store(Secret("postgres://weir:canary@127.0.0.1:1/state"), "shop"); });
  EXPECT_EQ(said.find("canary"), std::string::npos) << said;
  EXPECT_NE(said.find("cannot reach the state in PostgreSQL at 127.0.0.1:1, database state"),
            std::string::npos)
      << said;
}

}  // namespace
}  // namespace weir::test
