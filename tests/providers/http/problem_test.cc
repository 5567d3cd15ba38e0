#include "providers/http/problem.h"

#include <gtest/gtest.h>

namespace weir::http {
namespace {

struct Case {
  const char* name;
  int status;
  const char* body;
  const char* code;
  const char* message;
};

constexpr Case kCases[] = {
    {"empty", 404, "", "", "Not Found"},
    {"usual", 403, R"({"error_code": "PERMISSION_DENIED", "message": "no"})", "PERMISSION_DENIED",
     "no"},
    {"numeric code", 400, R"({"error_code": 17, "message": "no"})", "17", "no"},
    {"API 1.2", 400, R"({"error": "wrong cluster"})", "", "wrong cluster"},
    {"OAuth", 401, R"({"error": "invalid_client", "error_description": "unknown client"})", "",
     "unknown client"},
    {"SCIM", 404, R"({"detail": "no user", "status": "404", "scimType": "notFound"})", "SCIM_404",
     "notFound no user"},
    {"text with a code", 400, "BAD_REQUEST: not so", "BAD_REQUEST", "not so"},
    {"page", 502, "<html><pre> upstream\n  gone </pre></html>", "BAD_GATEWAY", "upstream gone"},
    {"other text", 500, "oops", "UNKNOWN", "oops"},
    {"a list", 500, "[1]", "UNKNOWN", "[1]"},
    {"strange types", 500, R"({"error_code": {}, "message": [], "details": 3})", "", ""},
    {"control characters", 400, "{\"error_code\": \"X\", \"message\": \"a\\u001b[31mb\\nc\"}", "X",
     "a [31mb c"},
};

TEST(Problem, IsReadFromEveryFormOfBody) {
  for (const Case& each : kCases) {
    const Problem problem = read_problem({.status = each.status, .body = each.body});
    EXPECT_EQ(problem.code, each.code) << each.name;
    EXPECT_EQ(problem.message, each.message) << each.name;
  }
}

TEST(Problem, TakesTheRequestIdFromTheHeaderOrTheDetails) {
  Answer answer = {.status = 400, .body = R"({"error_code": "X", "message": "m", "details": [
      {"@type": "type.googleapis.com/google.rpc.Other"}, 7,
      {"@type": "type.googleapis.com/google.rpc.RequestInfo", "request_id": "r-1"}]})"};
  EXPECT_EQ(read_problem(answer).request_id, "r-1");
  answer.headers["x-request-id"] = "r-2";
  EXPECT_EQ(read_problem(answer).request_id, "r-2");
}

TEST(Problem, CutsLongMessages) {
  const Problem problem = read_problem({.status = 500, .body = std::string(100'000, 'x')});
  EXPECT_LT(problem.message.size(), 600U);
}

}  // namespace
}  // namespace weir::http
