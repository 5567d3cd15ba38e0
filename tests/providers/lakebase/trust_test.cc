#include "providers/lakebase/trust.h"

#include <gtest/gtest.h>

#include "providers/lakebase/decode.h"
#include "providers/lakebase/kinds.h"

namespace weir {
namespace {

std::string mistake(const Kind& kind, const char* status) {
  const Document resource = {{"name", "n"}, {"status", Document::parse(status)}};
  const std::string of_form = mistake_in(kind, resource);
  return of_form.empty() ? mistake_in(decode(kind, resource, "")) : of_form;
}

TEST(Trust, NamesTheFieldWhoseTypeIsWrong) {
  EXPECT_EQ(mistake(kBranch, R"({"source_branch": 5})"), "from of n is 5, not a text");
  EXPECT_EQ(mistake(kProject, R"({"display_name": 5})"), "display_name of n is 5, not a text");
  EXPECT_EQ(mistake(kProject, R"({"pg_version": "abc"})"),
            "pg_version of n is \"abc\", not a whole number");
  EXPECT_EQ(mistake(kProject, R"({"history_retention_duration": "-99999999999999999999s"})"),
            "history_retention of n is \"-99999999999999999999s\", not a duration");
  EXPECT_EQ(mistake(kProject, R"({"enable_pg_native_login": "yes"})"),
            "native_login of n is \"yes\", not true or false");
  EXPECT_EQ(mistake(kEndpoint, R"({"autoscaling_limit_min_cu": []})"),
            "min_cu of n is [], not a number");
}

TEST(Trust, BelievesWhatTheServiceMayLearn) {
  EXPECT_EQ(mistake(kEndpoint, R"({"endpoint_type": "ENDPOINT_TYPE_OF_TOMORROW", "news": 1})"), "");
  EXPECT_EQ(mistake(kProject, R"({"pg_version": "17", "display_name": null})"), "");
  EXPECT_EQ(mistake(kRole, R"({"membership_roles": ["SOMETHING_NEW"], "attributes": {"x": true}})"),
            "");
  EXPECT_EQ(mistake(kBranch, "{}"), "");
}

}  // namespace
}  // namespace weir
