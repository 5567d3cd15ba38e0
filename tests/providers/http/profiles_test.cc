#include "providers/http/profiles.h"

#include <gtest/gtest.h>

#include "core/error.h"

namespace weir::http {
namespace {

TEST(Profiles, AreSectionsOfKeysAndValues) {
  const Profiles profiles = parse_profiles(
      "\xEF\xBB\xBFhost = https://a.test\r\n"
      "; a comment\n# another\n\n"
      "[prod]\n  host=https://b.test/#x # of the shop\n\ttoken = pass#word\n[empty]\n",
      "f");
  EXPECT_EQ(profiles.at("DEFAULT").at("host").reveal(), "https://a.test");
  EXPECT_EQ(profiles.at("prod").at("host").reveal(), "https://b.test/#x");
  EXPECT_EQ(profiles.at("prod").at("token").reveal(), "pass#word");
  EXPECT_TRUE(profiles.at("empty").empty());
}

TEST(Profiles, AValueMayHaveEqualsSigns) {
  EXPECT_EQ(parse_profiles("token = a=b=", "f").at("DEFAULT").at("token").reveal(), "a=b=");
}

TEST(Profiles, AColonDoesAsWell) {
  const Profiles profiles = parse_profiles("host: https://a.test:8443\ntoken : a=b\n", "f");
  EXPECT_EQ(profiles.at("DEFAULT").at("host").reveal(), "https://a.test:8443");
  EXPECT_EQ(profiles.at("DEFAULT").at("token").reveal(), "a=b");
}

TEST(Profiles, MistakesAreShownByTheirLineAndNotByTheirText) {
  for (const char* text : {"[prod]\nhunter2\n", "[prod]\n[unfinished\n", "[prod]\n= hunter2\n"}) {
    try {
      parse_profiles(text, "/home/jane/.databrickscfg");
      FAIL() << text;
    } catch (const ConfigurationError& error) {
      const std::string message = error.what();
      EXPECT_TRUE(message.starts_with("/home/jane/.databrickscfg:2: expected ")) << message;
      EXPECT_EQ(message.find("hunter2"), std::string::npos);
    }
  }
}

}  // namespace
}  // namespace weir::http
