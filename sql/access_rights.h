// Whether the current user can carry out steps on objects, and as whom.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "sql/acl_change.h"
#include "sql/draft.h"
#include "sql/wanted_access.h"

namespace weir::sql {

class AccessRights {
 public:
  explicit AccessRights(Draft& draft);

  const Inheritance& inheritance() const { return inheritance_; }
  /// Makes the current user a member of the owners whom it will need. To be called for all groups
  /// before anything else is asked, as the memberships hold for all statements.
  void prepare(const ObjectGroup& group, const std::vector<WantedPart>& parts);
  /// The privileges of schemas and tables as they will be when what is in them is changed.
  void expect(const ObjectGroup& group, const std::vector<std::string>& names, const Acl& acl);

  /// Whether the steps can be carried out; a finding when they cannot.
  bool may_carry_out(const ObjectGroup& group, const std::vector<AclStep>& steps,
                     const WantedPart& part);
  /// Whom to be meanwhile; 0: the current user.
  RoleId executor_of(const ObjectGroup& group, const std::vector<AclStep>& steps,
                     const WantedPart& part) const;

 private:
  bool may_grant_on(const ObjectGroup& group, const std::vector<AclStep>& steps) const;
  bool is_taken_for_another(const ObjectGroup& group, const std::vector<AclStep>& steps,
                            const WantedPart& part) const;
  bool uses_schema(RoleId role, const std::string& schema) const;
  Acl acl_around(const ObjectGroup& group, const WantedPart& part) const;

  Draft& draft_;
  Inheritance inheritance_;
  bool is_superuser_ = false;
  std::map<std::string, Acl> schemas_;  ///< those that are changed
  std::map<std::pair<std::string, std::string>, Acl> tables_;
  /// What the columns of a table give, all together.
  std::map<std::pair<std::string, std::string>, Acl> columns_;
};

}  // namespace weir::sql
