#include "providers/http/redact.h"

#include <gtest/gtest.h>

namespace weir::http {
namespace {

std::string hidden(std::string text, const std::string& secret) {
  hide(text, Secret(secret), "token");
  return text;
}

TEST(Redact, HidesASecretWhereverItStands) {
  EXPECT_EQ(hidden("a hunter2 and hunter2.", "hunter2"), "a (token) and (token).");
  EXPECT_EQ(hidden("a=open%20sesame&b=open sesame", "open sesame"), "a=(token)&b=(token)");
  EXPECT_EQ(hidden("Basic aHVudGVyMg==", "hunter2"), "Basic (token)");
  EXPECT_EQ(hidden("nothing", "hunter2"), "nothing");
  EXPECT_EQ(hidden("nothing", ""), "nothing");
}

TEST(Redact, EndsWhenTheSecretIsPartOfItsName) {
  EXPECT_EQ(hidden("is t", "t"), "is (token)");
  EXPECT_EQ(hidden("token", "token"), "(token)");
}

TEST(Redact, HidesInBodyAndHeaders) {
  Answer answer = {.headers = {{"www-authenticate", "for hunter2"}}, .body = "hunter2"};
  hide(answer, Secret("hunter2"), "client secret");
  EXPECT_EQ(answer.body, "(client secret)");
  EXPECT_EQ(answer.header("www-authenticate"), "for (client secret)");
}

TEST(Redact, HidesWhatJsonWritesWithEscapes) {
  Answer answer = {.body = R"({"message":"no: hun\u0074er\/2","more":["hunter\/2",{"a":1}]})"};
  hide(answer, Secret("hunter/2"), "token");
  EXPECT_EQ(answer.body, R"x({"message":"no: (token)","more":["(token)",{"a":1}]})x");
}

}  // namespace
}  // namespace weir::http
