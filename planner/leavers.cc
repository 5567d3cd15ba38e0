#include "planner/leavers.h"

#include "planner/selection.h"
#include "sql/membership.h"

namespace weir {

bool ends_a_role(const Step& step) {
  return step.is_destructive() && step.kind->is_a("role");
}

Leavers::Leavers(const Draft& draft) : draft_(draft) {
  for (const Step& step : draft.plan.steps) {
    const bool is_leaving = ends_a_role(step) && is_selected(draft.options, step.address);
    const Observed* role = is_leaving ? draft.observations.find(step.remote_name) : nullptr;
    if (role == nullptr || role->postgres_name.empty()) continue;
    by_branch_[parent_of_name(step.remote_name)].insert(role->postgres_name);
  }
}

const std::set<std::string>& Leavers::of(const std::string& branch) const {
  static const std::set<std::string> none;
  const auto found = by_branch_.find(branch);
  return found == by_branch_.end() ? none : found->second;
}

std::string Leavers::heir_in(const DatabasePlace& place, const sql::Catalogue& catalogue) const {
  const Observed* database = draft_.observations.find_postgres(*draft_.catalogue.find("database"),
                                                               place.branch, place.database);
  const Wish* wish = database == nullptr ? nullptr : draft_.wishes.named(database->name);
  const std::string wanted = wish == nullptr ? "" : text_at(wish->wanted, "owner");
  const sql::Standing standing(catalogue);
  for (const std::string& owner : {wanted, catalogue.name_of(catalogue.database_owner())}) {
    const sql::Role* role = catalogue.role_named(owner);
    const bool may_inherit =
        role != nullptr && (standing.can_act_as(role->id) || standing.can_join(role->id));
    if (may_inherit && !of(place.branch).contains(owner)) return owner;
  }
  return catalogue.name_of(catalogue.current_user);
}

}  // namespace weir
