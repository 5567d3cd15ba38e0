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
