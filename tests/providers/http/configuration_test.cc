#include "providers/http/configuration.h"

#include <map>
#include <string>
#include <utility>

#include <gtest/gtest.h>

#include "core/error.h"
#include "tests/support/temporary_folder.h"

namespace weir::http {
namespace {

using Values = std::map<std::string, std::string>;

Environment environment_of(Values values) {
  return [values = std::move(values)](const std::string& name) {
    const auto found = values.find(name);
    return found == values.end() ? "" : found->second;
  };
}

constexpr const char* kFile = R"([DEFAULT]
host  = https://default.test
token = dapi-default

[prod]
host          = https://prod.test
client_id     = id
client_secret = hunter2
workspace_id  = 42

[bare]
)";

/// Resolves with a file of profiles in the home folder.
Configuration resolve(const std::string& file, Values environment, const Values& given = {}) {
  const test::TemporaryFolder home;
  home.write(".databrickscfg", file);
  environment.emplace("HOME", home.path());
  return resolve_configuration(given, environment_of(environment));
}

std::string complaint(const std::string& file, const Values& environment,
                      const Values& given = {}) {
  try {
    resolve(file, environment, given);
  } catch (const ConfigurationError& error) {
    return error.what();
  }
  return "";
}

bool has_all(const std::string& text, const std::vector<std::string>& parts) {
  return std::all_of(parts.begin(), parts.end(),
                     [&](const std::string& part) { return text.find(part) != std::string::npos; });
}

TEST(Configuration, FlagsGoBeforeTheEnvironmentBeforeTheProfile) {
  const Values environment = {{"DATABRICKS_HOST", "https://env.test"},
                              {"DATABRICKS_CONFIG_PROFILE", "prod"}};
  const Configuration by_flag = resolve(kFile, environment, {{"host", "https://flag.test"}});
  EXPECT_EQ(by_flag.host(), "https://flag.test");
  EXPECT_EQ(by_flag.origin("host"), "--host");
  const Configuration by_environment = resolve(kFile, environment);
  EXPECT_EQ(by_environment.host(), "https://env.test");
  EXPECT_EQ(by_environment.origin("host"), "DATABRICKS_HOST");
  EXPECT_EQ(by_environment.text("client_id"), "id");
  const Configuration by_profile = resolve(kFile, {{"DATABRICKS_CONFIG_PROFILE", "prod"}});
  EXPECT_EQ(by_profile.host(), "https://prod.test");
  EXPECT_TRUE(by_profile.origin("host").starts_with("profile prod of /"));
}

TEST(Configuration, FlagsChooseTheProfileBeforeTheEnvironment) {
  const Configuration chosen =
      resolve(kFile, {{"DATABRICKS_CONFIG_PROFILE", "bare"}}, {{"profile", "prod"}});
  EXPECT_EQ(chosen.host(), "https://prod.test");
}

TEST(Configuration, TheFileIsNotReadWhenTheHostOrALoginIsKnown) {
  EXPECT_FALSE(resolve(kFile, {{"DATABRICKS_HOST", "https://env.test"}}).has("token"));
  const std::string text = complaint(kFile, {{"DATABRICKS_TOKEN", "dapi-1"}});
  EXPECT_TRUE(has_all(text, {"no workspace is configured", "DATABRICKS_HOST"})) << text;
}

TEST(Configuration, WithoutAnyWishTheDefaultProfileIsTaken) {
  EXPECT_EQ(resolve(kFile, {}).secret("token").reveal(), "dapi-default");
  const std::string with_settings = std::string(kFile) + "[__settings__]\ndefault_profile = prod\n";
  EXPECT_EQ(resolve(with_settings, {}).host(), "https://prod.test");
  EXPECT_EQ(resolve(with_settings, {{"DATABRICKS_CONFIG_PROFILE", "DEFAULT"}}).host(),
            "https://default.test");
}

TEST(Configuration, AnUnknownOrEmptyProfileIsAnError) {
  for (const char* name : {"nobody", "bare"}) {
    const std::string text = complaint(kFile, {{"DATABRICKS_CONFIG_PROFILE", name}});
    EXPECT_TRUE(has_all(text, {".databrickscfg has no ", name, "DATABRICKS_CONFIG_PROFILE"}))
        << text;
  }
  const std::string text = complaint("[__settings__]\ndefault_profile = gone\n", {});
  EXPECT_TRUE(has_all(text, {"gone", "default_profile in /"})) << text;
}

TEST(Configuration, SettingsAreNoProfile) {
  const std::string text =
      complaint("[__settings__]\nhost = https://x.test\n", {}, {{"profile", "__settings__"}});
  EXPECT_TRUE(has_all(text, {"__settings__", "no profile"})) << text;
}

TEST(Configuration, AMissingDefaultOrFileIsAnErrorOnlyForWantOfAHost) {
  EXPECT_TRUE(has_all(complaint("[prod]\nhost = x.test\n", {}), {"no workspace is configured"}));
  const std::string text = complaint(kFile, {{"DATABRICKS_CONFIG_FILE", "/nowhere/cfg"}});
  EXPECT_TRUE(has_all(text, {"no workspace is configured", "/nowhere/cfg does not exist"})) << text;
}

TEST(Configuration, ATildeLeadsHome) {
  const test::TemporaryFolder home;
  home.write("other", "host = https://other.test\n");
  const Configuration configuration = resolve_configuration(
      {}, environment_of({{"HOME", home.path()}, {"DATABRICKS_CONFIG_FILE", "~/other"}}));
  EXPECT_EQ(configuration.host(), "https://other.test");
}

TEST(Configuration, TheQueryOfTheHostGivesTheWorkspaceUnlessItIsSaid) {
  EXPECT_EQ(resolve("", {{"DATABRICKS_HOST", "https://x.test/?o=7"}}).workspace_id(), "7");
  EXPECT_EQ(
      resolve("", {{"DATABRICKS_HOST", "https://x.test/?o=7"}, {"DATABRICKS_WORKSPACE_ID", "8"}})
          .workspace_id(),
      "8");
}

TEST(Configuration, TwoWaysToLogInAreAnError) {
  const Values environment = {{"DATABRICKS_HOST", "https://x.test"},
                              {"DATABRICKS_TOKEN", "dapi-hunter2"},
                              {"DATABRICKS_CLIENT_ID", "id"},
                              {"DATABRICKS_CLIENT_SECRET", "hunter2"}};
  const std::string text = complaint("", environment);
  EXPECT_TRUE(has_all(text, {"more than one authorization method configured", "oauth", "pat",
                             "DATABRICKS_TOKEN", "DATABRICKS_CLIENT_ID"}))
      << text;
  EXPECT_EQ(text.find("hunter2"), std::string::npos);
  Values decided = environment;
  decided["DATABRICKS_AUTH_TYPE"] = "pat";
  EXPECT_EQ(complaint("", decided), "");
}

TEST(Configuration, NeverShowsSecretsAsText) {
  const Configuration configuration = resolve(kFile, {{"DATABRICKS_CONFIG_PROFILE", "prod"}});
  EXPECT_EQ(configuration.text("client_secret"), "");
  EXPECT_EQ(configuration.secret("client_secret").reveal(), "hunter2");
}

TEST(Configuration, RefusesToSkipVerification) {
  const std::string text = complaint("host = x.test\nskip_verify = true\n", {});
  EXPECT_TRUE(has_all(text, {"skip_verify", "SSL_CERT_FILE"})) << text;
}

TEST(Configuration, ReadsNumbersOrSaysWhereTheyAreWrong) {
  const Configuration configuration =
      resolve("host = x.test\nretry_timeout_seconds = -1\nrate_limit = fast\n", {});
  EXPECT_EQ(configuration.number("retry_timeout_seconds", 300), -1);
  EXPECT_EQ(configuration.number("http_timeout_seconds", 60), 60);
  EXPECT_THROW(configuration.number("rate_limit", 15), ConfigurationError);
}

TEST(Configuration, TakesTheFirstFileOfAuthorities) {
  const Values environment = {{"DATABRICKS_HOST", "x.test"},
                              {"REQUESTS_CA_BUNDLE", "/r.pem"},
                              {"CURL_CA_BUNDLE", "/c.pem"}};
  EXPECT_EQ(resolve("", environment).authorities(), "/c.pem");
}

}  // namespace
}  // namespace weir::http
