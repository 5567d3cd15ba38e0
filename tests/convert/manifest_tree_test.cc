#include "convert/manifest_tree.h"

#include <array>

#include <gtest/gtest.h>

namespace weir::convert {
namespace {

TEST(ManifestTree, SharesWhatAllHave) {
  const std::array trees = {Document::parse(R"({"a":{"id":"x","b":1,"c":{"d":1}},"e":[1]})"),
                            Document::parse(R"({"a":{"id":"y","b":1,"c":{"d":1}},"e":[2]})")};
  EXPECT_EQ(to_text(shared_by(trees)), R"({"a":{"b":1,"c":{"d":1}}})");
}

TEST(ManifestTree, PatchesOnlyWhatDiffers) {
  const Document base = Document::parse(R"({"a":{"b":1,"c":2},"d":[1,2],"e":1})");
  const Document wanted = Document::parse(R"({"a":{"b":1,"c":3},"d":[1],"f":{}})");
  EXPECT_EQ(to_text(patch_between(base, wanted)), R"({"a":{"c":3},"d":[1],"f":{},"e":null})");
  EXPECT_EQ(to_text(patch_between(base, base)), "{}");
}

TEST(ManifestTree, WritesContainersLast) {
  const Document manifest = Document::parse(
      R"({"version":"weir/v1","name":"shop","projects":{"shop":{"branches":{"production":{}},)"
      R"("permissions":[{"group":"a","level":"CAN_USE"}],"pg_version":17}},)"
      R"("variables":{"x":{"default":1}}})");
  EXPECT_EQ(manifest_text(manifest), R"(version: weir/v1
name: shop

variables:
  x: { default: 1 }

projects:
  shop:
    pg_version: 17
    permissions:
      - { group: a, level: CAN_USE }
    branches:
      production: {}
)");
}

TEST(ManifestTree, KnowsWhatDependsOnVariables) {
  EXPECT_TRUE(is_open("shop-${var.stage}"));
  EXPECT_FALSE(is_open("shop"));
  EXPECT_FALSE(is_open(literal("shop-${var.stage}")));
  const Document tree = {{"a", "${var.one}-${env.name}"}, {"b", {"$${var.two}", "${var.three}"}}};
  EXPECT_EQ(variables_in(tree), (std::set<std::string>{"one", "three"}));
}

}  // namespace
}  // namespace weir::convert
