// Graphs for people: what waits for what, in the language of Graphviz.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "manifest/manifest.h"
#include "planner/dependency_graph.h"
#include "planner/plan.h"

namespace weir {

struct NamedGraph {
  std::vector<std::string> names = {};
  Edges edges = {};
  std::map<std::string, std::string> fates = {};  ///< by name: what a plan does with it
};

/// Declarations, after what contains them and what they refer to.
NamedGraph graph_of(const Manifest& manifest);
/// Notes what a plan does with each node, and adds those that are no longer declared.
NamedGraph with_plan(NamedGraph graph, const Plan& plan);

/// Leaves out what follows from other edges; a graph with a cycle stays as it is.
NamedGraph without_shortcuts(NamedGraph graph);
/// "a waits for b waits for a", or "" when there is no cycle.
std::string cycle_text(const NamedGraph& graph);
/// Arrows lead from what waits to what comes first.
std::string dot_text(const NamedGraph& graph);

}  // namespace weir
