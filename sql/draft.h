// A difference in the making: the database as it will be, and the statements that lead there.
#pragma once

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "sql/catalogue.h"
#include "sql/difference.h"
#include "sql/membership.h"
#include "sql/statements.h"
#include "sql/wishes.h"

namespace weir::sql {

/// In the order in which the statements are executed.
enum class Phase : std::uint8_t {
  kRoles,
  kMemberships,
  kBorrow,  ///< memberships that the transaction alone needs
  kSchemas,
  kExtensions,
  kOwners,
  kSettings,
  kAccess,
  kDefaults,
  kAfterCreate,
  kEnds,
  kRetire,
  kGiveBack,
};
inline constexpr int kPhaseCount = 13;

enum class Right : std::uint8_t {
  kActAs,        ///< do what the owner may
  kGiveTo,       ///< make it an owner
  kSetDefaults,  ///< change its default privileges
};

class Draft {
 public:
  explicit Draft(const Catalogue& catalogue);

  /// The database as the statements so far leave it.
  Catalogue world;
  /// The same without the memberships that only this transaction has.
  Catalogue lasting_world() const;
  bool makes_extensions = false;
  bool moves_database = false;  ///< it gets another owner
  std::vector<std::string> strangers = {};

  void add(Phase phase, Statement statement);
  /// The same where names without a schema are looked up in others than pg_catalog as well.
  void add_within(Phase phase, const std::vector<std::string>& path, Statement statement);
  void find(FindingKind kind, const std::vector<Tag>& tags, std::string text);

  /// A role's number; a finding when there is none. Names are checked on the way.
  std::optional<RoleId> role(const std::string& name, const std::vector<Tag>& tags);
  std::optional<RoleId> grantee(const Grantee& grantee, const std::vector<Tag>& tags);
  /// Whether a name can be one; a finding when it cannot.
  bool is_name(const std::string& name, const std::vector<Tag>& tags);
  /// Adds a role that a statement makes, and gives it a number.
  RoleId add_role(Role role);

  /// Whether the current user has the right over `role`. Where it must, it makes itself a member
  /// until the end of the transaction; a finding when it cannot.
  bool obtain(Right right, RoleId role, const std::vector<Tag>& tags, const std::string& purpose);
  /// The same without a finding.
  bool can_obtain(Right right, RoleId role) const;

  /// Whether the current user may say who is a member of `role`, and end it.
  bool administers(RoleId role) const { return standing_.can_join(role); }

  GranteeName name_of_grantee(RoleId role) const;
  /// An object of a group as statements name it.
  ObjectName object_name(ObjectClass object_class, const std::string& schema,
                         const std::string& name) const;
  Difference finish();

 private:
  bool has(Right right, RoleId role) const;
  /// Whether it helps to become a member.
  bool joining_gives(Right right) const;
  void borrow(RoleId role, const std::vector<Tag>& tags, const std::string& purpose);
  /// Whom to join in order to act as `role`.
  RoleId lender_for(RoleId role) const;

  Standing standing_;  ///< reads `world`
  std::vector<Membership> borrowed_ = {};
  std::array<std::vector<Statement>, kPhaseCount> phases_ = {};
  std::vector<Finding> findings_ = {};
  RoleId next_role_;
};

/// The tags of both, ordered and each once.
std::vector<Tag> merged_tags(std::vector<Tag> tags, const std::vector<Tag>& more);

/// "app.a, app.b and 3 more": a list for a sentence.
std::string shown_list(const std::vector<std::string>& names, std::size_t most = 5);

/// The wishes in the order of what they are about, each once. Where two are about the same and
/// differ in more than their tags, a finding says so and neither is carried out.
template <typename Wish, typename KeyOf>
auto each_once(Draft& draft, const std::vector<Wish>& wishes, const std::string& subject,
               const KeyOf& key_of) {
  std::map<decltype(key_of(std::declval<const Wish&>())), Wish> once;
  std::map<decltype(key_of(std::declval<const Wish&>())), std::vector<Tag>> contradictions;
  for (const Wish& wish : wishes) {
    const auto [place, is_new] = once.emplace(key_of(wish), wish);
    if (is_new) continue;
    Wish twin = place->second;
    twin.tag = wish.tag;
    if (twin != wish) {
      contradictions[place->first] =
          merged_tags({place->second.tag, wish.tag}, contradictions[place->first]);
    }
    place->second.tag = std::min(place->second.tag, wish.tag);
  }
  for (const auto& [key, tags] : contradictions) {
    draft.find(FindingKind::kInvalidWish, tags, subject + " is wished in two ways");
    once.erase(key);
  }
  return once;
}

/// What schemas give, by their names.
using SchemaAcls = std::map<std::string, Acl>;
/// The same once the wishes are carried out, which decides about who may create in them.
SchemaAcls schema_acls_after(Draft& draft, const Wishes& wishes);

/// What the wishes for later objects come to, with creators that are named or inferred.
std::vector<DefaultWish> default_wishes(Draft& draft, const Wishes& wishes, const SchemaAcls& acls);

/// Without those that are about schemas which go, or about what is in them.
Wishes without_what_ends(Wishes wishes);

/// The current user makes somebody the same member that another one has made it.
void pass_on(Draft& draft, const Membership& membership, Phase phase, const std::vector<Tag>& tags);

/// The parts of a difference, in this order.
void draft_roles(Draft& draft, const Wishes& wishes);
void draft_memberships(Draft& draft, const Wishes& wishes);
void draft_schemas(Draft& draft, const Wishes& wishes);
void draft_extensions(Draft& draft, const Wishes& wishes);
void draft_owners(Draft& draft, const Wishes& wishes);
void draft_settings(Draft& draft, const Wishes& wishes);
void draft_defaults(Draft& draft, const Wishes& wishes);
void draft_after_create(Draft& draft, const Wishes& wishes);
void draft_table_ends(Draft& draft, const Wishes& wishes);
void draft_ends(Draft& draft, const Wishes& wishes);
void draft_retirements(Draft& draft, const Wishes& wishes);
void draft_role_ends(Draft& draft, const Wishes& wishes);
void draft_access(Draft& draft, const Wishes& wishes);

}  // namespace weir::sql
