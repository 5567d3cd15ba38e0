#include "core/diagnostic.h"

#include <gtest/gtest.h>

namespace weir {
namespace {

TEST(Sources, GiveTheLineOfAPlace) {
  Sources sources;
  const auto file = sources.add("weir.yaml", "one\r\ntwo\nthree");
  EXPECT_EQ(sources.line({.file = file, .line = 1, .column = 1}), "one");
  EXPECT_EQ(sources.line({.file = file, .line = 3, .column = 2}), "three");
  EXPECT_EQ(sources.line({.file = file, .line = 4, .column = 1}), "");
  EXPECT_EQ(sources.line({}), "");
  EXPECT_EQ(sources.describe({.file = file, .line = 3, .column = 2}), "weir.yaml:3:2");
  EXPECT_EQ(sources.describe({}), "");
}

TEST(Sources, GiveEveryLineOfALongText) {
  std::string text;
  for (int line = 1; line <= 3000; ++line) text += std::to_string(line) + "\n";
  text += std::string(10'000, '\n') + std::string(10'000, 'a') + "\nlast";
  Sources sources;
  const auto file = sources.add("weir.yaml", text);
  for (std::uint32_t line = 1; line <= 3000; ++line) {
    EXPECT_EQ(sources.line({.file = file, .line = line, .column = 1}), std::to_string(line));
  }
  EXPECT_EQ(sources.line({.file = file, .line = 13'000, .column = 1}), "");
  EXPECT_EQ(sources.line({.file = file, .line = 13'001, .column = 1}), std::string(10'000, 'a'));
  EXPECT_EQ(sources.line({.file = file, .line = 13'002, .column = 1}), "last");
  EXPECT_EQ(sources.line({.file = file, .line = 13'003, .column = 1}), "");
  EXPECT_EQ(sources.line({.file = file, .line = 0, .column = 1}), "");
}

TEST(Sources, GiveNoLineOfAnEmptyText) {
  Sources sources;
  const auto file = sources.add("weir.yaml", "");
  EXPECT_EQ(sources.line({.file = file, .line = 1, .column = 1}), "");
  EXPECT_EQ(sources.line({.file = file, .line = 7, .column = 1}), "");
}

TEST(Diagnostics, AreSortedByPlaceAndKeepTheirOrderWithinOne) {
  Diagnostics diagnostics;
  diagnostics.add({.message = "third", .place = {.file = 1, .line = 2, .column = 1}});
  diagnostics.add({.message = "second", .place = {.file = 1, .line = 1, .column = 5}});
  diagnostics.add({.message = "fourth", .place = {.file = 1, .line = 2, .column = 1}});
  diagnostics.add({.message = "first"});
  std::string order;
  for (const Diagnostic& diagnostic : diagnostics.sorted()) order += diagnostic.message + " ";
  EXPECT_EQ(order, "first second third fourth ");
}

TEST(Diagnostics, HaveErrorsOnlyWhenOneIsAnError) {
  Diagnostics diagnostics;
  EXPECT_TRUE(diagnostics.is_empty());
  diagnostics.add({.severity = Severity::kWarning});
  EXPECT_FALSE(diagnostics.has_errors());
  diagnostics.add({.severity = Severity::kError});
  EXPECT_TRUE(diagnostics.has_errors());
}

}  // namespace
}  // namespace weir
