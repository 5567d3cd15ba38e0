#include "sql/statements.h"

#include <random>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "sql/quote.h"
#include "tests/cli/golden.h"
#include "tests/sql/every_statement.h"
#include "tests/sql/server.h"

namespace weir::test {
namespace {

using namespace weir::sql;

TEST(Statements, AreAsReviewed) {
  const auto texts = every_statement([](const std::string& position) { return position; });
  expect_golden("statements.txt", fmt::format("{}\n", fmt::join(texts, "\n")));
}

/// Where the quotation that begins at `at` ends: at its last mark, or behind the text.
std::size_t end_of_quotation(const std::string& text, std::size_t at) {
  const char mark = text[at];
  const bool is_escaping = mark == '\'' && at > 0 && text[at - 1] == 'E';
  for (++at; at < text.size(); ++at) {
    const bool is_escape = is_escaping && text[at] == '\\';
    const bool is_doubled = text[at] == mark && at + 1 < text.size() && text[at + 1] == mark;
    if (!is_escape && !is_doubled && text[at] == mark) break;
    if (is_escape || is_doubled) ++at;
  }
  return at;
}

/// A statement without what stands in quotation marks, read as PostgreSQL's scanner does.
std::string skeleton(const std::string& text) {
  std::string result;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char mark = text[at];
    if (mark != '"' && mark != '\'') {
      result += mark;
      continue;
    }
    at = end_of_quotation(text, at);
    EXPECT_LT(at, text.size()) << "a quotation does not end in: " << text;
    // The prefixes of quotations with escapes are part of them.
    if (result.ends_with("U&")) result.resize(result.size() - 2);
    if (result.ends_with("E")) result.pop_back();
    result += mark;
  }
  return result;
}

const std::vector<std::string>& hostile_names() {
  static const std::vector<std::string> names = {"\"",
                                                 "\"\"",
                                                 "'",
                                                 "''",
                                                 "\\",
                                                 "\\'",
                                                 "\\\"",
                                                 "a\"; DROP",
                                                 "'; DROP",
                                                 "--",
                                                 "/*",
                                                 "*/",
                                                 "$$",
                                                 "$1",
                                                 ";",
                                                 "a b",
                                                 "select",
                                                 "PUBLIC",
                                                 "public",
                                                 "CURRENT_USER",
                                                 "session_user",
                                                 "{}",
                                                 "%s",
                                                 "\n",
                                                 "a\nb",
                                                 "\t",
                                                 "\x1b[31m",
                                                 "\xc2\x9b",
                                                 "\xe2\x80\xae",
                                                 "U&\"x",
                                                 "E'",
                                                 "ana@example.com",
                                                 "ü",
                                                 "😀",
                                                 "x) TO evil",
                                                 "a.b",
                                                 std::string(63, 'x'),
                                                 std::string(61, 'y') + "é"};
  return names;
}

TEST(Statements, KeepTheirShapeWhateverTheNames) {
  const auto plain = every_statement([](const std::string& position) { return position; });
  for (const std::string& hostile : hostile_names()) {
    const auto texts = every_statement([&](const std::string&) { return hostile; });
    for (std::size_t at = 0; at < plain.size(); ++at) {
      EXPECT_EQ(skeleton(texts[at]), skeleton(plain[at])) << shown_name(hostile);
      EXPECT_EQ(texts[at].find('\n'),
                hostile.find('\n') == std::string::npos ? std::string::npos : texts[at].find('\n'));
    }
  }
}

TEST(Statements, RefuseWhatCannotBeAName) {
  for (const std::string& impossible :
       {std::string(), std::string("a\0b", 3), std::string("\xff"), std::string("\xc0\xaf"),
        std::string("\xed\xa0\x80"), std::string(64, 'x')}) {
    EXPECT_THROW(quoted_name(impossible), QuoteError) << shown_name(impossible);
    EXPECT_NE(problem_with_name(impossible), "");
  }
  EXPECT_THROW(quoted_literal(std::string("a\0b", 3)), QuoteError);
  EXPECT_THROW(change_owner(ObjectClass::kLargeObject, {.name = "1; DROP"}, "x"), QuoteError);
}

TEST(Statements, ShowNoSecret) {
  const StatementWithSecret statement = set_password("ana '; --");
  EXPECT_EQ(statement.text, R"(ALTER ROLE "ana '; --" PASSWORD )");
  const Secret whole =
      with_secret(statement.text, statement.secret_at, Secret("SCRAM-SHA-256$x'y"));
  EXPECT_EQ(whole.reveal(), R"(ALTER ROLE "ana '; --" PASSWORD 'SCRAM-SHA-256$x''y')");
}

/// A name of random bytes that PostgreSQL can keep, mostly of characters that mean something.
std::string random_name(std::mt19937& random) {
  static const std::vector<std::string> pieces = {
      "\"", "'", "\\", ";",  "-",    "*",  "/",  "$", "a",  "B",        " ",
      ".",  "(", ")",  "\n", "\x01", "U&", "E'", "ü", "😀", "\xc2\x85", "\xe2\x80\xae"};
  std::string name;
  const std::size_t length = 1 + random() % 12;
  while (name.size() < length) name += pieces[random() % pieces.size()];
  return name;
}

/// WEIR_NAMES=100000 for the long run.
TEST(HostileNames, ComeBackFromPostgresAsTheyWereSent) {
  const char* wanted = std::getenv("WEIR_NAMES");
  const int batches = (wanted == nullptr ? 20'000 : std::stoi(wanted)) / 500;
  Session session("postgres");
  std::mt19937 random(1);
  for (int batch = 0; batch < batches; ++batch) {
    std::vector<std::string> names;
    std::string query = "SELECT ";
    for (int count = 0; count < 500; ++count) {
      names.push_back(random_name(random));
      query += (count == 0 ? "" : ", ") + quoted_literal(names.back()) + " AS " +
               quoted_name(names.back());
    }
    const pqxx::result result = session.rows(query);
    ASSERT_EQ(result.columns(), names.size());
    for (pqxx::row::size_type at = 0; at < names.size(); ++at) {
      ASSERT_EQ(result.column_name(at), names[at]);
      ASSERT_EQ(result[0][at].c_str(), names[at]);
    }
  }
}

}  // namespace
}  // namespace weir::test
