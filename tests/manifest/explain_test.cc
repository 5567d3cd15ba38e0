#include "manifest/explain.h"

#include <gtest/gtest.h>

#include "core/error.h"
#include "providers/lakebase/kinds.h"

namespace weir {
namespace {

std::string page(std::string_view subject) {
  return explain(lakebase_catalogue(), subject);
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
  EXPECT_NE(message("zzz").find("known are project"), std::string::npos);
}

}  // namespace
}  // namespace weir
