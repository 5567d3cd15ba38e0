#include "planner/graph_text.h"

#include <algorithm>
#include <array>
#include <string_view>
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

struct Look {
  std::string_view fate;
  std::string_view colour;  ///< by one of Graphviz' names
};
/// By the words of a plan's last line.
constexpr std::array<Look, 8> kLooks = {{{"create", "forestgreen"},
                                         {"change", "goldenrod"},
                                         {"replace", "darkorange"},
                                         {"destroy", "firebrick"},
                                         {"undelete", "seagreen"},
                                         {"adopt", "steelblue"},
                                         {"forget", "gray"},
                                         {"execute", "purple"}}};

std::string fate_of(const Step& step) {
  if (step.is_replacement) return "replace";
  if (step.is_destructive()) return "destroy";
  return step.action == Action::kUpdate ? "change" : std::string(text_of(step.action));
}

/// The word stands there too: colour never carries meaning alone.
std::string look_of(const std::string& name, const std::string& fate) {
  const auto* look = std::ranges::find(kLooks, fate, &Look::fate);
  std::string label = quoted(name);
  label.insert(label.size() - 1, "\\n" + fate);
  return " [label = " + label + ", color = " + std::string(look->colour) + ", penwidth = 2]";
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

NamedGraph with_plan(NamedGraph graph, const Plan& plan) {
  std::map<std::string, const Step*> steps;  // sorted, so that parents come before what is in them
  for (const Step& step : plan.steps) steps.emplace(step.address.text(), &step);
  std::map<std::string, std::size_t> nodes;
  for (const std::string& name : graph.names) nodes.emplace(name, nodes.size());
  for (const auto& [name, step] : steps) {
    graph.fates[name] = fate_of(*step);
    if (!nodes.emplace(name, graph.names.size()).second) continue;
    graph.names.push_back(name);
    graph.edges.emplace_back();
    const auto parent = nodes.find(step->address.parent().text());
    if (parent != nodes.end()) graph.edges.back().push_back(parent->second);
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
  for (const std::string& name : graph.names) {
    const auto fate = graph.fates.find(name);
    text += "  " + quoted(name);
    if (fate != graph.fates.end()) text += look_of(name, fate->second);
    text += ";\n";
  }
  for (std::size_t node = 0; node < graph.names.size(); ++node) {
    for (const std::size_t first : graph.edges[node]) {
      text += "  " + quoted(graph.names[node]) + " -> " + quoted(graph.names[first]) + ";\n";
    }
  }
  return text + "}\n";
}

}  // namespace weir
