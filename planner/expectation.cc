// What databases will hold that change before their statements have their turn.
#include <algorithm>
#include <utility>

#include "planner/inside_case.h"
#include "planner/predict.h"
#include "planner/selection.h"
#include "sql/released.h"
#include "sql/wishes_document.h"

namespace weir {
namespace {

/// The roles of a branch are what makes those that only SQL can make.
bool is_ours(const InsideCase& one, const Declaration& role) {
  return one.is_of_branch() && role.is_made_in_sql;
}

bool is_made_by_statement(const InsideCase& one, const std::string& name) {
  const Inside* inside = one.roles().inside;
  if (one.is_of_branch() || inside == nullptr) return false;
  if (!is_selected(one.draft().options, address_of_inside(*inside))) return false;
  return std::ranges::any_of(inside->wishes.roles, [&](const sql::RoleWish& wish) {
    return role_name(*inside, one.draft().manifest, wish.name) == name;
  });
}

/// Roles of the branch that this plan makes.
std::vector<std::string> roles_to_come(const InsideCase& one) {
  std::vector<std::string> names;
  for (const Wish* role : one.roles().declared) {
    const Declaration& declaration = *role->declaration;
    const bool comes = !is_ours(one, declaration) && one.fate_of(*role) != Fate::kStays;
    if (comes) names.push_back(declaration.id);
  }
  return names;
}

/// Those, and all that the inside names and that somebody declares: nobody could look for them.
std::vector<std::string> roles_to_believe_in(const InsideCase& one) {
  std::vector<std::string> names = roles_to_come(one);
  for (const auto& [alias, address] : one.inside().roles) {
    const Declaration* role = one.draft().manifest.find(address);
    if (role != nullptr && !is_ours(one, *role)) {
      names.push_back(role_name(one.inside(), one.draft().manifest, alias));
    }
  }
  return names;
}

/// The statements about the branch's roles come first: who is a member of whom decides about who
/// creates, and what a member may do.
void expect_roles_as_declared(const InsideCase& one, Expectation& expected) {
  const Inside* inside = one.roles().inside;
  const Draft& draft = one.draft();
  if (one.is_of_branch() || inside == nullptr) return;
  const Address address = address_of_inside(*inside);
  if (!is_selected(draft.options, address)) return;
  const sql::Wishes all = named_wishes(*inside, draft.manifest);
  sql::Wishes wishes = {.roles = all.roles, .memberships = all.memberships};
  const auto record = draft.records.find(address);
  const Document* remembered =
      record == draft.records.end() ? nullptr : at_path(record->second.fields, "wishes");
  const auto before = remembered == nullptr ? std::nullopt : sql::read_wishes(*remembered);
  if (before && draft.options.may_prune) {
    wishes = sql::merged(std::move(wishes), sql::released(*before, all, expected.catalogue));
  }
  sql::Catalogue after = sql::with_roles(expected.catalogue, wishes);
  if (after.roles == expected.catalogue.roles &&
      after.memberships == expected.catalogue.memberships) {
    return;
  }
  expected.before_roles = std::exchange(expected.catalogue, std::move(after));
}

/// What is seen of the database, or thought to be in it, but for the roles that statements change.
Expectation without_statements(const InsideCase& one, const Leavers& leavers) {
  Expectation expected;
  sql::Catalogue& catalogue = expected.catalogue;
  if (one.view() == nullptr || !one.view()->catalogue) {
    expected.predicted_from = "an empty database";
    catalogue = new_database(one.database());
    expect_roles(catalogue, roles_to_believe_in(one));
    return expected;
  }
  catalogue = *one.view()->catalogue;
  for (const std::string& leaver : leavers.of(one.branch().remote_name)) {
    retire(catalogue, leaver, leavers.heir_in(one.view()->place, catalogue));
  }
  if (one.is_new()) expected.predicted_from = "what the branch is a copy of";
  if (catalogue.database != one.database() && !one.is_of_branch()) {
    empty(catalogue, one.database());
    expected.predicted_from = "an empty database";
  }
  std::vector<std::string> roles = roles_to_come(one);
  std::erase_if(roles,
                [&](const std::string& name) { return catalogue.role_named(name) != nullptr; });
  if (roles.empty()) return expected;
  if (expected.predicted_from.empty()) expected.predicted_from = "roles that are made first";
  // What the branch's statements make is worked out with them.
  std::erase_if(roles, [&](const std::string& name) { return is_made_by_statement(one, name); });
  if (!roles.empty()) expect_roles(catalogue, roles);
  return expected;
}

}  // namespace

Expectation expectation_of(const InsideCase& one, const Leavers& leavers) {
  Expectation expected = without_statements(one, leavers);
  expect_roles_as_declared(one, expected);
  return expected;
}

}  // namespace weir
