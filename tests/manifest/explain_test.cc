#include "manifest/explain.h"

#include <gtest/gtest.h>

#include "core/error.h"
#include "manifest/inside/words.h"
#include "manifest/words.h"
#include "providers/lakebase/kinds.h"

namespace weir {
namespace {

std::string page(std::string_view subject) {
  constexpr std::array kRefusals = {RuleText{"P007", "Consent is needed.", "behaviour 7"}};
  return explain(lakebase_catalogue(), kRefusals, subject);
}

TEST(Explain, DescribesAField) {
  EXPECT_EQ(page("branch.expires"), R"(branch.expires
  When it ends: never, so long after its creation, or at a time.

  form          never, a duration such as 7d, or a time such as "2026-04-27T09:15:00Z"
  example       expires: 7d
  left out      stays as it is
  a change      updates the branch
  in the API    spec, spec.expiration (update mask), status.expire_time (in answers)
)");
}

TEST(Explain, SaysThatAChangeReplaces) {
  EXPECT_NE(page("project.pg_version").find("replaces the project: it is fixed at creation"),
            std::string::npos);
  EXPECT_NE(page("project.default_endpoint.min_cu").find("default_endpoint: { min_cu: 0.5 }"),
            std::string::npos);
  EXPECT_NE(page("role.password").find("is weir's own business"), std::string::npos);
}

TEST(Explain, DescribesAKindByBothOfItsNames) {
  EXPECT_EQ(page("branch"), page("branches"));
  EXPECT_NE(page("branch").find("projects/KEY/branches/KEY"), std::string::npos);
  EXPECT_NE(page("branch").find("on_expiry needs expires"), std::string::npos);
  EXPECT_NE(page("branch").find("endpoints"), std::string::npos);
  EXPECT_NE(page("permissions").find("none: there is one in each project"), std::string::npos);
}

TEST(Explain, DescribesRulesOfEachPart) {
  EXPECT_NE(page("M007").find("Files merge by path"), std::string::npos);
  EXPECT_NE(page("Y010").find("Y010"), std::string::npos);
  EXPECT_EQ(page("P007"), "P007\n  Consent is needed.\n\n  source        behaviour 7\n");
}

TEST(Explain, DescribesLimitsAndHowToOverrideThem) {
  EXPECT_EQ(page("branch_ttl_maximum"), page("limits.branch_ttl_maximum"));
  EXPECT_EQ(page("branch_ttl_maximum"), R"(limits.branch_ttl_maximum
  The longest lifetime of a branch that expires.

  known         30d
  source        service-rules Q-7
  disputed      yes: the sources disagree
  override      limits: { branch_ttl_maximum: { value: 30d, reason: WHY } }
)");
  EXPECT_NE(page("limits").find("branches_per_project"), std::string::npos);
  EXPECT_NE(page("limits").find("members made by for_each                 10,000     M037"),
            std::string::npos)
      << page("limits");
}

TEST(Explain, DescribesEveryWordOfTheLanguage) {
  for (const Word& word : all_words()) {
    EXPECT_NE(page(word.path).find(word.doc), std::string::npos) << word.path;
    EXPECT_TRUE(word.doc.ends_with('.')) << word.path;
    EXPECT_FALSE(word.example.empty()) << word.path;
  }
  EXPECT_EQ(page("patch"), page("environments.patch"));
  EXPECT_EQ(page("lifecycle"), R"(lifecycle
  What weir may do with a resource.

  Example
    lifecycle: { protect: true }

  Keys
    protect                        Refuses plans that delete or replace it, also once it is no longer declared.
    on_remove                      What taking the declaration away means: delete, keep, or fail until it is allowed on the command line.
    adopt                          Whether one that exists already is taken over; true unless it says no.
    ignore                         Fields that are set at creation and left alone later.
)");
}

TEST(Explain, DescribesEveryWordForTheInsideOfDatabases) {
  for (const inside::Word& word : inside::all_words()) {
    EXPECT_NE(page(word.path).find(word.doc), std::string::npos) << word.path;
    EXPECT_TRUE(word.doc.ends_with('.')) << word.path;
    EXPECT_NE(word.example.find(word.key()), std::string::npos) << word.path;
  }
  EXPECT_EQ(page("database.settings"), R"(database.settings
  What sessions in this database begin with, by the names of settings.

  form          a map of texts
  example       settings: { search_path: "app, public", statement_timeout: 30s }
  left out      says nothing: what is there stays as it is
)");
  EXPECT_EQ(page("databases.access"), page("database.access"));
}

TEST(Explain, DescribesSchemasLikeAKind) {
  EXPECT_EQ(page("schema"), page("schemas"));
  EXPECT_NE(page("schema").find("projects/KEY/branches/KEY/databases/KEY/schemas/KEY"),
            std::string::npos);
  EXPECT_NE(page("schema").find("    created_by "), std::string::npos);
  EXPECT_NE(page("database").find("    default_privileges "), std::string::npos);
  EXPECT_NE(page("role").find("    member_of "), std::string::npos);
}

TEST(Explain, SaysWhatAccessProfilesGive) {
  EXPECT_NE(page("access_profiles").find("readwrite"), std::string::npos);
  EXPECT_NE(page("access_profiles").find("tables: SELECT, INSERT, UPDATE, DELETE"),
            std::string::npos);
  EXPECT_NE(page("access").find("schema.access"), std::string::npos);
  EXPECT_NE(page("access").find("database.access"), std::string::npos);
}

TEST(Explain, FindsFieldsWithoutTheirKind) {
  EXPECT_EQ(page("expires"), page("branch.expires"));
  EXPECT_NE(page("min_cu").find("endpoint.min_cu"), std::string::npos);
  EXPECT_NE(page("default_endpoint").find("default_endpoint.max_cu"), std::string::npos);
  EXPECT_EQ(page("default_endpoint"), page("project.default_endpoint"));
}

TEST(Explain, SaysWhatIsSimilarToWhatIsUnknown) {
  const auto message = [](std::string_view subject) -> std::string {
    try {
      page(subject);
    } catch (const UsageError& error) {
      return error.what();
    }
    return "";
  };
  EXPECT_EQ(message("brnach"),
            "there is nothing to explain called \"brnach\"; did you mean \"branch\"?");
  EXPECT_EQ(message("branch.expire"),
            "there is nothing to explain called \"branch.expire\"; did you mean "
            "\"branch.expires\"?");
  EXPECT_EQ(message("lifecicle"),
            "there is nothing to explain called \"lifecicle\"; did you mean \"lifecycle\"?");
  EXPECT_EQ(message("branch_ttl_maximun"),
            "there is nothing to explain called \"branch_ttl_maximun\"; did you mean "
            "\"branch_ttl_maximum\"?");
  EXPECT_EQ(message("schema.acces"),
            "there is nothing to explain called \"schema.acces\"; did you mean "
            "\"schema.access\"?");
  EXPECT_EQ(message("database.grant"),
            "there is nothing to explain called \"database.grant\"; did you mean "
            "\"database.grants\"?");
  EXPECT_NE(message("zzz").find("known are project"), std::string::npos);
}

}  // namespace
}  // namespace weir
