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
Configuration resolve(const std::string& file, Values environment, const Values& given = {},
                      const Suggestion& suggestion = {}) {
  const test::TemporaryFolder home;
  home.write(".databrickscfg", file);
  environment.emplace("HOME", home.path());
  return resolve_configuration(given, environment_of(environment), suggestion);
}

std::string complaint(const std::string& file, const Values& environment, const Values& given = {},
                      const Suggestion& suggestion = {}) {
  try {
    resolve(file, environment, given, suggestion);
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
                              {"DATABRICKS_TOKEN", "dapi-env"}};
  const Configuration by_flag = resolve(kFile, environment, {{"host", "https://flag.test"}});
  EXPECT_EQ(by_flag.host(), "https://flag.test");
  EXPECT_EQ(by_flag.origin("host"), "-host");
  const Configuration by_environment = resolve(kFile, environment);
  EXPECT_EQ(by_environment.host(), "https://env.test");
  EXPECT_EQ(by_environment.origin("host"), "DATABRICKS_HOST");
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

constexpr const char* kTwoHosts = R"([DEFAULT]
host  = https://default.test
token = dapi-default

[dev]
host  = https://dev.test
token = dapi-dev

[bare]
host = https://bare.test
)";

TEST(Configuration, ANamedProfileMustBeThere) {
  const test::TemporaryFolder home;
  const auto complaint_of = [&](const Values& given, Values environment,
                                const Suggestion& suggestion) -> std::string {
    environment["HOME"] = home.path();
    environment["DATABRICKS_HOST"] = "https://x.test";
    try {
      resolve_configuration(given, environment_of(environment), suggestion);
    } catch (const ConfigurationError& error) {
      return error.what();
    }
    return "";
  };
  EXPECT_TRUE(has_all(complaint_of({{"profile", "nope"}}, {}, {}),
                      {"-profile names the profile nope, but /", ".databrickscfg does not exist"}));
  EXPECT_TRUE(has_all(complaint_of({}, {{"DATABRICKS_CONFIG_PROFILE", "nope"}}, {}),
                      {"DATABRICKS_CONFIG_PROFILE names the profile nope"}));
  EXPECT_TRUE(has_all(complaint_of({}, {}, {.origin = "the manifest", .profile = "nope"}),
                      {"the manifest names the profile nope"}));
  EXPECT_EQ(complaint_of({}, {}, {}), "");
}

TEST(Configuration, AFileOfProfilesThatCannotBeReadIsNotPassedOver) {
  const std::string text = complaint("", {{"DATABRICKS_CONFIG_FILE", "/dev/zero"}});
  EXPECT_TRUE(has_all(text, {"/dev/zero cannot be read: it is no regular file"})) << text;
}

TEST(Configuration, AProfileForAnotherHostThanTheEnvironmentsIsRefused) {
  for (const Values& given : {Values{{"profile", "dev"}}, Values{}}) {
    Values environment = {{"DATABRICKS_HOST", "https://env.test"}};
    if (given.empty()) environment["DATABRICKS_CONFIG_PROFILE"] = "dev";
    const std::string text = complaint(kTwoHosts, environment, given);
    EXPECT_TRUE(has_all(text, {"DATABRICKS_HOST is https://env.test", "profile dev of /",
                               "is for https://dev.test"}))
        << text;
  }
  EXPECT_EQ(resolve(kTwoHosts, {{"DATABRICKS_HOST", "HTTPS://dev.test:443/"}}, {{"profile", "dev"}})
                .secret("token")
                .reveal(),
            "dapi-dev");
}

