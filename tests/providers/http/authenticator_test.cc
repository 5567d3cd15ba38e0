#include "providers/http/authenticator.h"

#include <gtest/gtest.h>

#include "core/error.h"
#include "tests/support/fake_timing.h"

namespace weir::http {
namespace {

using std::chrono::minutes;

/// Tokens "1", "2", … that live for an hour, and failures on demand.
struct Issuer {
  Token operator()() {
    if (is_down) throw ApiError("the token endpoint is down", {.status = 503});
    return {.value = Secret(std::to_string(++issued)), .expiry = time.now + life};
  }

  test::FakeTiming& time;
  Duration life = minutes(60);
  int issued = 0;
  bool is_down = false;
};

struct Stage {
  test::FakeTiming time;
  Issuer issuer{time};
  Authenticator authenticator{"oauth-m2m", "tests", [this] { return issuer(); }, time.timing()};
};

TEST(Authenticator, KeepsATokenUntilTwentyMinutesBeforeItsEnd) {
  Stage stage;
  EXPECT_EQ(stage.authenticator.token().reveal(), "1");
  stage.time.now += minutes(39);
  EXPECT_EQ(stage.authenticator.token().reveal(), "1");
  stage.time.now += minutes(2);
  EXPECT_EQ(stage.authenticator.token().reveal(), "2");
}

TEST(Authenticator, RefreshesShortLivesAtTheirHalf) {
  Stage stage;
  stage.issuer.life = minutes(10);
  stage.authenticator.token();
  stage.time.now += minutes(4);
  EXPECT_EQ(stage.authenticator.token().reveal(), "1");
  stage.time.now += minutes(2);
  EXPECT_EQ(stage.authenticator.token().reveal(), "2");
}

TEST(Authenticator, AnOldTokenOutlivesAFailedRefresh) {
  Stage stage;
  stage.authenticator.token();
  stage.issuer.is_down = true;
  stage.time.now += minutes(45);
  EXPECT_EQ(stage.authenticator.token().reveal(), "1");
  stage.issuer.is_down = false;
  EXPECT_EQ(stage.authenticator.token().reveal(), "1") << "one attempt a minute";
  stage.time.now += minutes(1);
  EXPECT_EQ(stage.authenticator.token().reveal(), "2");
}

TEST(Authenticator, AnEndedTokenDoesNot) {
  Stage stage;
  stage.authenticator.token();
  stage.issuer.is_down = true;
  stage.time.now += minutes(61);
  EXPECT_THROW(stage.authenticator.token(), ApiError);
}

TEST(Authenticator, RenewsARefusedTokenOnceForAllThreads) {
  Stage stage;
  const Secret refused = stage.authenticator.token();
  EXPECT_TRUE(stage.authenticator.renew(refused));
  EXPECT_TRUE(stage.authenticator.renew(refused));
  EXPECT_EQ(stage.issuer.issued, 2);
}

TEST(Authenticator, ATokenThatStaysAsItIsCannotBeRenewed) {
  test::FakeTiming time;
  Authenticator authenticator(
      "pat", "token from DATABRICKS_TOKEN", [] { return Token{.value = Secret("dapi")}; },
      time.timing());
  EXPECT_FALSE(authenticator.renew(authenticator.token()));
  EXPECT_EQ(authenticator.description(), "pat (token from DATABRICKS_TOKEN)");
}

}  // namespace
}  // namespace weir::http
