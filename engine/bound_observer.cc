#include "engine/bound_observer.h"

#include <algorithm>
#include <array>
#include <exception>

#include "core/error.h"
#include "engine/ask_each.h"

namespace weir {
namespace {

/// An app is bound to a branch or a database, which whatever contains them takes along.
bool ends_what_may_be_bound(const Step& step) {
  constexpr std::array kContainers = {"project", "instance", "branch", "database"};
  return step.is_destructive() &&
         std::ranges::any_of(kContainers, [&](const char* sort) { return step.kind->is_a(sort); });
}

/// Only shown, so that nobody has to be let in for it.
std::vector<Observed> list(Provider& provider, const Kind& kind) {
  try {
    return provider.list(kind, "");
  } catch (const ApiError& error) {
    if (!error.is_withheld()) throw;
    return {};
  }
}

}  // namespace

void observe_bound(const Plan& plan, Observations& observations, Provider& provider,
                   const Catalogue& catalogue, const ObserveOptions& options) {
  if (std::ranges::none_of(plan.steps, ends_what_may_be_bound)) return;
  std::vector<const Kind*> kinds;
  std::ranges::copy_if(catalogue.kinds(), std::back_inserter(kinds), &Kind::is_foreign);
  auto lists = ask_each(kinds, options.parallelism, options.meanwhile,
                        [&provider](const Kind* kind) { return list(provider, *kind); });
  for (auto& [members, failure] : lists) {
    if (failure) std::rethrow_exception(failure);
    for (Observed& each : members) {
      // What was asked for by its name may say more.
      if (observations.find(each.name) == nullptr) observations.add(std::move(each));
    }
  }
}

}  // namespace weir