TEST(Configuration, CredentialsOfTheEnvironmentDoNotGoToAProfileWithItsOwn) {
  const Values environment = {{"DATABRICKS_TOKEN", "dapi-env"}};
  const std::string text = complaint(kTwoHosts, environment, {{"profile", "dev"}});
  EXPECT_TRUE(has_all(text, {"DATABRICKS_TOKEN is set", "https://dev.test", "-profile"})) << text;
  EXPECT_EQ(text.find("dapi"), std::string::npos);
  // The caller's own word joins a host without a login to a login without a host.
  EXPECT_EQ(resolve(kTwoHosts, environment, {{"profile", "bare"}}).host(), "https://bare.test");
  EXPECT_TRUE(
      has_all(complaint(kTwoHosts, environment, {}, {.origin = "the manifest", .profile = "bare"}),
              {"DATABRICKS_TOKEN is set", "the manifest"}));
}

TEST(Configuration, AManifestsHostNeverTakesCredentialsOfAnother) {
  const Suggestion evil = {.origin = "the manifest", .host = "https://evil.test"};
  const Values environment = {{"DATABRICKS_HOST", "https://env.test"},
                              {"DATABRICKS_TOKEN", "dapi-env"}};
  std::string text = complaint(kTwoHosts, environment, {}, evil);
  EXPECT_TRUE(has_all(
      text, {"the manifest is for https://evil.test", "DATABRICKS_HOST is https://env.test"}))
      << text;
  text = complaint(kTwoHosts, {{"DATABRICKS_TOKEN", "dapi-env"}}, {}, evil);
  EXPECT_TRUE(has_all(
      text, {"the manifest is for https://evil.test", "DATABRICKS_TOKEN", "set DATABRICKS_HOST"}))
      << text;
  text = complaint(kTwoHosts, {}, {}, evil);
  EXPECT_TRUE(has_all(text, {"no profile of /", "set DATABRICKS_HOST"})) << text;
  text = complaint(kTwoHosts, {}, {{"profile", "dev"}}, evil);
  EXPECT_TRUE(has_all(text, {"https://evil.test", "https://dev.test"})) << text;
  EXPECT_THROW(resolve(kTwoHosts, environment, {}, evil), WrongWorkspace);
}

TEST(Configuration, AManifestsHostChoosesTheProfileThatIsForIt) {
  const Suggestion wish = {.origin = "the manifest", .host = "dev.test"};
  const Configuration chosen = resolve(kTwoHosts, {}, {}, wish);
  EXPECT_EQ(chosen.host(), "https://dev.test");
  EXPECT_EQ(chosen.secret("token").reveal(), "dapi-dev");
  EXPECT_EQ(resolve(kTwoHosts, {{"DATABRICKS_HOST", "https://dev.test"}}, {}, wish).host(),
            "https://dev.test");
  const std::string twice = std::string(kTwoHosts) + "[again]\nhost = https://dev.test\n";
  const std::string text = complaint(twice, {}, {}, wish);
  EXPECT_TRUE(has_all(text, {"again and dev", "-profile"})) << text;
}

TEST(Configuration, ValuesLoseTheWhiteSpaceAtTheirEnds) {
  const Configuration configuration = resolve("", {{"DATABRICKS_HOST", " https://x.test\n"},
                                                   {"DATABRICKS_TOKEN", "\tdapi \r\n"},
                                                   {"DATABRICKS_AUTH_TYPE", " "}});
  EXPECT_EQ(configuration.host(), "https://x.test");
  EXPECT_EQ(configuration.secret("token").reveal(), "dapi");
  EXPECT_FALSE(configuration.has("auth_type"));
}

TEST(Configuration, RefusesAnIdOfTheWorkspaceThatWouldEndAHeader) {
  const std::string text = complaint("", {{"DATABRICKS_HOST", "https://x.test/?w=1\r\nX-Evil: 1"}});
  EXPECT_TRUE(has_all(text, {"workspace_id from DATABRICKS_HOST", "a line break"})) << text;
}

TEST(Configuration, WithoutAHomeItSaysSo) {
  std::string text;
  try {
    resolve_configuration({{"profile", "dev"}}, environment_of({}));
  } catch (const ConfigurationError& error) {
    text = error.what();
  }
  EXPECT_TRUE(has_all(text, {"~/.databrickscfg does not exist", "HOME is not set"})) << text;
}

}  // namespace
}  // namespace weir::http
