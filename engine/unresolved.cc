#include "engine/unresolved.h"

#include <algorithm>

#include <fmt/format.h>

namespace weir {

std::vector<Stale> find_kept_back(const Plan& plan, const std::vector<Unresolved>& unresolved) {
  std::vector<Stale> kept_back;
  for (std::size_t index = 0; index < plan.steps.size(); ++index) {
    const Address& address = plan.steps[index].address;
    const auto cause = std::ranges::find_if(unresolved, [&](const Unresolved& each) {
      return address.is_within(each.address) || each.address.is_within(address);
    });
    if (cause == unresolved.end()) continue;
    kept_back.push_back({.step = index,
                         .what = fmt::format("what an earlier apply began with {} is not over: {}",
                                             cause->address.text(), cause->why)});
  }
  return kept_back;
}

}  // namespace weir
