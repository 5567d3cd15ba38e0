// One inside while a plan is made: where it is, what was seen of it, and what becomes of that which
// contains it.
#pragma once

#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "planner/draft.h"
#include "planner/leavers.h"

namespace weir {

struct RolesOfBranch {
  std::vector<const Wish*> declared = {};
  const Inside* inside = nullptr;  ///< what statements do about them
};
/// By the index of the branch's wish.
using RolesOfBranches = std::unordered_map<std::size_t, RolesOfBranch>;
RolesOfBranches roles_of_branches(const Draft& draft);

class InsideCase {
 public:
  InsideCase(const Draft& draft, const Inside& inside, const RolesOfBranches& roles);

  const Draft& draft() const { return draft_; }
  const Inside& inside() const { return inside_; }
  /// What was seen of it as it will be, or null.
  const InsideView* view() const { return view_; }

  /// Nobody declares what contains it, nobody touches that, or nobody knows what it will hold when
  /// it is back. Nothing else may be asked then.
  bool is_out_of_reach() const;
  const Wish& container() const { return *container_; }
  bool is_of_branch() const;
  const Wish& branch() const;
  /// Those of its branch.
  const RolesOfBranch& roles() const;
  Fate fate_of(const Wish& wish) const;
  /// It is there, and will be gone when the statements have their turn.
  bool is_made_anew(const Wish& wish) const;
  /// It, or what contains it, comes into being in this plan.
  bool is_new() const;
  /// In which the statements are executed. Roles can be changed in any database of the branch.
  std::string database() const;
  std::string remote_name() const;

 private:
  const Draft& draft_;
  const Inside& inside_;
  const RolesOfBranches& roles_;
  const Wish* container_ = nullptr;
  const InsideView* view_ = nullptr;
};

/// What its database will hold when the statements have their turn.
struct Expectation {
  sql::Catalogue catalogue = {};
  std::string predicted_from = {};  ///< as in a script
  /// As it is now, where the statements about the branch's roles change it before.
  std::optional<sql::Catalogue> before_roles = {};
};
Expectation expectation_of(const InsideCase& one, const Leavers& leavers);

/// The schemas that are declared no longer and are meant to go; what is not allowed is refused.
std::vector<sql::SchemaEndWish> schema_ends(Draft& draft, const Inside& inside,
                                            const sql::Wishes& before, const sql::Wishes& now,
                                            const sql::Catalogue& catalogue);
bool names_schema(const sql::Wishes& wishes, const std::string& name);

}  // namespace weir
