#include <algorithm>
#include <map>
#include <set>

#include <fmt/format.h>

#include "cli/github.h"
#include "cli/json_view.h"
#include "cli/markdown_view.h"
#include "cli/sql_view.h"
#include "cli/text_view.h"
#include "core/error.h"
#include "providers/lakebase/kinds.h"
#include "tests/cli/golden.h"
#include "tests/cli/sample_plan.h"

namespace weir {
namespace {

using test::empty_plan;
using test::expect_golden;
using test::large_plan;
using test::sample_plan;

TEST(TextView, ShowsOneOfEverything) {
  expect_golden("plan.txt", plan_text(sample_plan(), Sources(), Terminal{}, std::nullopt));
}

TEST(TextView, HasColoursAndAscii) {
  expect_golden("plan_colour.txt",
                plan_text(sample_plan(), Sources(), Terminal{.has_colour = true, .is_utf8 = false},
                          std::chrono::milliseconds(1234)));
}

TEST(TextView, SaysThatThereIsNothingToDo) {
  expect_golden("plan_empty.txt", plan_text(empty_plan(), Sources(), Terminal{}, std::nullopt));
}

TEST(TextView, ShowsDriftAlone) {
  EXPECT_NE(drift_text(empty_plan(), Terminal{}, std::nullopt, "Nothing.").find("\nNothing.\n\n"),
            std::string::npos);
  expect_golden("drift.txt", drift_text(sample_plan(), Terminal{}, std::nullopt));
  expect_golden("drift_none.txt", drift_text(empty_plan(), Terminal{}, std::nullopt));
}

TEST(TextView, LetsNoControlCharacterThrough) {
  const std::string text = plan_text(sample_plan(), Sources(), Terminal{}, std::nullopt);
  EXPECT_TRUE(std::ranges::none_of(
      text, [](char byte) { return byte != '\n' && static_cast<unsigned char>(byte) < 0x20; }));
  EXPECT_EQ(text.find("\n::"), std::string::npos);
}

/// A script for a database of that name on a branch.
Step a_step_in(const std::string& branch, const std::string& database) {
  return {.action = Action::kExecute,
          .script = Script{.place = {.branch = branch, .database = database},
                           .statements = {{.statement = {.text = "SELECT 1", .why = "so"}}}}};
}

TEST(SqlView, GoesFromDatabaseToDatabaseInPsql) {
  Plan plan = empty_plan();
  plan.steps = {a_step_in("projects/a/branches/b", "orders"),
                a_step_in("projects/a/branches/b", R"(it's \ "x")")};
  EXPECT_EQ(sql_script(plan), R"(\set ON_ERROR_STOP on

-- database orders of projects/a/branches/b
\connect orders
BEGIN;
SET LOCAL lock_timeout = '10s';
-- so
SELECT 1;
COMMIT;

-- database it's \ "x" of projects/a/branches/b
\connect -reuse-previous=on 'dbname=\'it\\\'s \\\\ """"x""""\''
BEGIN;
SET LOCAL lock_timeout = '10s';
-- so
SELECT 1;
COMMIT;
)");
}

TEST(SqlView, AsksWhereEachBranchIsWhenThereAreSeveral) {
  Plan plan = empty_plan();
  plan.steps = {a_step_in("projects/a/branches/b", "orders"),
                a_step_in("projects/a/branches/c", "orders")};
  const std::string text = sql_script(plan);
  for (const char* branch : {"b", "c"}) {
    EXPECT_NE(text.find(fmt::format(R"(-- database orders of projects/a/branches/{}
\prompt 'Connection string of the branch above: ' server
\connect :server
\connect orders
BEGIN;)",
                                    branch)),
              std::string::npos)
        << text;
  }
}

/// psql would execute what stands in backquotes.
TEST(SqlView, WritesNamesThatPsqlCannotTakeInCommentsAlone) {
  const std::string hostile = "\u200B'`touch pwned`'";
  Plan plan = empty_plan();
  plan.steps = {a_step_in("projects/a/branches/b", hostile)};
  sql::Statement& password = plan.steps[0].script->statements[0].statement;
  password.text = "ALTER ROLE U&\"\\200B'`touch pwned`'\" PASSWORD ";
  password.secret_at = password.text.size();
  const std::string script = sql_script(plan);
  EXPECT_NE(script.find("\\quit"), std::string::npos);
  for (std::size_t at = script.find('`'); at != std::string::npos; at = script.find('`', at + 1)) {
    const std::size_t line = script.rfind('\n', at) + 1;
    EXPECT_EQ(script.substr(line, 3), "-- ") << script;
  }
}

TEST(JsonView, HasAllFields) {
  expect_golden("plan.json", pretty(plan_report(sample_plan(), Sources(), std::nullopt)));
}

TEST(JsonView, SaysWhichFieldsAreSecretAndNotWhatTheyAre) {
  Plan plan = empty_plan();
  plan.steps = {
      {.action = Action::kUpdate,
       .address = Address::parse("projects/shop/branches/a/roles/old").value(),
       .kind = &kRole,
       .changes = {
           {.field = find_field(kRole, "password"), .before = "hunter1", .after = "hunter2"},
           {.field = find_field(kRole, "login"), .after = true}}}};
  const Document report = plan_report(plan, Sources(), std::nullopt);
  EXPECT_EQ(report.dump().find("hunter"), std::string::npos);
  const Document& step = report.at("resource_changes").at(0);
  EXPECT_EQ(step.at("sensitive"), Document({{"password", true}}));
  EXPECT_EQ(step.at("before"), Document({{"password", "(secret)"}}));
  EXPECT_EQ(step.at("after"), Document({{"password", "(secret)"}, {"login", true}}));
}

/// Every key of the document and of what is in it.
void collect_keys(const Document& document, std::set<std::string>& keys) {
  // Below these stand names that the caller or the service chose.
  const std::set<std::string> foreign = {"before", "after", "sensitive", "body", "fields", "needs"};
  for (const auto& [key, value] : document.items()) {
    if (document.is_object()) keys.insert(key);
    if (value.is_structured() && foreign.count(key) == 0) collect_keys(value, keys);
  }
}

TEST(JsonView, HasNoKeyWithoutDocumentation) {
  const std::string guide =
      test::read_golden(std::filesystem::path(GOLDEN_FOLDER) / "../../../docs/json.md");
  Document report = plan_report(sample_plan(), Sources(), std::nullopt);
  report.erase("summary");
  std::set<std::string> keys;
  collect_keys(report, keys);
  EXPECT_GT(keys.size(), 30U);
  for (const std::string& key : keys) {
    EXPECT_NE(guide.find("`" + key + "`"), std::string::npos) << key;
  }
}

TEST(JsonView, ShowsDriftAlone) {
  expect_golden("drift.json", pretty(drift_report(sample_plan(), std::nullopt)));
}

TEST(JsonView, SpeaksInLines) {
  const std::string lines = plan_lines(sample_plan(), Sources(), std::nullopt);
  expect_golden("plan.jsonl", lines);
  std::istringstream stream(lines);
  for (std::string line; std::getline(stream, line);) {
    const std::optional<Document> event = parse_document(line);
    ASSERT_TRUE(event) << line;
    EXPECT_FALSE(text_at(*event, "type").empty());
  }
  expect_golden("drift.jsonl", drift_lines(sample_plan(), std::nullopt));
}

TEST(MarkdownView, PutsTheMostDangerousFirst) {
  expect_golden("plan.md", plan_markdown(sample_plan(), kLongestComment));
  expect_golden("drift.md", drift_markdown(sample_plan(), kLongestComment));
}

bool is_closed(const std::string& markdown) {
  std::size_t open = 0;
  std::size_t closed = 0;
  std::size_t fences = 0;
  std::istringstream stream(markdown);
  for (std::string line; std::getline(stream, line);) {
    open += line.starts_with("<details>") ? 1 : 0;
    closed += line == "</details>" ? 1 : 0;
    fences += line.starts_with("```") ? 1 : 0;
  }
  return open == closed && fences % 2 == 0;
}

TEST(MarkdownView, StaysWithinItsSizeAndShowsEveryDestroy) {
  const Plan plan = large_plan(5000, 10);
  const std::string markdown = plan_markdown(plan, kLongestComment);
  EXPECT_LE(markdown.size(), kLongestComment);
  EXPECT_TRUE(is_closed(markdown));
  for (const Step& step : plan.steps) {
    if (!step.is_destructive()) continue;
    EXPECT_NE(markdown.find("`" + step.address.text() + "`"), std::string::npos);
  }
  EXPECT_NE(markdown.find("#### Destroys (500)"), std::string::npos);
  EXPECT_NE(markdown.find("more are not shown here"), std::string::npos);
}

TEST(MarkdownView, StaysWithinAnySize) {
  for (const std::size_t number : {0UL, 1UL, 10UL, 100UL, 1000UL, 5000UL}) {
    for (const std::size_t destroy_every : {0UL, 1UL, 2UL, 7UL}) {
      Plan plan = large_plan(number, destroy_every);
      for (std::size_t i = 0; i < number; i += 3) {
        plan.notices.push_back({.address = plan.steps[i].address, .text = std::string(50, '`')});
        plan.refusals.push_back({.address = plan.steps[i].address.text(), .message = "no"});
      }
      const std::string markdown = plan_markdown(plan, kLongestComment);
      EXPECT_LE(markdown.size(), kLongestComment) << number << " " << destroy_every;
      EXPECT_TRUE(is_closed(markdown)) << number << " " << destroy_every;
    }
  }
}

TEST(JsonView, HasTheWarningsOfTheManifests) {
  const Warnings warnings = {
      {.severity = Severity::kWarning, .rule = "L086", .message = "reads too much"}};
  const Document report = plan_report(sample_plan(), Sources(), std::nullopt, warnings);
  const Document& diagnostics = report.at("diagnostics");
  EXPECT_EQ(diagnostics.size(), sample_plan().refusals.size() + 1);
  EXPECT_EQ(diagnostics.back().at("rule"), "L086");
  EXPECT_EQ(report.at("summary").at("blocked"), sample_plan().refusals.size());
  EXPECT_NE(plan_lines(sample_plan(), Sources(), std::nullopt, warnings).find(R"("rule":"L086")"),
            std::string::npos);
}

TEST(GitHub, WritesSummaryAndOutputs) {
  const std::filesystem::path folder =
      std::filesystem::path(testing::TempDir()) / fmt::format("weir-github-{}", getpid());
  std::filesystem::create_directories(folder);
  const std::map<std::string, std::string> values = {{"GITHUB_OUTPUT", folder / "output"},
                                                     {"GITHUB_STEP_SUMMARY", folder / "summary"}};
  const GetEnvironment getenv = [&](const std::string& name) -> std::optional<std::string> {
    return values.at(name);
  };
  EXPECT_EQ(report_to_github(sample_plan(), getenv), "");
  EXPECT_EQ(test::read_golden(folder / "output"),
            "changes=true\nto_create=2\nto_change=1\nto_destroy=2\nto_replace=1\ndrifted=2\n"
            "blocked=true\n");
  EXPECT_TRUE(test::read_golden(folder / "summary").starts_with("### Plan: 2 to create"));
  std::filesystem::remove_all(folder);
}

TEST(GitHub, SaysWhichFileCannotBeWritten) {
  const auto only = [](const char* variable) -> GetEnvironment {
    return [variable](const std::string& name) -> std::optional<std::string> {
      if (name != variable) return std::nullopt;
      return "/nowhere/at/all";
    };
  };
  EXPECT_EQ(report_to_github(empty_plan(), only("GITHUB_STEP_SUMMARY")),
            "GITHUB_STEP_SUMMARY names /nowhere/at/all, which cannot be written; unset it or make "
            "the file writable");
  EXPECT_THROW(report_to_github(empty_plan(), only("GITHUB_OUTPUT")), ConfigurationError);
}

}  // namespace
}  // namespace weir
