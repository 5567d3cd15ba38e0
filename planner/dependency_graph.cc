#include "planner/dependency_graph.h"

#include <algorithm>
#include <functional>
#include <map>
#include <queue>

#include <boost/graph/adjacency_list.hpp>
#include <boost/graph/strong_components.hpp>

namespace weir {
namespace {

using Graph = boost::adjacency_list<boost::vecS, boost::vecS, boost::directedS>;

/// From what comes first to what comes after it.
Graph graph_of(const Edges& edges) {
  Graph graph(edges.size());
  for (std::size_t node = 0; node < edges.size(); ++node) {
    for (const std::size_t first : edges[node]) boost::add_edge(first, node, graph);
  }
  return graph;
}

}  // namespace

std::vector<std::size_t> order_of(const Edges& edges) {
  const Graph graph = graph_of(edges);
  std::vector<std::size_t> waits_for(edges.size());
  std::priority_queue<std::size_t, std::vector<std::size_t>, std::greater<>> ready;
  for (std::size_t node = 0; node < edges.size(); ++node) {
    waits_for[node] = edges[node].size();
    if (edges[node].empty()) ready.push(node);
  }
  std::vector<std::size_t> order;
  order.reserve(edges.size());
  while (!ready.empty()) {
    const std::size_t node = ready.top();
    ready.pop();
    order.push_back(node);
    for (auto [next, end] = boost::adjacent_vertices(node, graph); next != end; ++next) {
      if (--waits_for[*next] == 0) ready.push(*next);
    }
  }
  return order;
}

std::vector<std::size_t> find_cycle(const Edges& edges) {
  std::vector<std::size_t> component(edges.size());
  boost::strong_components(graph_of(edges), boost::make_iterator_property_map(
                                                component.begin(), boost::identity_property_map()));
  for (std::size_t start = 0; start < edges.size(); ++start) {
    // Each node of a component of more than one has a predecessor in it: walk until one repeats.
    std::map<std::size_t, std::size_t> places;
    std::vector<std::size_t> path;
    std::size_t node = start;
    while (!places.contains(node)) {
      places[node] = path.size();
      path.push_back(node);
      const auto first =
          std::find_if(edges[node].begin(), edges[node].end(),
                       [&](std::size_t each) { return component[each] == component[start]; });
      if (first == edges[node].end()) break;
      node = *first;
      if (!places.contains(node)) continue;
      path.erase(path.begin(), path.begin() + static_cast<std::ptrdiff_t>(places[node]));
      return path;
    }
  }
  return {};
}

Edges reduced(const Edges& edges) {
  const std::vector<std::size_t> order = order_of(edges);
  std::vector<std::size_t> places(edges.size());
  for (std::size_t place = 0; place < order.size(); ++place) places[order[place]] = place;
  Edges fewer(edges.size());
  std::vector<std::size_t> seen(edges.size());  // the round in which a node was reached
  for (std::size_t node = 0; node < edges.size(); ++node) {
    const std::size_t round = node + 1;
    std::size_t lowest = edges.size();
    for (const std::size_t first : edges[node]) lowest = std::min(lowest, places[first]);
    // What can be reached through another predecessor need not be said.
    std::vector<std::size_t> open = edges[node];
    while (!open.empty()) {
      const std::size_t reached = open.back();
      open.pop_back();
      for (const std::size_t first : edges[reached]) {
        if (places[first] < lowest || seen[first] == round) continue;
        seen[first] = round;
        open.push_back(first);
      }
    }
    for (const std::size_t first : edges[node]) {
      if (seen[first] != round) fewer[node].push_back(first);
    }
  }
  return fewer;
}

}  // namespace weir
