// The wishes for access, by object: what a group of objects should give to whom.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "sql/acl_change.h"
#include "sql/draft.h"
#include "sql/wishes.h"

namespace weir::sql {

/// Objects of one group for which the same is wanted.
struct WantedPart {
  std::vector<std::string> names = {};
  Shares shares = {};
  Others others = Others::kLeaveAlone;
  std::vector<Tag> tags = {};                       ///< of all wishes that name the objects
  std::map<RoleId, std::vector<Tag>> tags_of = {};  ///< of those that name the grantee as well
  std::vector<Tag> others_tags = {};                ///< of those that close out all others
  std::set<RoleId> denied = {};  ///< whom a wish for the object alone gives nothing

  /// Why something changes for a grantee. One that no wish names may stand in the way of another.
  const std::vector<Tag>& tags_for(RoleId role) const;
  /// Why the steps are taken.
  std::vector<Tag> tags_for(const std::vector<AclStep>& steps) const;
};

class WantedAccess {
 public:
  /// What cannot be meant, as a privilege that the class does not have, becomes a finding.
  WantedAccess(Draft& draft, const Wishes& wishes);

  /// The parts of a group that some wish names. Wishes for all objects of a schema do not reach
  /// those of extensions.
  std::vector<WantedPart> parts_of(const ObjectGroup& group) const;
  /// The same for columns: also those that no wish names, as their table's wishes may reach them.
  std::vector<WantedPart> parts_of_columns(const ObjectGroup& group) const;
  /// Whether single columns are named in a schema.
  bool names_columns_in(const std::string& schema) const {
    return has_singles_.contains({ObjectClass::kColumn, schema});
  }

 private:
  struct Wanted {
    Shares shares = {};
    Others others = Others::kLeaveAlone;
    std::map<RoleId, std::vector<Tag>> tags = {};  ///< of the shares
    /// Whom a wish for a single object gives nothing: that holds against wishes for all of them.
    std::set<RoleId> denied = {};
    std::vector<Tag> others_tags = {};
  };

  void add(Draft& draft, const AccessWish& wish);
  void add(Draft& draft, const ExclusiveWish& wish);
  void spare_writer(const Catalogue& world, const CopiedTable& table);
  /// Of wishes that give somebody nothing and something none is carried out.
  static void drop_contradictions(Draft& draft, const Target& target, Wanted& wanted);
  /// Whether there is such an object, or a schema for all of them; otherwise a finding.
  bool exists(Draft& draft, const Target& target, const std::vector<Tag>& tags) const;
  const Wanted* find(const Target& target) const;
  static void merge(WantedPart& part, const Wanted* wanted);
  /// What a wish for a table means for its columns: who is named there has of them what other
  /// wishes say, and nothing else.
  static void reach_columns(WantedPart& part, const Wanted& table, RoleId owner);

  std::map<Target, Wanted> wanted_;
  /// For all objects of a class in a schema: merged once, as thousands of groups ask for it.
  std::map<Target, WantedPart> bulks_;
  /// Schemas and classes in which single objects are named.
  std::set<std::pair<ObjectClass, std::string>> has_singles_;
};

}  // namespace weir::sql
