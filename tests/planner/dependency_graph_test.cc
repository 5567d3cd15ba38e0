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

TEST(GraphText, SaysWhatAPlanDoesWithEachNode) {
  const std::string branches = "projects/shop/branches/";
  NamedGraph graph = graph_of(a_manifest({a_project("shop"), a_branch("dev"), a_branch("calm")}));
  Plan plan;
  const auto add = [&](Action action, const std::string& where, bool is_replacement = false) {
    plan.steps.push_back({.action = action,
                          .is_replacement = is_replacement,
                          .address = Address::parse(where).value()});
  };
  add(Action::kUpdate, "projects/shop");
  add(Action::kDelete, branches + "dev", true);
  add(Action::kCreate, branches + "dev", true);
  add(Action::kPurge, branches + "old");
  add(Action::kForget, branches + "old/roles/app");
  EXPECT_EQ(dot_text(with_plan(graph, plan)),
            "digraph weir {\n  rankdir = RL;\n  node [shape = box];\n"
            "  \"projects/shop\" [label = \"projects/shop\\nchange\", color = goldenrod, "
            "penwidth = 2];\n"
            "  \"projects/shop/branches/calm\";\n"
            "  \"projects/shop/branches/dev\" [label = \"projects/shop/branches/dev\\nreplace\", "
            "color = darkorange, penwidth = 2];\n"
            "  \"projects/shop/branches/old\" [label = \"projects/shop/branches/old\\ndestroy\", "
            "color = firebrick, penwidth = 2];\n"
            "  \"projects/shop/branches/old/roles/app\" [label = "
            "\"projects/shop/branches/old/roles/app\\nforget\", color = gray, penwidth = 2];\n"
            "  \"projects/shop/branches/calm\" -> \"projects/shop\";\n"
            "  \"projects/shop/branches/dev\" -> \"projects/shop\";\n"
            "  \"projects/shop/branches/old\" -> \"projects/shop\";\n"
            "  \"projects/shop/branches/old/roles/app\" -> \"projects/shop/branches/old\";\n"
            "}\n");
}

TEST(GraphText, HasALookForEveryAction) {
  for (const Action action : {Action::kCreate, Action::kUpdate, Action::kDelete, Action::kPurge,
                              Action::kUndelete, Action::kForget}) {
    Plan plan;
    plan.steps = {{.action = action, .address = Address::parse("projects/shop").value()}};
    EXPECT_NE(dot_text(with_plan({}, plan)).find("color = "), std::string::npos) << text_of(action);
  }
}

}  // namespace
}  // namespace weir::test
