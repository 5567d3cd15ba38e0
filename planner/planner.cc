#include "planner/planner.h"

#include "planner/draft.h"
#include "planner/earlier.h"
#include "planner/formers.h"
#include "planner/selection.h"

namespace weir {
namespace {

void index_world(Draft& draft) {
  for (const auto& [address, record] : draft.records) {
    draft.recorded.insert(record.remote_name);
    draft.addresses.emplace(record.remote_name, address);
  }
}

/// Before anything else happens, so that a kill forgets none of them.
void remember_formers(Draft& draft, const Records& before) {
  for (const auto& [address, record] : draft.records) {
    if (!before.contains(address)) draft.plan.adoptions.push_back(record);
  }
}

}  // namespace

Plan make_plan(const Manifest& manifest, const Records& records, const Observations& observations,
               const Catalogue& catalogue, const PlanOptions& options, const InsideViews& insides) {
  Wishes wishes(manifest, records, observations, catalogue);
  const std::optional<Records> apart = with_formers_apart(wishes, records, observations);
  Draft draft = {
      .manifest = manifest,
      .records = apart ? *apart : records,
      .observations = observations,
      .catalogue = catalogue,
      .options = options,
      .insides = insides,
      .wishes = apart ? Wishes(manifest, *apart, observations, catalogue) : std::move(wishes)};
  draft.plan.name = manifest.name;
  draft.plan.environment = manifest.environment;
  draft.plan.server = manifest.server;
  draft.plan.made_at = options.now;
  draft.plan.declared = manifest.declarations.size();
  index_world(draft);
  if (apart) remember_formers(draft, records);
  if (!options.is_destroy) decide(draft);
  decide_removals(draft);
  decide_insides(draft);
  decide_retirements(draft);
  survey(draft);
  note_bound_apps(draft);
  note_needs(draft);
  order_steps(draft);
  select_steps(draft.plan, options);
  remember(draft);
  check_moves(draft);
  check_references(draft);
  check_safety(draft);
  return std::move(draft.plan);
}

}  // namespace weir
