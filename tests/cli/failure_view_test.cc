#include "cli/failure_view.h"

#include <gtest/gtest.h>

#include "core/document.h"

namespace weir {
namespace {

const Instant kNow = {};
const std::vector<Diagnostic> kMistakes = {{.severity = Severity::kError,
                                            .rule = "L001",
                                            .address = "projects/x",
                                            .message = "too short"}};

TEST(FailureView, GivesMistakesInEveryFormatForPrograms) {
  const Document json = Document::parse(mistakes_in("json", kMistakes, Sources(), kNow));
  EXPECT_EQ(json.at("valid"), false);
  EXPECT_EQ(json.at("diagnostics").at(0).at("rule"), "L001");
  const Document line = Document::parse(mistakes_in("json-lines", kMistakes, Sources(), kNow));
  EXPECT_EQ(line.at("type"), "diagnostic");
  EXPECT_EQ(line.at("message"), "too short");
  EXPECT_EQ(mistakes_in("markdown", kMistakes, Sources(), kNow),
            "### 1 error\n\n```text\nerror[L001] projects/x: too short\n```\n");
  EXPECT_EQ(mistakes_in("text", kMistakes, Sources(), kNow), "");
}

TEST(FailureView, GivesOtherFailuresToo) {
  EXPECT_EQ(Document::parse(failure_in("json", "401: no", kNow)).at("error"), "401: no");
  EXPECT_EQ(
      failure_in("json-lines", "401: no", kNow),
      R"({"type":"diagnostic","ts":"1970-01-01T00:00:00Z","severity":"error","message":"401: no"})"
      "\n");
  EXPECT_EQ(failure_in("markdown", "401: ```no", kNow),
            "### weir failed\n\n````text\n401: ```no\n````\n");
  EXPECT_EQ(failure_in("text", "401: no", kNow), "");
}

TEST(FailureView, FitsIntoAComment) {
  const std::string text = failure_in("markdown", std::string(100'000, 'x') + "\nend", kNow);
  EXPECT_LE(text.size(), 65'536U);
}

}  // namespace
}  // namespace weir
