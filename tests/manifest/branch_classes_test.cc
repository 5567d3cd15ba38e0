#include "manifest/branch_classes.h"

#include <gtest/gtest.h>

#include "manifest/rules.h"
#include "tests/manifest/load_text.h"

namespace weir::test {
namespace {

Loaded checked(const std::string& text) {
  Loaded loaded = load_text(text);
  check_rules(loaded.manifest, Limits(loaded.manifest.limits), loaded.diagnostics);
  take_classes_out(loaded.manifest);
  return loaded;
}

TEST(BranchClass, IsReadWithABranchThatStandsForAllOfIt) {
  const Loaded loaded = checked(R"(
projects:
  shop:
    branches:
      base: {}
    branch_classes:
      preview:
        match: "pr-*"
        from: base
        expires: { default: 7d, max: 14d }
        endpoints:
          primary: { type: read_write, max_cu: 1 }
        undeclared: enforce
      qa: { match: "qa-?", expires: { max: 2d } }
)");
  EXPECT_EQ(loaded.said(), "");
  ASSERT_EQ(loaded.manifest.branch_classes.size(), 2U);
  const BranchClass& preview = loaded.manifest.branch_classes.front();
  EXPECT_EQ(preview.address.text(), "projects/shop/branch_classes/preview");
  EXPECT_EQ(preview.match, "pr-*");
  EXPECT_EQ(duration_text(preview.lifetime), "7d");
  EXPECT_EQ(duration_text(preview.longest), "14d");
  EXPECT_EQ(preview.undeclared, BranchClass::Undeclared::kEnforce);
  ASSERT_EQ(preview.members.size(), 2U);
  EXPECT_EQ(preview.members.front().references.front().target.text(),
            "projects/shop/branches/base");
  EXPECT_EQ(preview.members.back().fields.at("max_cu"), 1);
  const BranchClass& qa = loaded.manifest.branch_classes.back();
  EXPECT_EQ(qa.lifetime, qa.longest);
  EXPECT_EQ(qa.undeclared, BranchClass::Undeclared::kReport);
}

TEST(BranchClass, LeavesNothingOfItselfAmongTheDeclarations) {
  const Loaded loaded = checked(R"(
projects:
  shop:
    branch_classes:
      preview: { match: "pr-*", expires: { max: 14d } }
)");
  ASSERT_EQ(loaded.manifest.declarations.size(), 1U);
  EXPECT_EQ(loaded.manifest.declarations.front().address.text(), "projects/shop");
}

TEST(BranchClass, KeepsTheRulesOfBranchesAndEndpoints) {
  const Loaded loaded = checked(R"(
projects:
  shop:
    branch_classes:
      preview:
        match: "pr-*"
        expires: { max: 45d }
        endpoints:
          primary: { type: read_write, min_cu: 1, max_cu: 32 }
)");
  EXPECT_NE(loaded.said().find("L012"), std::string::npos) << loaded.said();
  EXPECT_NE(loaded.said().find("weir.yaml:9:25"), std::string::npos) << loaded.said();
  EXPECT_NE(loaded.said().find("branch_classes/preview/endpoints/primary"), std::string::npos)
      << loaded.said();
}

TEST(BranchClass, CanBeRepeatedForEachOfAList) {
  const Loaded loaded = checked(R"(
projects:
  shop:
    branch_classes:
      "of-${each.key}":
        for_each: [ana, ben]
        match: "${each.key}-*"
        expires: { max: 2d }
)");
  EXPECT_EQ(loaded.said(), "");
  ASSERT_EQ(loaded.manifest.branch_classes.size(), 2U);
  EXPECT_EQ(loaded.manifest.branch_classes.back().match, "ben-*");
}

}  // namespace
}  // namespace weir::test
