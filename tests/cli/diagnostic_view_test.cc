#include "cli/diagnostic_view.h"

#include "cli/json_view.h"
#include "tests/cli/golden.h"

namespace weir {
namespace {

using test::expect_golden;

struct Example {
  Sources sources;
  std::vector<Diagnostic> diagnostics;
};

Example example() {
  Example example;
  const std::uint32_t file = example.sources.add(
      "weir.yaml", "projects:\n  shop:\n\texpires: 45d\nname: größe \"\x1b[31m\"\n" +
                       std::string(200, 'x') + "key: value" + std::string(200, 'y') + "\n");
  example.diagnostics = {{.rule = "L012",
                          .address = "projects/shop",
                          .message = "expires 45d is over the maximum of 30d",
                          .hint = "write 30d or less",
                          .place = {file, 3, 11}},
                         {.severity = Severity::kWarning,
                          .rule = "L031",
                          .message = "an odd name \u202E",
                          .place = {file, 4, 15}},
                         {.message = "a long line", .place = {file, 5, 201}},
                         {.severity = Severity::kNote, .rule = "L040", .message = "nowhere"}};
  return example;
}

TEST(DiagnosticView, LooksLikeACompiler) {
  const Example shown = example();
  expect_golden("diagnostics.txt", diagnostics_text(shown.diagnostics, shown.sources, Terminal{}));
}

TEST(DiagnosticView, HasColours) {
  const Example shown = example();
  expect_golden("diagnostics_colour.txt",
                diagnostics_text(shown.diagnostics, shown.sources, Terminal{.has_colour = true}));
}

TEST(DiagnosticView, CountsMistakes) {
  EXPECT_EQ(diagnostics_summary(example().diagnostics), "2 errors, 1 warning");
  EXPECT_EQ(diagnostics_summary({}), "No mistakes");
}

TEST(DiagnosticView, SpeaksJson) {
  const Example shown = example();
  expect_golden("diagnostics.json", pretty(diagnostics_document(shown.diagnostics, shown.sources)));
}

TEST(DiagnosticView, NeverShowsALineThatMayHaveASecret) {
  Sources sources;
  const std::uint32_t file = sources.add("weir.yaml",
                                         "legacy: { password: hunter2 }\n"
                                         "workspace: { Token: hunter2 }\n"
                                         "default: hunter2\n");
  const std::vector<Diagnostic> diagnostics = {
      {.rule = "M026", .message = "password must be a secret variable", .place = {file, 1, 21}},
      {.rule = "M040", .message = "unknown key workspace.Token", .place = {file, 2, 14}},
      {.rule = "M024", .message = "cannot have a default", .place = {file, 3, 10}}};

  const std::string text = diagnostics_text(diagnostics, sources, Terminal{});

  EXPECT_EQ(text.find("hunter2"), std::string::npos) << text;
  EXPECT_NE(text.find("weir.yaml:1:21: error[M026]"), std::string::npos) << text;
}

TEST(DiagnosticView, ShowsAllNotesAndNothingOfTheirFiles) {
  Sources sources;
  const std::uint32_t file = sources.add("roles.yaml", "colour: hunter2\n");
  std::vector<Diagnostic> many(200, {.severity = Severity::kNote, .message = "nowhere"});
  many.push_back({.severity = Severity::kWarning,
                  .address = "roles.web",
                  .message = "odd",
                  .hint = "look",
                  .place = {file, 1, 9}});

  const std::string text = notes_text(many, sources, Terminal{});

  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 202);
  EXPECT_NE(text.find("roles.yaml:1:9: warning roles.web: odd\n  hint: look\n"), std::string::npos);
  EXPECT_EQ(text.find("hunter2"), std::string::npos);
}

TEST(DiagnosticView, ShowsTheFirstHundredErrorsFirstAndCountsAll) {
  Sources sources;
  std::vector<Diagnostic> many(5'000, {.severity = Severity::kWarning, .message = "odd"});
  many.push_back({.message = "the one error"});

  const std::string text = diagnostics_text(many, sources, Terminal{});
  const Document document = diagnostics_document(many, sources);

  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 101);
  EXPECT_NE(text.find("error: the one error\n… and 4901 more\n"), std::string::npos);
  EXPECT_EQ(diagnostics_summary(many), "1 error, 5000 warnings");
  EXPECT_EQ(document.at("warning_count"), 5'000);
  EXPECT_EQ(document.at("diagnostics").size(), 100U);
  EXPECT_EQ(document.at("left_out"), 4'901);
}

}  // namespace
}  // namespace weir
