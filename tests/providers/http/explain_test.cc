#include "providers/http/explain.h"

#include <gtest/gtest.h>

namespace weir::http {
namespace {

const Call kCall = {.path = "/api/2.0/postgres/projects",
                    .host = "https://x.test",
                    .login = "pat (token from DATABRICKS_TOKEN)"};

ApiError error_of(const Answer& answer, const Call& call = kCall) {
  try {
    read_answer(call, answer);
  } catch (const ApiError& error) {
    return error;
  }
  return {"no error", {}};
}

std::string text_of(const Answer& answer, const Call& call = kCall) {
  return error_of(answer, call).what();
}

Answer failed(Failure failure) {
  return {.failure = failure, .detail = "in other words"};
}

TEST(Explain, GivesTheDocumentOfASuccess) {
  EXPECT_EQ(read_answer(kCall, {.status = 200, .body = R"({"a": 1})"}), Document({{"a", 1}}));
}

TEST(Explain, SaysWhatWasAskedAndWhereAndWhyAndWhatToDo) {
  const ApiError error =
      error_of({.status = 401,
                .headers = {{"x-request-id", "r-1"}},
                .body = R"({"error_code": "UNAUTHENTICATED", "message": "bad token"})"});
  EXPECT_STREQ(error.what(),
               "GET /api/2.0/postgres/projects at https://x.test: 401 UNAUTHENTICATED: bad token "
               "(request r-1); the login by pat (token from DATABRICKS_TOKEN) was refused: renew "
               "it, or check that it belongs to this workspace");
  EXPECT_EQ(error.facts().status, 401);
  EXPECT_EQ(error.facts().code, "UNAUTHENTICATED");
  EXPECT_EQ(error.facts().request_id, "r-1");
}

TEST(Explain, NamesAWaitThatIsTooLong) {
  Call call = kCall;
  call.asked_wait = std::chrono::hours(24);
  const std::string text = text_of({.status = 429}, call);
  EXPECT_NE(text.find("it asks to wait 1 d, longer than weir waits"), std::string::npos) << text;
}

TEST(Explain, GuessesAtAnEmulatorBehindATlsFailureOnThisMachine) {
  Call call = kCall;
  call.host = "https://127.0.0.1:8765";
  const std::string hint = "an emulator's address begins with http://";
  EXPECT_NE(text_of(failed(Failure::kTls), call).find(hint), std::string::npos);
  EXPECT_NE(text_of(failed(Failure::kUnreachable), call).find(hint), std::string::npos);
  EXPECT_EQ(text_of(failed(Failure::kTls)).find(hint), std::string::npos);
}

TEST(Explain, SaysWhereBrokenJsonBreaks) {
  const std::string text = text_of({.status = 200,
                                    .headers = {{"content-type", "application/json"}},
                                    .body = R"({"projects": [NaN]})"});
  EXPECT_NE(text.find("200, but its body is no valid JSON (at byte 15)"), std::string::npos)
      << text;
}

TEST(Explain, AnUnknownPathMayBeAWrongHost) {
  const std::string text =
      text_of({.status = 404, .body = R"({"error_code":"ENDPOINT_NOT_FOUND"})"});
  EXPECT_NE(text.find("check that the host is a workspace in a region that has Lakebase"),
            std::string::npos)
      << text;
  EXPECT_EQ(text_of({.status = 404, .body = R"({"error_code":"NOT_FOUND"})"}).find("region"),
            std::string::npos);
}

TEST(Explain, AForbiddenThingIsNotMissing) {
  const ApiError error =
      error_of({.status = 403, .body = R"({"error_code": "PERMISSION_DENIED", "message": "no"})"});
  EXPECT_FALSE(error.is_missing());
  EXPECT_NE(std::string(error.what()).find("lacks the permission"), std::string::npos);
}

TEST(Explain, EveryKindOfSilenceHasItsOwnWords) {
  EXPECT_NE(text_of(failed(Failure::kUnresolved)).find("has no address"), std::string::npos);
  EXPECT_NE(text_of(failed(Failure::kUnreachable)).find("no connection"), std::string::npos);
  EXPECT_NE(text_of(failed(Failure::kUntrusted)).find("SSL_CERT_FILE"), std::string::npos);
  EXPECT_NE(text_of(failed(Failure::kTls)).find("no TLS connection"), std::string::npos);
  EXPECT_NE(text_of(failed(Failure::kTimeout)).find("no answer in time"), std::string::npos);
  EXPECT_NE(text_of(failed(Failure::kLost)).find("ended before"), std::string::npos);
  EXPECT_NE(text_of(failed(Failure::kTooLarge)).find("64 MiB"), std::string::npos);
  EXPECT_NE(text_of(failed(Failure::kHeadersTooLarge)).find("64 KiB"), std::string::npos);
  EXPECT_NE(text_of(failed(Failure::kNotHttp)).find("not HTTP"), std::string::npos);
  EXPECT_NE(text_of(failed(Failure::kOther)).find("in other words"), std::string::npos);
  EXPECT_NE(text_of(failed(Failure::kForbidden)).find("local link"), std::string::npos);
  EXPECT_NE(text_of(failed(Failure::kForbidden), {.host = "http://x.test"}).find("use https"),
            std::string::npos);
}

TEST(Explain, CountsTheAttempts) {
  const Call call = {.path = "/p", .host = "https://x.test", .attempts = 3};
  EXPECT_TRUE(
      text_of({.status = 503}, call).starts_with("GET /p at https://x.test failed 3 times: 503"));
}

TEST(Explain, ASuccessMustBeAJsonObject) {
  const Answer page = {
      .status = 200, .headers = {{"content-type", "text/html"}}, .body = "<html>log in</html>"};
  EXPECT_NE(text_of(page).find("not with a JSON object (text/html)"), std::string::npos);
  EXPECT_EQ(error_of(page).facts().status, 200);
  for (const char* body : {"", "[]", "7", "{\"a\": ", "{\"a\": 1} x"}) {
    EXPECT_NE(text_of({.status = 200, .body = body}).find("not with a JSON object"),
              std::string::npos)
        << body;
  }
}

TEST(Explain, RefusesWhatIsTooDeep) {
  const std::string deep(1'000'000, '[');
  EXPECT_NE(text_of({.status = 200, .body = R"({"a":)" + deep}).find("64 levels"),
            std::string::npos);
  const std::string in_a_text = R"({"a": ")" + deep + R"( \" ["})";
  EXPECT_EQ(read_answer(kCall, {.status = 200, .body = in_a_text}).size(), 1U);
}

TEST(Explain, AStatusThatSaysNothingIsNoRedirect) {
  const std::string text = text_of({.status = 304});
  EXPECT_NE(text.find("304 is no answer to such a request"), std::string::npos) << text;
}

TEST(Explain, ShowsOfARedirectOnlyTheHost) {
  const std::string text =
      text_of({.status = 302, .headers = {{"location", "https://login.test/?code=hunter2"}}});
  EXPECT_NE(text.find("(to https://login.test)"), std::string::npos) << text;
  EXPECT_EQ(text.find("hunter2"), std::string::npos);
}

}  // namespace
}  // namespace weir::http
