#include "sql/membership.h"

#include <algorithm>
#include <deque>
#include <map>

namespace weir::sql {
namespace {

/// For each role that is reached the one before it on a shortest way; `member` comes from itself.
std::map<RoleId, RoleId> ways_from(const Catalogue& catalogue, RoleId member, Reach reach) {
  std::map<RoleId, RoleId> from = {{member, member}};
  std::deque<RoleId> open = {member};
  const auto visit = [&](RoleId role, RoleId before) {
    if (from.emplace(role, before).second) open.push_back(role);
  };
  while (!open.empty()) {
    const RoleId at = open.front();
    open.pop_front();
    for (const Membership& membership : catalogue.memberships) {
      const bool works = reach == Reach::kAny ||
                         (reach == Reach::kInherited ? membership.inherits : membership.can_set);
      if (membership.member == at && works) visit(membership.role, at);
    }
    if (at == catalogue.database_owner()) visit(kDatabaseOwnerRole, at);
  }
  return from;
}

}  // namespace

std::set<RoleId> reachable_roles(const Catalogue& catalogue, RoleId member, Reach reach) {
  std::set<RoleId> roles;
  for (const auto& [role, before] : ways_from(catalogue, member, reach)) roles.insert(role);
  return roles;
}

std::vector<RoleId> path_to(const Catalogue& catalogue, RoleId member, RoleId role, Reach reach) {
  const std::map<RoleId, RoleId> from = ways_from(catalogue, member, reach);
  if (!from.contains(role)) return {};
  std::vector<RoleId> path = {role};
  while (path.back() != member) path.push_back(from.at(path.back()));
  std::reverse(path.begin(), path.end());
  return path;
}

bool Inheritance::has_privileges_of(RoleId member, RoleId role) const {
  if (member == role) return true;
  const Role* found = catalogue_.role(member);
  if (found == nullptr) return false;  // PUBLIC, or a role that is gone
  if (found->is_superuser) return true;
  auto known = known_.find(member);
  if (known == known_.end()) {
    known = known_.emplace(member, reachable_roles(catalogue_, member, Reach::kInherited)).first;
  }
  return known->second.contains(role);
}

Standing::Standing(const Catalogue& catalogue)
    : catalogue_(catalogue),
      inherited_(reachable_roles(catalogue, catalogue.current_user, Reach::kInherited)),
      settable_(reachable_roles(catalogue, catalogue.current_user, Reach::kSettable)) {
  const Role* user = catalogue.role(catalogue.current_user);
  is_superuser_ = user != nullptr && user->is_superuser;
}

bool Standing::can_act_as(RoleId role) const {
  return is_superuser_ || inherited_.contains(role);
}

bool Standing::can_give_to(RoleId role) const {
  return is_superuser_ || settable_.contains(role);
}

bool Standing::can_set_defaults_of(RoleId role) const {
  if (catalogue_.version.major() < kMembershipOptionsMajor) return can_give_to(role);
  return can_act_as(role);
}

bool Standing::can_join(RoleId role) const {
  if (is_superuser_) return true;
  const Role* user = catalogue_.role(catalogue_.current_user);
  if (user == nullptr || role == kDatabaseOwnerRole) return false;
  if (made_.contains(role)) return true;
  const Role* joined = catalogue_.role(role);
  if (joined == nullptr || joined->is_superuser) return false;
  // PostgreSQL takes no role into itself, by whatever way.
  if (reachable_roles(catalogue_, role, Reach::kAny).contains(user->id)) return false;
  // Before version 16 whoever may create roles may also join every plain one.
  if (catalogue_.version.major() < kMembershipOptionsMajor && user->can_create_roles) return true;
  return std::any_of(catalogue_.memberships.begin(), catalogue_.memberships.end(),
                     [&](const Membership& membership) {
                       return membership.role == role && membership.is_admin &&
                              inherited_.contains(membership.member);
                     });
}

bool Standing::inherits_what_it_joins() const {
  const Role* user = catalogue_.role(catalogue_.current_user);
  return catalogue_.version.major() >= kMembershipOptionsMajor || user == nullptr || user->inherits;
}

void Standing::add_joined(RoleId role) {
  if (inherits_what_it_joins()) {
    const auto inherited = reachable_roles(catalogue_, role, Reach::kInherited);
    inherited_.insert(inherited.begin(), inherited.end());
  }
  const auto settable = reachable_roles(catalogue_, role, Reach::kSettable);
  settable_.insert(settable.begin(), settable.end());
}

bool has_privilege(const Catalogue& catalogue, RoleId role, Privilege privilege, const Acl& acl) {
  const Role* found = catalogue.role(role);
  if (found != nullptr && found->is_superuser) return true;
  const Inheritance inheritance(catalogue);
  return std::any_of(acl.begin(), acl.end(), [&](const AclEntry& entry) {
    const bool reaches =
        entry.grantee == kPublic || inheritance.has_privileges_of(role, entry.grantee);
    return reaches && entry.privileges.has(privilege);
  });
}

}  // namespace weir::sql
