#include "providers/http/identification.h"

#include <regex>

#include <gtest/gtest.h>

namespace weir::http {
namespace {

TEST(Identification, FollowsTheConvention) {
  const Environment nowhere = [](const std::string&) { return ""; };
  const Environment github = [](const std::string& name) {
    return name == "GITHUB_ACTIONS" ? "true" : "";
  };
  EXPECT_TRUE(std::regex_match(user_agent("pat", nowhere),
                               std::regex(R"(weir/\d+\.\d+\.\d+ os/linux auth/pat)")));
  EXPECT_TRUE(user_agent("oauth-m2m", github).ends_with("auth/oauth-m2m cicd/github"));
}

TEST(Identification, EachTraceIsNew) {
  const std::string first = new_traceparent();
  EXPECT_TRUE(std::regex_match(first, std::regex("00-[0-9a-f]{32}-[0-9a-f]{16}-01")));
  EXPECT_NE(first, new_traceparent());
}

}  // namespace
}  // namespace weir::http
