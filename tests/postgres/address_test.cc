#include "postgres/address.h"

#include <cstdlib>

#include <gtest/gtest.h>

#include "core/error.h"

namespace weir::test {
namespace {

PostgresAddress read(const std::string& text) {
  return read_postgres_address(Secret(text), "the address of the state");
}

bool says(const PostgresAddress& address, const std::string& keyword) {
  return address.options().reveal().find(keyword) != std::string::npos;
}

std::string refused(const std::string& text) {
  try {
    read(text);
    return "nothing was refused";
  } catch (const ConfigurationError& error) {
    return error.what();
  }
}

TEST(PostgresAddress, MayBeAUrlOrKeywords) {
  EXPECT_EQ(read("postgres://weir@db.example/state").shown(), "db.example:5432, database state");
  EXPECT_EQ(read("postgresql://weir@db.example:6432/state").shown(),
            "db.example:6432, database state");
  EXPECT_EQ(read("host=db.example user=weir dbname=state").shown(),
            "db.example:5432, database state");
}

TEST(PostgresAddress, MakesServersElsewhereProveWhoTheyAre) {
  EXPECT_TRUE(says(read("postgres://weir@db.example/state"), "sslmode='verify-full'"));
  EXPECT_TRUE(says(read("postgres://weir@db.example/state?sslmode=verify-full"), "verify-full"));
  for (const char* mode : {"disable", "allow", "prefer", "require", "verify-ca"}) {
    EXPECT_NE(refused(std::string("postgres://weir@db.example/state?sslmode=") + mode)
                  .find("verify-full"),
              std::string::npos)
        << mode;
  }
  EXPECT_NE(refused("host=127.0.0.1,db.example user=weir dbname=x sslmode=disable").find("verify"),
            std::string::npos);
  EXPECT_NE(refused("host=127.0.0.1 hostaddr=10.0.0.1 user=weir dbname=x sslmode=disable")
                .find("verify-full"),
            std::string::npos);
}

TEST(PostgresAddress, TrustsThisMachine) {
  EXPECT_TRUE(says(read("host=/run/postgresql user=weir dbname=state"), "sslmode='prefer'"));
  EXPECT_TRUE(says(read("postgres://weir@127.0.0.1/state?sslmode=disable"), "sslmode='disable'"));
  EXPECT_TRUE(says(read("postgres://weir@[::1]/state"), "sslmode='prefer'"));
  EXPECT_TRUE(says(read("postgres://weir@localhost/state"), "hostaddr='127.0.0.1'"));
}

TEST(PostgresAddress, NamesItsServerWithoutUserPasswordAndDatabase) {
  EXPECT_EQ(read("postgres://weir:secret@db.example/state").server(), "postgres://db.example:5432");
  EXPECT_EQ(read("postgres://weir@[::1]:6432/state").server(), "postgres://[::1]:6432");
  EXPECT_EQ(read("host=/run/postgresql user=weir dbname=x").server(),
            "postgres://%2Frun%2Fpostgresql:5432");
}

TEST(PostgresAddress, MustNameHostUserAndDatabase) {
  EXPECT_NE(refused("postgres://weir@/state").find("host"), std::string::npos);
  EXPECT_NE(refused("postgres://db.example/state").find("user"), std::string::npos);
  EXPECT_NE(refused("postgres://weir@db.example").find("dbname"), std::string::npos);
}

TEST(PostgresAddress, RefusesWhatWouldLiveInASession) {
  EXPECT_NE(refused("postgres://weir@db.example/state?options=-csearch_path%3Dx").find("options"),
            std::string::npos);
  EXPECT_NE(refused("service=mine").find("service"), std::string::npos);
  EXPECT_NE(refused("postgres://weir@db.example/state?gssencmode=require").find("gssencmode"),
            std::string::npos);
}

TEST(PostgresAddress, QuotesWhatLibpqWouldMistake) {
  const auto address = read(R"(host=db.example user=weir dbname=state password='it\'s \\ it')");
  EXPECT_EQ(address.keywords.count("password"), 0U);
  EXPECT_EQ(address.password.reveal(), R"(it's \ it)");
  EXPECT_TRUE(says(address, R"(password='it\'s \\ it')"));
}

TEST(PostgresAddress, IsNeverShownWithItsPassword) {
  for (const char* text :
       {"postgres://weir:canary@db.example/state?sslmode=disable", "postgres://weir:canary@/state",
        "password=canary host=db.example nonsense",
        "password=canary user=weir dbname=x host=db.example canary=canary"}) {
    EXPECT_EQ(refused(text).find("canary"), std::string::npos) << refused(text);
    EXPECT_NE(refused(text), "nothing was refused") << text;
  }
  EXPECT_EQ(read("postgres://weir:canary@db.example/state").shown().find("canary"),
            std::string::npos);
}

TEST(PostgresAddress, ForgetsTheEnvironment) {
  setenv("PGHOST", "elsewhere.example", 1);
  setenv("PGSERVICE", "mine", 1);
  setenv("WEIR_KEPT", "yes", 1);
  forget_postgres_environment();
  EXPECT_EQ(getenv("PGHOST"), nullptr);
  EXPECT_EQ(getenv("PGSERVICE"), nullptr);
  EXPECT_STREQ(getenv("WEIR_KEPT"), "yes");
}

}  // namespace
}  // namespace weir::test
