#include "manifest/print.h"

#include <gtest/gtest.h>

#include "tests/manifest/load_text.h"

namespace weir::test {
namespace {

TEST(Print, ShowsTheOriginOfEachValueAndNoSecrets) {
  Sources sources;
  Diagnostics diagnostics;
  Node root = merged_texts({{"weir.yaml", R"(version: weir/v1
name: shop
variables:
  cu: {type: number, default: 2}
  login: {secret: true, from: {env: PASSWORD}}
environments:
  dev: {patch: {projects: {shop: {pg_version: 16}}}}
projects:
  shop:
    display_name: $${x}
    pg_version: 17
    tags: {}
    permissions: [{group: "a: b", level: CAN_USE}]
    branches:
      "dev-${each.key}":
        for_each: [1]
        endpoints: {primary: {cu: "${var.cu}"}}
        roles: {old: {password: "${var.login}"}}
outputs: {host: "${projects.shop.id}"}
)"}},
                           sources, diagnostics);
  const MergedTree tree =
      load_tree(std::move(root), {.environment = "dev", .getenv = {}}, sources, diagnostics);

  EXPECT_EQ(rendered(diagnostics, sources), "");
  EXPECT_EQ(print_tree(tree, sources), R"(version: weir/v1  # weir.yaml:1:10
name: shop  # weir.yaml:2:7
projects:
  shop:
    display_name: "$${x}"  # weir.yaml:10:19
    pg_version: 16  # weir.yaml:7:47, environment dev
    tags: {}  # weir.yaml:12:11
    permissions:
      - group: "a: b"  # weir.yaml:13:27
        level: CAN_USE  # weir.yaml:13:42
    branches:
      dev-1:
        endpoints:
          primary:
            cu: 2  # weir.yaml:17:35, variable cu
        roles:
          old:
            password: (secret)  # weir.yaml:18:33, variable login
outputs:
  host: "${projects.shop.id}"  # weir.yaml:19:17
)");
}

}  // namespace
}  // namespace weir::test
