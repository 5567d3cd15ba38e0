// Roles of apps that are not there: what they are called only the workspace could say.
#include <algorithm>

#include "planner/draft.h"
#include "planner/selection.h"

namespace weir {
namespace {

/// Statements that are chosen must not take another role for it.
bool is_named_inside(const Draft& draft, const Address& role) {
  return std::ranges::any_of(draft.manifest.insides, [&](const Inside& inside) {
    return is_selected(draft.options, address_of_inside(inside)) &&
           std::ranges::any_of(inside.roles,
                               [&](const auto& named) { return named.second == role; });
  });
}

}  // namespace

bool is_nameless(Draft& draft, const Wish& wish) {
  const Declaration& role = *wish.declaration;
  if (role.nameless.empty()) return false;
  const bool is_known = !role.id.empty();  // as it was applied
  const bool is_needed = is_selected(draft.options, role.address) ||
                         (!is_known && is_named_inside(draft, role.address));
  if (is_needed) {
    draft.refuse("P020", role.address, role.place_of("app"), role.nameless,
                 "or leave the role alone for now: -except " + role.address.text());
  }
  return true;
}

}  // namespace weir
