// Which of many things come after which: order, cycles, and as few edges as say the same.
#pragma once

#include <cstddef>
#include <vector>

namespace weir {

/// For each node the nodes that come before it.
using Edges = std::vector<std::vector<std::size_t>>;

/// An order in which every node comes after its own; of those that could be next the one with the
/// lowest number. Shorter than the edges when there is a cycle.
std::vector<std::size_t> order_of(const Edges& edges);
/// The nodes of one cycle, each before the one that it waits for; empty when there is none.
std::vector<std::size_t> find_cycle(const Edges& edges);
/// Without the edges that follow from others. There must be no cycle.
Edges reduced(const Edges& edges);

}  // namespace weir
