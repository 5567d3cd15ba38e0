// Apps of others in the blast radius: they go on without the database that they are bound to.
#include "core/address.h"
#include "core/value.h"
#include "planner/bindings.h"
#include "planner/draft.h"

namespace weir {
namespace {

/// Whatever a database is in takes it along.
bool leads_into(const Document& entry, const std::string& ending) {
  return (target_of_binding(entry) + "/").starts_with(ending + "/");
}

void note(Step& step, const Observed& app) {
  const Document& entries = value_of(app.fields, *bindings_in(*app.kind));
  for (const Document& entry : entries) {
    if (!leads_into(entry, step.remote_name)) continue;
    step.bound_apps.push_back({.name = unescape_segment(app.name.substr(app.name.rfind('/') + 1)),
                               .key = text_at(entry, "resource_key")});
  }
}

}  // namespace

bool is_of_others(const Draft& draft, const Observed& observed) {
  return observed.kind->is_foreign && draft.wishes.named(observed.name) == nullptr &&
         !draft.recorded.contains(observed.name);
}

void note_bound_apps(Draft& draft) {
  for (const auto& [name, observed] : draft.observations.all()) {
    if (bindings_in(*observed.kind) == nullptr || !is_of_others(draft, observed)) continue;
    for (Step& step : draft.plan.steps) {
      if (step.is_destructive()) note(step, observed);
    }
  }
}

}  // namespace weir
