#include "planner/diff.h"

#include <gtest/gtest.h>

#include "tests/support/worlds.h"

namespace weir::test {
namespace {

Difference difference_of(const Declaration& declaration, const Record* record,
                         const Observed& observed) {
  const Wish wish = {.declaration = &declaration, .record = record, .wanted = declaration.fields};
  return diff(wish, observed, at("2026-05-02T00:00:00Z"));
}

TEST(Diff, SaysThatAChangeIsAnAdoptionWhenNothingWasEverApplied) {
  const Observed observed = an_observed(kProject, "projects/shop", {{"display_name", "theirs"}});
  const Difference difference =
      difference_of(a_project("shop").with("display_name", "mine"), nullptr, observed);
  ASSERT_EQ(difference.changes.size(), 1U);
  EXPECT_EQ(difference.changes[0].reason, Reason::kAdopted);
  EXPECT_EQ(difference.changes[0].before, "theirs");
}

TEST(Diff, DoesNotCompareWhatNobodyEverDeclared) {
  const Observed observed =
      an_observed(kEndpoint, "e", {{"min_cu", 1}, {"max_cu", 1}, {"suspend_after", "86400s"}});
  const Record record = {.address = *Address::parse("a/b"), .kind = "endpoint", .remote_name = "e"};
  EXPECT_TRUE(difference_of(an_endpoint("primary"), &record, observed).changes.empty());
  EXPECT_TRUE(difference_of(an_endpoint("primary"), nullptr, observed).changes.empty());
}

TEST(Diff, ComparesDurationsByMeaning) {
  const Observed observed =
      an_observed(kProject, "projects/shop", {{"history_retention", "604800s"}});
  EXPECT_TRUE(difference_of(a_project("shop").with("history_retention", "1w"), nullptr, observed)
                  .changes.empty());
  EXPECT_TRUE(difference_of(a_project("shop").with("history_retention", "168h"), nullptr, observed)
                  .changes.empty());
}

TEST(Diff, ReportsDriftAgainstTheRecordAlone) {
  const Record record = {.address = *Address::parse("projects/shop"),
                         .kind = "project",
                         .remote_name = "projects/shop",
                         .fields = {{"display_name", "a"}}};
  const Observed observed = an_observed(kProject, "projects/shop", {{"display_name", "b"}});
  const auto changes = drift(record, observed, nullptr, {});
  ASSERT_EQ(changes.size(), 1U);
  EXPECT_EQ(changes[0].before, "a");
  EXPECT_EQ(changes[0].after, "b");
  EXPECT_EQ(changes[0].reason, Reason::kDrift);
}

TEST(Diff, ReadsEveryValueThatFieldsAreResetTo) {
  for (const Kind* kind : lakebase_catalogue().kinds()) {
    for (const Field& field : kind->fields) {
      if (field.reset_to.empty()) continue;
      const Declaration declaration = {.address = *Address::parse("a/b"), .kind = kind};
      Record record = {.address = declaration.address, .kind = "k", .remote_name = "n"};
      const auto [one, two] = two_values(field);
      record.fields[std::string(field.name)] = std::get<Document>(read_value(field, one));
      Observed observed = {.kind = kind, .name = "n", .fields = record.fields};
      const Difference difference = difference_of(declaration, &record, observed);
      EXPECT_TRUE(difference.released.empty()) << kind->name << "." << field.name;
    }
  }
}

TEST(Diff, GivesTheFieldsOfWhatExists) {
  const Observed observed = an_observed(kBranch, "b", {{"protected", true}});
  EXPECT_EQ(wanted_fields_of(observed),
            (Document{{"expires", {{"never", true}}}, {"protected", true}}));
}

}  // namespace
}  // namespace weir::test
