#include "planner/dependency_graph.h"

#include <gtest/gtest.h>

#include "planner/graph_text.h"
#include "tests/support/worlds.h"

namespace weir::test {
namespace {

TEST(DependencyGraph, OrdersByNumberWhereNothingElseDecides) {
  EXPECT_EQ(order_of({{3}, {}, {1}, {}}), (std::vector<std::size_t>{1, 2, 3, 0}));
  EXPECT_EQ(order_of({}), std::vector<std::size_t>{});
}

TEST(DependencyGraph, FindsACycleInItsOrder) {
  EXPECT_TRUE(find_cycle({{}, {0}, {0, 1}}).empty());
  // 1 waits for 3, 3 for 2, 2 for 1; 0 only waits for them.
  EXPECT_EQ(find_cycle({{1}, {3}, {1}, {2}}), (std::vector<std::size_t>{1, 3, 2}));
  EXPECT_LT(order_of({{1}, {3}, {1}, {2}}).size(), 4U);
}

TEST(DependencyGraph, LeavesOutWhatFollowsFromOtherEdges) {
  EXPECT_EQ(reduced({{}, {0}, {0, 1}, {0, 1, 2}}), (Edges{{}, {0}, {1}, {2}}));
  EXPECT_EQ(reduced({{}, {}, {0, 1}}), (Edges{{}, {}, {0, 1}}));
}

TEST(DependencyGraph, ReducesALongChainWithShortcutsQuickly) {
  constexpr std::size_t kNodes = 10'000;
  Edges edges(kNodes);
  for (std::size_t node = 1; node < kNodes; ++node) {
    edges[node].push_back(node - 1);
    if (node > 2) edges[node].push_back(node - 2);
  }
  for (const auto& firsts : reduced(edges)) EXPECT_LE(firsts.size(), 1U);
}

TEST(GraphText, NamesACycleOfDeclarations) {
  const Manifest manifest =
      a_manifest({a_project("shop"), a_branch("a").with("from", "projects/shop/branches/b"),
                  a_branch("b").with("from", "projects/shop/branches/a")});
  EXPECT_EQ(cycle_text(graph_of(manifest)),
            "projects/shop/branches/a waits for projects/shop/branches/b waits for "
            "projects/shop/branches/a");
}

TEST(GraphText, WritesDotWithoutShortcuts) {
  const std::string dev = "projects/shop/branches/dev";
  const Manifest manifest =
      a_manifest({a_project("shop"), a_branch("dev"), a_role("app").with("login", false),
                  a_database("orders").with("owner", dev + "/roles/app")});
  EXPECT_EQ(dot_text(without_shortcuts(graph_of(manifest))),
            "digraph weir {\n  rankdir = RL;\n  node [shape = box];\n"
            "  \"projects/shop\";\n"
            "  \"projects/shop/branches/dev\";\n"
            "  \"projects/shop/branches/dev/databases/orders\";\n"
            "  \"projects/shop/branches/dev/roles/app\";\n"
            "  \"projects/shop/branches/dev\" -> \"projects/shop\";\n"
            "  \"projects/shop/branches/dev/databases/orders\" -> "
            "\"projects/shop/branches/dev/roles/app\";\n"
            "  \"projects/shop/branches/dev/roles/app\" -> \"projects/shop/branches/dev\";\n"
            "}\n");
}

}  // namespace
}  // namespace weir::test
