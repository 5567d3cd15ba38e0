#include "planner/graph_text.h"

#include <algorithm>
#include <unordered_map>

namespace weir {
namespace {

void tidy(std::vector<std::size_t>& nodes) {
  std::sort(nodes.begin(), nodes.end());
  nodes.erase(std::unique(nodes.begin(), nodes.end()), nodes.end());
}

std::string quoted(const std::string& name) {
  std::string text = "\"";
  for (const char c : name) {
    if (c == '"' || c == '\\') text += '\\';
    text += c;
  }
  return text + "\"";
}

}  // namespace

NamedGraph graph_of(const Manifest& manifest) {
  NamedGraph graph;
  std::unordered_map<Address, std::size_t> nodes;
  for (const Declaration& declaration : manifest.declarations) {
    nodes.emplace(declaration.address, graph.names.size());
    graph.names.push_back(declaration.address.text());
  }
  graph.edges.resize(graph.names.size());
  for (std::size_t node = 0; node < graph.names.size(); ++node) {
    const Declaration& declaration = manifest.declarations[node];
    const auto parent = nodes.find(declaration.address.parent());
    if (parent != nodes.end()) graph.edges[node].push_back(parent->second);
    for (const Reference& reference : declaration.references) {
      const auto target = nodes.find(reference.target);
      // A project may name a branch of its own, which is set after the branch is made.
      const bool is_inside = reference.target.is_within(declaration.address);
      if (target != nodes.end() && !is_inside) graph.edges[node].push_back(target->second);
    }
    tidy(graph.edges[node]);
  }
  return graph;
}

NamedGraph graph_of(const Plan& plan) {
  NamedGraph graph;
  for (const Step& step : plan.steps) {
    graph.names.push_back(std::string(text_of(step.action)) + " " + step.address.text());
    graph.edges.push_back(step.after);
    tidy(graph.edges.back());
  }
  return graph;
}

NamedGraph without_shortcuts(NamedGraph graph) {
  if (find_cycle(graph.edges).empty()) graph.edges = reduced(graph.edges);
  return graph;
}

std::string cycle_text(const NamedGraph& graph) {
  const std::vector<std::size_t> cycle = find_cycle(graph.edges);
  std::string text;
  for (const std::size_t node : cycle) text += graph.names[node] + " waits for ";
  return cycle.empty() ? "" : text + graph.names[cycle.front()];
}

std::string dot_text(const NamedGraph& graph) {
  std::string text = "digraph weir {\n  rankdir = RL;\n  node [shape = box];\n";
  for (std::size_t node = 0; node < graph.names.size(); ++node) {
    text += "  " + quoted(graph.names[node]) + ";\n";
  }
  for (std::size_t node = 0; node < graph.names.size(); ++node) {
    for (const std::size_t first : graph.edges[node]) {
      text += "  " + quoted(graph.names[node]) + " -> " + quoted(graph.names[first]) + ";\n";
    }
  }
  return text + "}\n";
}

}  // namespace weir
