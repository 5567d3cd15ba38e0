#include "providers/postgres/server_words.h"

#include <gtest/gtest.h>

#include "providers/postgres/setback.h"

namespace weir::postgres {
namespace {

TEST(ServerWords, AreReadFromAVerboseMessage) {
  const ServerWords words = read_server_words(
      "ERROR:  2BP01: role \"app\" cannot be dropped\nDETAIL:  owner of table a\nowner of table b\n"
      "HINT:  Reassign them.\nLINE 1: DROP ROLE app PASSWORD 'canary\n        ^\n"
      "LOCATION:  DropRole, user.c:1\n");
  EXPECT_EQ(words.sqlstate, "2BP01");
  EXPECT_EQ(words.message, "role \"app\" cannot be dropped");
  EXPECT_EQ(words.detail, "owner of table a owner of table b");
  EXPECT_EQ(words_of(words),
            "role \"app\" cannot be dropped (2BP01); owner of table a owner of table b; Reassign "
            "them");
}

TEST(ServerWords, HaveTheCodeOfARefusedLoginInAnyLanguage) {
  const std::string where = "connection to server at \"10.0.0.1\", port 5432 failed: ";
  EXPECT_EQ(read_server_words(where + "FATAL:  28P01: password authentication failed\n").sqlstate,
            "28P01");
  EXPECT_EQ(read_server_words(where + "FATAL:  57P03: la base démarre\n").sqlstate, "57P03");
  EXPECT_EQ(read_server_words(where + "SCHWERWIEGEND:  53300: voll").message, "voll");
}

TEST(ServerWords, MayBeThoseOfLibpqAlone) {
  const ServerWords words = read_server_words(
      "connection to server at \"127.0.0.1\", port 1 failed: Connection refused\n"
      "\tIs the server running on that host and accepting TCP/IP connections?\n");
  EXPECT_EQ(words.sqlstate, "");
  EXPECT_EQ(words.message,
            "connection to server at \"127.0.0.1\", port 1 failed: Connection refused");
}

TEST(ServerWords, AreTamed) {
  const ServerWords words =
      read_server_words("ERROR:  42501: no\x1b[2J\x07 way" + std::string(1'000'000, 'x'));
  EXPECT_EQ(words.message.find('\x1b'), std::string::npos);
  EXPECT_LT(words.message.size(), 5000U);
  EXPECT_EQ(read_server_words("").message, "");
  EXPECT_EQ(read_server_words(":  ").sqlstate, "");
  EXPECT_EQ(read_server_words(":  4250").sqlstate, "");
}

TEST(ServerWords, TellWhatMayBeTriedAgain) {
  for (const char* code : {"40001", "40P01", "XX000", "57P01", "57P03", "08006", "25P03"}) {
    EXPECT_EQ(hope_for_statement(code), Hope::kGood) << code;
  }
  for (const char* code : {"23505", "42710", "42704", "3F000"}) {
    EXPECT_EQ(hope_for_statement(code), Hope::kBrief) << code;
  }
  for (const char* code : {"42501", "55P03", "57014", "53100", "2BP01", "42601", ""}) {
    EXPECT_EQ(hope_for_statement(code), Hope::kNone) << code;
  }
  for (const char* code : {"", "57P03", "53300", "08P01", "XX000"}) {
    EXPECT_EQ(hope_for_login(code), Hope::kGood) << code;
  }
  for (const char* code : {"28P01", "28000", "3D000", "42501"}) {
    EXPECT_EQ(hope_for_login(code), Hope::kNone) << code;
  }
}

TEST(Setback, IsUnknownOnlyAtTheCommit) {
  EXPECT_TRUE((Setback{.phase = Phase::kCommit, .is_lost = true}).is_unknown());
  EXPECT_FALSE((Setback{.phase = Phase::kStatement, .is_lost = true}).is_unknown());
  EXPECT_FALSE((Setback{.phase = Phase::kCommit, .words = {.sqlstate = "40001"}}).is_unknown());
  EXPECT_EQ((Setback{.phase = Phase::kCommit, .is_lost = true}).hope(), Hope::kNone);
  EXPECT_EQ((Setback{.phase = Phase::kCommit, .words = {.sqlstate = "40001"}}).hope(), Hope::kGood);
}

TEST(Setback, ShowsTheBeginningOfALongStatement) {
  EXPECT_EQ(shortened("GRANT\n  SELECT"), "GRANT SELECT");
  std::string names;
  while (names.size() < 1000) names += "ä";
  const std::string shown = shortened("x" + names);
  EXPECT_EQ(shown.size(), 299U + std::string(" …").size());
  EXPECT_TRUE(shown.ends_with("ä …"));
}

}  // namespace
}  // namespace weir::postgres
