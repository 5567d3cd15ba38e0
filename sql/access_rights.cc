#include "sql/access_rights.h"

#include <algorithm>

#include <fmt/format.h>

#include "sql/access_script.h"
#include "sql/quote.h"

namespace weir::sql {
namespace {

std::string purpose_of(const ObjectGroup& group, const WantedPart& part) {
  return fmt::format("change privileges on {}", shown_list(full_names(group, part.names), 2));
}

}  // namespace

AccessRights::AccessRights(Draft& draft) : draft_(draft), inheritance_(draft.world) {
  const Role* user = draft.world.role(draft.world.current_user);
  is_superuser_ = user != nullptr && user->is_superuser;
  for (const ObjectGroup& group : draft.world.groups) {
    if (is_superuser_ || group.object_class != ObjectClass::kColumn) continue;
    Acl& acl = columns_[{group.schema, group.table}];
    acl.insert(acl.end(), group.acl.begin(), group.acl.end());
  }
}

void AccessRights::prepare(const ObjectGroup& group, const std::vector<WantedPart>& parts) {
  if (is_superuser_) return;
  for (const WantedPart& part : parts) {
    const Shares goal = final_shares(group.acl, group.owner, part.shares, part.others);
    const auto steps = steps_between(group.acl, group.owner, goal, inheritance_);
    if (steps.empty() || !draft_.can_obtain(Right::kActAs, group.owner)) continue;
    const std::vector<Tag> tags = part.tags_for(steps);
    if (!draft_.obtain(Right::kActAs, group.owner, tags, purpose_of(group, part))) continue;
    inheritance_.forget();
  }
}

bool AccessRights::may_carry_out(const ObjectGroup& group, const std::vector<AclStep>& steps,
                                 const WantedPart& part) {
  const std::string purpose = purpose_of(group, part);
  const std::vector<Tag> tags = part.tags_for(steps);
  RoleId namer = draft_.world.current_user;
  const bool only_grants =
      !draft_.can_obtain(Right::kActAs, group.owner) && may_grant_on(group, steps);
  if (!only_grants) {
    if (!draft_.obtain(Right::kActAs, group.owner, tags, purpose)) return false;
    if (is_taken_for_another(group, steps, part)) {
      if (!draft_.obtain(Right::kGiveTo, group.owner, tags, purpose)) return false;
      namer = group.owner;
    }
  }
  if (group.schema.empty() || uses_schema(namer, group.schema)) return true;
  const std::string user = shown_name(draft_.world.name_of(draft_.world.current_user));
  draft_.find(FindingKind::kNotAllowed, tags,
              fmt::format("{} cannot {}: {} lacks USAGE on the schema {}", user, purpose,
                          shown_name(draft_.world.name_of(namer)), shown_name(group.schema)));
  return false;
}

RoleId AccessRights::executor_of(const ObjectGroup& group, const std::vector<AclStep>& steps,
                                 const WantedPart& part) const {
  const bool acts_as_owner = draft_.can_obtain(Right::kActAs, group.owner);
  return acts_as_owner && is_taken_for_another(group, steps, part) ? group.owner : 0;
}

/// Whether all steps only give what the current user may give on without being the owner.
bool AccessRights::may_grant_on(const ObjectGroup& group, const std::vector<AclStep>& steps) const {
  const RoleId user = draft_.world.current_user;
  return std::all_of(steps.begin(), steps.end(), [&](const AclStep& step) {
    const bool gives = step.verb == AclVerb::kGrant || step.verb == AclVerb::kGrantWithOption;
    return gives && std::any_of(group.acl.begin(), group.acl.end(), [&](const AclEntry& entry) {
             return inheritance_.has_privileges_of(user, entry.grantee) &&
                    entry.grantable.contains(step.privileges);
           });
  });
}

/// PostgreSQL takes who is no superuser for the first of its roles that has the grant options,
/// be that the owner or not. What the owner gave, such another one could not take back.
bool AccessRights::is_taken_for_another(const ObjectGroup& group, const std::vector<AclStep>& steps,
                                        const WantedPart& part) const {
  const RoleId user = draft_.world.current_user;
  if (user == group.owner || is_superuser_) return false;
  PrivilegeSet changed;
  for (const AclStep& step : steps) changed |= step.privileges;
  for (const auto& [grantee, share] : shares_of(acl_around(group, part), group.owner)) {
    const bool is_another = grantee != group.owner && grantee != kPublic &&
                            inheritance_.has_privileges_of(user, grantee);
    if (is_another && !(share.grantable & changed).is_empty()) return true;
  }
  return false;
}

/// All that decides about who may give on: of columns also what their table gives, now and later;
/// of tables also what their columns give, as a REVOKE on a table is one on its columns.
Acl AccessRights::acl_around(const ObjectGroup& group, const WantedPart& part) const {
  Acl acl = group.acl;
  const auto add = [&](const Acl& more) { acl.insert(acl.end(), more.begin(), more.end()); };
  if (group.object_class == ObjectClass::kTable) {
    for (const std::string& name : part.names) {
      const auto columns = columns_.find({group.schema, name});
      if (columns != columns_.end()) add(columns->second);
    }
  }
  if (group.object_class != ObjectClass::kColumn) return acl;
  const ObjectGroup* table =
      draft_.world.group_of(ObjectClass::kTable, group.schema, "", group.table);
  if (table != nullptr) add(table->acl);
  const auto later = tables_.find({group.schema, group.table});
  if (later != tables_.end()) add(later->second);
  return acl;
}

void AccessRights::expect(const ObjectGroup& group, const std::vector<std::string>& names,
                          const Acl& acl) {
  if (is_superuser_) return;
  for (const std::string& name : names) {
    if (group.object_class == ObjectClass::kSchema) schemas_[name] = acl;
    if (group.object_class == ObjectClass::kTable) tables_[{group.schema, name}] = acl;
  }
}

/// Whether a role will be able to name objects of a schema.
bool AccessRights::uses_schema(RoleId role, const std::string& schema) const {
  const Role* found = draft_.world.role(role);
  if (found != nullptr && found->is_superuser) return true;
  const auto changed = schemas_.find(schema);
  const ObjectGroup* group = draft_.world.group_of(ObjectClass::kSchema, "", "", schema);
  if (changed == schemas_.end() && group == nullptr) return false;
  const Acl& acl = changed == schemas_.end() ? group->acl : changed->second;
  return std::any_of(acl.begin(), acl.end(), [&](const AclEntry& entry) {
    const bool reaches =
        entry.grantee == kPublic || inheritance_.has_privileges_of(role, entry.grantee);
    return reaches && entry.privileges.has(Privilege::kUsage);
  });
}

}  // namespace weir::sql
