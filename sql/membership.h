// Who can do what another role can, and through which memberships.
#pragma once

#include <map>
#include <set>
#include <vector>

#include "sql/catalogue.h"

namespace weir::sql {

enum class Reach : std::uint8_t {
  kInherited,  ///< privileges that work without SET ROLE
  kSettable,   ///< roles that SET ROLE may take
  kAny,        ///< all that it is a member of, whatever that gives
};

/// From this version on each membership says by itself whether it is inherited and may be set.
inline constexpr int kMembershipOptionsMajor = 16;

/// All roles whose privileges `member` has in that way, itself among them. The owner of the
/// database is a member of pg_database_owner, which no table says.
std::set<RoleId> reachable_roles(const Catalogue& catalogue, RoleId member, Reach reach);

/// The shortest way from `member` to `role`, both included; empty when there is none.
std::vector<RoleId> path_to(const Catalogue& catalogue, RoleId member, RoleId role, Reach reach);

/// Whose privileges everybody has, found out when first asked for.
class Inheritance {
 public:
  explicit Inheritance(const Catalogue& catalogue) : catalogue_(catalogue) {}

  /// As PostgreSQL's has_privs_of_role: itself, inherited roles, and for superusers all.
  bool has_privileges_of(RoleId member, RoleId role) const;
  /// There are other memberships now.
  void forget() { known_.clear(); }

 private:
  const Catalogue& catalogue_;
  mutable std::map<RoleId, std::set<RoleId>> known_;
};

/// Whether `role` has a privilege by a list, for itself, through a membership, or as PUBLIC.
bool has_privilege(const Catalogue& catalogue, RoleId role, Privilege privilege, const Acl& acl);

/// pg_database_owner, in every database the same.
inline constexpr RoleId kDatabaseOwnerRole = 6171;

/// What the current user may do as whom.
class Standing {
 public:
  explicit Standing(const Catalogue& catalogue);

  /// Whether it may do what `role` may as the owner of objects.
  bool can_act_as(RoleId role) const;
  /// Whether it may make `role` the owner of something.
  bool can_give_to(RoleId role) const;
  /// Whether it may change the default privileges of `role`.
  bool can_set_defaults_of(RoleId role) const;
  /// Whether it may make itself a member of `role`.
  bool can_join(RoleId role) const;
  /// Before version 16 a member inherits or not by an attribute of its own, which joining again
  /// does not change.
  bool inherits_what_it_joins() const;

  /// `role` was made, or joined, by a statement before.
  void add_made(RoleId role) { made_.insert(role); }
  void add_joined(RoleId role);

 private:
  const Catalogue& catalogue_;
  bool is_superuser_ = false;
  std::set<RoleId> inherited_;
  std::set<RoleId> settable_;
  std::set<RoleId> made_;
};

}  // namespace weir::sql
