#include "manifest/state_choice.h"

#include <gtest/gtest.h>

#include "tests/manifest/load_text.h"

namespace weir::test {
namespace {

LoadOptions in(const std::string& environment) {
  return {.files = {}, .environment = environment, .variables = {}, .getenv = {}};
}

TEST(StateChoice, IsAFileSeenFromTheManifest) {
  const std::string text = "version: weir/v1\nname: shop\nstate: { sqlite: ../shop.db }\n";
  EXPECT_EQ(load_texts({{"estates/shop/weir.yaml", text}}).manifest.state.file, "estates/shop.db");
}

TEST(StateChoice, IsTheDatabaseOfTheEnvironmentInsteadOfTheFileAtTheTop) {
  const std::string text =
      "state: { sqlite: shop.db }\n"
      "environments:\n"
      "  dev: {}\n"
      "  qa: { state: { postgres: \"postgres://weir@db.example/weir-${env.name}\" } }\n"
      "  prod: { state: { postgres: { from: { file: /run/state } } } }\n";
  EXPECT_EQ(document_of(load_text(text, in("dev")).manifest.state),
            Document({{"sqlite", "shop.db"}}));
  EXPECT_EQ(document_of(load_text(text, in("qa")).manifest.state),
            Document({{"postgres", "postgres://weir@db.example/weir-qa"}}));
  EXPECT_EQ(document_of(load_text(text, in("prod")).manifest.state),
            Document::parse(R"({"postgres": {"from": {"file": "/run/state"}}})"));
}

TEST(StateChoice, HasItsMistakesSaidWithoutRepeatingWhatMayBeSecret) {
  const std::vector<std::pair<std::string, std::string>> written_and_said = {
      {"{ sqlite: a.db, postgres: \"postgres://u@db/weir\" }",
       "state: expected exactly one of sqlite, postgres"},
      {"{}", "state: expected exactly one of sqlite, postgres"},
      {"a.db", "state: expected a map; not the text"},
      {"{ sqllite: a.db }", "did you mean \"sqlite\"?"},
      {"{ sqlite: 7 }", "state.sqlite: expected a text; not the number 7"},
      {"{ sqlite: \"postgres://u@db/weir\" }", "state.sqlite: expected a file; not a URL"},
      {"{ postgres: db.example }", "state.postgres: expected postgres://USER@HOST"},
      {"{ postgres: \"postgres://u:hunter2@db/weir\" }",
       "error[M024] state.postgres: a password cannot stand in the manifest"},
      {"{ postgres: \"postgres://u@db/weir?password=hunter2\" }",
       "error[M024] state.postgres: a password cannot stand in the manifest"},
      {"{ postgres: { from: { env: A, file: b } } }",
       "state.postgres.from: expected exactly one of env, file"},
      {"{ postgres: { from: { secret: A } } }", "unknown key state.postgres.from.secret"},
      {"{ postgres: { from: { env: \"\" } } }", "state.postgres.from.env: expected a text"}};
  for (const auto& [written, said] : written_and_said) {
    const Loaded loaded = load_text("state: " + written + "\n");
    EXPECT_NE(loaded.said().find(said), std::string::npos) << loaded.said();
    EXPECT_EQ(loaded.said().find("hunter2"), std::string::npos) << loaded.said();
    EXPECT_FALSE(loaded.manifest.state.is_made()) << written;
  }
}

TEST(StateChoice, IsReadBackFromJsonAsItWasWritten) {
  for (const StateChoice& choice :
       {StateChoice{}, StateChoice{.file = "a.db"},
        StateChoice{.postgres = {.text = "postgres://u@db/weir"}},
        StateChoice{.postgres = {.source = "env", .source_name = "SHOP_STATE"}}}) {
    const auto read = read_state_choice(document_of(choice));
    ASSERT_TRUE(read) << to_text(document_of(choice));
    EXPECT_EQ(document_of(*read), document_of(choice));
  }
  for (const char* wrong : {"7", "{}", R"({"sqlite": ""})", R"({"sqlite": "a", "postgres": "b"})",
                            R"({"postgres": {"from": {}}})", R"({"postgres": {"from": "env"}})",
                            R"({"postgres": {"from": {"env": "A", "file": "b"}}})"}) {
    EXPECT_FALSE(read_state_choice(Document::parse(wrong))) << wrong;
  }
}

}  // namespace
}  // namespace weir::test
