#include "providers/http/host.h"

#include <gtest/gtest.h>

#include "core/error.h"

namespace weir::http {
namespace {

TEST(Host, IsNormalised) {
  const std::pair<const char*, const char*> cases[] = {
      {"example.cloud.databricks.com", "https://example.cloud.databricks.com"},
      {"https://Example.Test/", "https://example.test"},
      {"https://example.test/some/path?x=1#part", "https://example.test"},
      {"http://127.0.0.1:8765/", "http://127.0.0.1:8765"},
      {"HTTPS://example.test:8443", "https://example.test:8443"},
      {"https://[::1]:8443/x", "https://[::1]:8443"},
  };
  for (const auto& [written, url] : cases) EXPECT_EQ(parse_host(written, "test").url, url);
}

TEST(Host, TakesIdsFromTheQuery) {
  EXPECT_EQ(parse_host("https://x.test/?o=123", "t").workspace_id, "123");
  EXPECT_EQ(parse_host("https://x.test/?o=12a", "t").workspace_id, "");
  EXPECT_EQ(parse_host("https://x.test/?workspace_id=9&a=acc", "t").workspace_id, "9");
  EXPECT_EQ(parse_host("https://x.test?w=7", "t").workspace_id, "7");
  EXPECT_EQ(parse_host("https://x.test/?o=1&account_id=acc#o=2", "t").account_id, "acc");
}

TEST(Host, RefusesWhatIsNone) {
  for (const char* written :
       {"ftp://x.test", "https://", "https://user:pw@x.test", "https://x.test@evil.test",
        "https://x test", "https://b\u00FCcher.test", "https://x.test:0", "https://x.test:99999",
        "https://x.test:", "file:///etc/passwd", "https://x\\y.test", "https://[::1"}) {
    EXPECT_THROW(parse_host(written, "DATABRICKS_HOST"), ConfigurationError) << written;
  }
}

TEST(Host, NamesTheOriginAndNeverThePassword) {
  try {
    parse_host("https://jane:hunter2@x.test", "DATABRICKS_HOST");
    FAIL();
  } catch (const ConfigurationError& error) {
    const std::string text = error.what();
    EXPECT_NE(text.find("DATABRICKS_HOST"), std::string::npos);
    EXPECT_EQ(text.find("hunter2"), std::string::npos);
  }
}

TEST(Host, SaysWhenItStandsInQuotes) {
  try {
    parse_host("\"https://x.test\"", "profile prod");
    FAIL();
  } catch (const ConfigurationError& error) {
    EXPECT_NE(std::string(error.what()).find("it stands in quotes"), std::string::npos);
  }
}

TEST(Host, OriginsCompareWithoutTheUsualPort) {
  EXPECT_EQ(origin_of("https://X.test:443/a?b"), "https://x.test");
  EXPECT_EQ(origin_of("http://x.test:80"), "http://x.test");
  EXPECT_EQ(origin_of("https://x.test:8443/a"), "https://x.test:8443");
  EXPECT_EQ(origin_of("/oidc/v1/token"), "");
  EXPECT_EQ(origin_of("https://a@b.test"), "");
}

TEST(Host, EncodesWhatPathsDoNotHave) {
  EXPECT_EQ(percent_encode("a-b_c.d~1"), "a-b_c.d~1");
  EXPECT_EQ(percent_encode("a/b c?%\xC3\xBC"), "a%2Fb%20c%3F%25%C3%BC");
}

}  // namespace
}  // namespace weir::http
