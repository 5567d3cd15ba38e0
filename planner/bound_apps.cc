// Apps of others in the blast radius: they go on without the database that they are bound to.
#include <map>

#include "core/address.h"
#include "core/value.h"
#include "planner/bindings.h"
#include "planner/draft.h"

namespace weir {
namespace {

/// By what an app is bound to, and whatever that is in, which takes it along.
using BoundApps = std::multimap<std::string, BoundApp>;

void note(BoundApps& bound, const Observed& app) {
  const Document& entries = value_of(app.fields, *bindings_in(*app.kind));
  for (const Document& entry : entries) {
    const BoundApp bound_app = {.name = unescape_segment(app.name.substr(app.name.rfind('/') + 1)),
                                .key = text_at(entry, "resource_key")};
    for (std::string name = target_of_binding(entry); !name.empty(); name = parent_of_name(name)) {
      bound.emplace(name, bound_app);
    }
  }
}

}  // namespace

bool is_of_others(const Draft& draft, const Observed& observed) {
  return observed.kind->is_foreign && draft.wishes.named(observed.name) == nullptr &&
         !draft.recorded.contains(observed.name);
}

void note_bound_apps(Draft& draft) {
  BoundApps bound;
  for (const auto& [name, observed] : draft.observations.all()) {
    if (bindings_in(*observed.kind) != nullptr && is_of_others(draft, observed)) {
      note(bound, observed);
    }
  }
  for (Step& step : draft.plan.steps) {
    if (!step.is_destructive()) continue;
    const auto [begin, end] = bound.equal_range(step.remote_name);
    for (auto each = begin; each != end; ++each) step.bound_apps.push_back(each->second);
  }
}

}  // namespace weir
