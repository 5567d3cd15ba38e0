#include "sql/scram.h"

#include <fstream>

#include <gtest/gtest.h>
#include <pqxx/pqxx>

#include "emulator/postgres/admin_session.h"
#include "sql/statements.h"
#include "tests/support/own_postgres.h"

namespace weir::test {
namespace {

const std::string kPassword = "geh'eim \\ \"7\" pässwort";

TEST(Scram, SaysHowItWasMade) {
  const Secret verifier = sql::scram_verifier(Secret("pencil"), "0123456789abcdef");
  EXPECT_TRUE(verifier.reveal().starts_with("SCRAM-SHA-256$4096:MDEyMzQ1Njc4OWFiY2RlZg==$"));
}

TEST(Scram, HasAnotherSaltEachTime) {
  EXPECT_EQ(sql::random_salt().size(), 16U);
  EXPECT_NE(sql::random_salt(), sql::random_salt());
}

TEST(Scram, RefusesWhatClientsWriteInAnotherWay) {
  for (const char* fine :
       {"pencil", "p\xC3\xA4sswort", "\xD0\xBF\xD0\xB0", "\xE5\xAF\x86", "\xFF\xFE"}) {
    EXPECT_EQ(sql::problem_with_password(Secret(fine)), "") << fine;
  }
  for (const char* prepared :
       {"pa\xCC\x88ss", "a\xC2\xA0z", "\xEF\xAC\x81n", "a\xC2\xADz", "\xF0\x9D\x92\xB3"}) {
    EXPECT_NE(sql::problem_with_password(Secret(prepared)), "") << prepared;
  }
}

/// A server that asks for passwords of roles in the group "passworded", and of no others.
class ScramLogin : public testing::Test {
 protected:
  void SetUp() override {
    postgres_.start();
    execute("CREATE ROLE passworded; CREATE ROLE ana LOGIN IN ROLE passworded");
    pqxx::connection connection(address(""));
    pqxx::nontransaction session(connection);
    const pqxx::result found = session.exec("SHOW hba_file");
    std::ofstream(found[0][0].c_str()) << "local all +passworded scram-sha-256\n"
                                       << "local all all trust\n";
    session.exec("SELECT pg_reload_conf()");
  }

  std::string address(const std::string& more) const {
    return "host='" + postgres_.socket_folder().string() + "' port=5432 dbname=postgres " +
           (more.empty() ? "user=" + std::string(emulator::kInternalUser) : more);
  }

  void execute(const std::string& statement) {
    pqxx::connection connection(address(""));
    pqxx::nontransaction(connection).exec(statement);
  }

  /// The user whom a session with the password has; "" when it gets none.
  std::string user_with(const std::string& password) {
    try {
      pqxx::connection connection(address("user=ana password=" + quoted(password)));
      pqxx::nontransaction session(connection);
      return session.exec("SELECT current_user")[0][0].c_str();
    } catch (const pqxx::broken_connection&) {
      return "";
    }
  }

  OwnPostgres postgres_;

 private:
  static std::string quoted(const std::string& text) {
    std::string quoted = "'";
    for (const char letter : text) {
      if (letter == '\'' || letter == '\\') quoted += '\\';
      quoted += letter;
    }
    return quoted + "'";
  }
};

TEST_F(ScramLogin, WorksWithThePasswordAndWithNoOther) {
  const sql::StatementWithSecret statement = sql::set_password("ana");
  const Secret verifier = sql::scram_verifier(Secret(kPassword), sql::random_salt());
  execute(sql::with_secret(statement.text, statement.secret_at, verifier).reveal());
  EXPECT_EQ(user_with(kPassword), "ana");
  EXPECT_EQ(user_with("another"), "");
  EXPECT_EQ(user_with(verifier.reveal()), "");
}

TEST_F(ScramLogin, FitsWhatTheServerMakesOfThePassword) {
  execute("ALTER ROLE ana PASSWORD 'pencil'");
  pqxx::connection connection(address(""));
  pqxx::nontransaction session(connection);
  const pqxx::row row = session.exec1(
      "SELECT rolpassword, decode(substring(rolpassword from ':([^$]+)\\$'), "
      "'base64') FROM pg_authid WHERE rolname = 'ana'");
  const auto salt = pqxx::binarystring(row[1]);
  EXPECT_EQ(sql::scram_verifier(Secret("pencil"), salt.str()).reveal(), row[0].c_str());
}

}  // namespace
}  // namespace weir::test
