#include "sql/wanted_access.h"

#include <algorithm>

#include <fmt/format.h>

#include "sql/quote.h"

namespace weir::sql {
namespace {

std::string shown(const Target& target) {
  std::string text;
  for (const std::string& part : {target.schema, target.table, target.name}) {
    if (part.empty()) continue;
    text += (text.empty() ? "" : ".") + shown_name(part);
  }
  if (target.is_all()) return fmt::format("all {} of {}", plural(target.object_class), text);
  return fmt::format("{} {}", noun(target.object_class), text);
}

Target target_of(const ObjectGroup& group, std::string name) {
  return {.object_class = group.object_class,
          .schema = group.schema,
          .table = group.table,
          .name = std::move(name)};
}

/// The snapshot shows only columns that carry privileges; one that shall have some joins them.
void add_column(Catalogue& world, const Target& column) {
  if (world.group_of(ObjectClass::kColumn, column.schema, column.table, column.name)) return;
  const ObjectGroup* table = world.group_of(ObjectClass::kTable, column.schema, "", column.table);
  world.groups.push_back({.object_class = ObjectClass::kColumn,
                          .schema = column.schema,
                          .table = column.table,
                          .owner = table->owner,
                          .names = {column.name}});
}

/// A wish for all objects of a schema is not about those that the grantee owns itself: else its
/// next table would be drift, and its foreign keys would lack REFERENCES.
void keep_owners_share(WantedPart& part, const ObjectGroup& group) {
  const auto share = part.shares.find(group.owner);
  if (share == part.shares.end()) return;
  share->second.privileges |= shares_of(group.acl, group.owner)[group.owner].privileges;
}

}  // namespace

const std::vector<Tag>& WantedPart::tags_for(RoleId role) const {
  const auto found = tags_of.find(role);
  if (found != tags_of.end()) return found->second;
  return others_tags.empty() ? tags : others_tags;
}

std::vector<Tag> WantedPart::tags_for(const std::vector<AclStep>& steps) const {
  std::vector<Tag> all;
  for (const AclStep& step : steps) all = merged_tags(std::move(all), tags_for(step.grantee));
  return all;
}

WantedAccess::WantedAccess(Draft& draft, const Wishes& wishes) {
  for (const AccessWish& wish : wishes.access) add(draft, wish);
  for (const ExclusiveWish& wish : wishes.exclusive) add(draft, wish);
  for (const CopiedTable& table : wishes.copies) spare_writer(draft.world, table);
  for (auto& [target, wanted] : wanted_) {
    drop_contradictions(draft, target, wanted);
    if (target.is_all()) merge(bulks_[target], &wanted);
  }
}

void WantedAccess::add(Draft& draft, const AccessWish& wish) {
  const std::vector<Tag> tags = {wish.tag};
  const auto role = draft.grantee(wish.grantee, tags);
  if (!role || !exists(draft, wish.target, tags)) return;
  const PrivilegeSet known = privileges_of(wish.target.object_class, draft.world.version);
  if (!known.contains(wish.privileges)) {
    draft.find(
        FindingKind::kUnsupported, tags,
        fmt::format("{} cannot be had on {} in PostgreSQL {}", text_of(wish.privileges - known),
                    plural(wish.target.object_class), draft.world.version.major()));
    return;
  }
  if (wish.is_grantable && *role == kPublic) {
    draft.find(FindingKind::kInvalidWish, tags,
               fmt::format("PUBLIC cannot have a grant option on {}", shown(wish.target)));
    return;
  }
  if (wish.target.object_class == ObjectClass::kColumn) add_column(draft.world, wish.target);
  Wanted& wanted = wanted_[wish.target];
  const bool is_denied = wish.privileges.is_empty() && !wish.is_release;
  if (is_denied && !wish.target.is_all()) wanted.denied.insert(*role);
  Share& share = wanted.shares[*role];
  share.privileges |= wish.privileges;
  if (wish.is_grantable) share.grantable |= wish.privileges;
  wanted.tags[*role] = merged_tags(wanted.tags[*role], tags);
  if (!wish.target.is_all()) has_singles_.insert({wish.target.object_class, wish.target.schema});
}

void WantedAccess::drop_contradictions(Draft& draft, const Target& target, Wanted& wanted) {
  std::vector<RoleId> torn;
  for (const RoleId role : wanted.denied) {
    if (!wanted.shares[role].privileges.is_empty()) torn.push_back(role);
  }
  for (const RoleId role : torn) {
    draft.find(FindingKind::kInvalidWish, wanted.tags[role],
               fmt::format("{} is to have nothing on {}, and something: say one of them",
                           shown_name(draft.world.name_of(role)), shown(target)));
    wanted.denied.erase(role);
    wanted.shares.erase(role);
    wanted.tags.erase(role);
  }
}

/// Without its schema the service could not go on.
void WantedAccess::spare_writer(const Catalogue& world, const CopiedTable& table) {
  const auto closed = wanted_.find(the_schema(table.schema));
  const ObjectGroup* copy = world.group_of(ObjectClass::kTable, table.schema, "", table.name);
  const ObjectGroup* schema = world.group_of(ObjectClass::kSchema, "", "", table.schema);
  const bool is_closed = closed != wanted_.end() && closed->second.others == Others::kTakeAway;
  if (!is_closed || copy == nullptr || schema == nullptr) return;
  Wanted& wanted = closed->second;
  auto present = shares_of(schema->acl, schema->owner);
  wanted.shares[copy->owner].privileges |= present[copy->owner].privileges;
  wanted.tags[copy->owner] = merged_tags(wanted.tags[copy->owner], wanted.others_tags);
}

void WantedAccess::add(Draft& draft, const ExclusiveWish& wish) {
  const std::vector<Tag> tags = {wish.tag};
  if (!exists(draft, wish.target, tags)) return;
  Wanted& wanted = wanted_[wish.target];
  wanted.others = Others::kTakeAway;
  wanted.others_tags = merged_tags(wanted.others_tags, tags);
  if (!wish.target.is_all()) has_singles_.insert({wish.target.object_class, wish.target.schema});
}

bool WantedAccess::exists(Draft& draft, const Target& target, const std::vector<Tag>& tags) const {
  const Catalogue& world = draft.world;
  bool is_there = false;
  if (target.is_all()) {
    is_there = world.group_of(ObjectClass::kSchema, "", "", target.schema) != nullptr;
  } else if (target.object_class == ObjectClass::kColumn) {
    // Columns that carry no privileges of their own are not in the snapshot.
    is_there = world.group_of(ObjectClass::kTable, target.schema, "", target.table) != nullptr &&
               draft.is_name(target.name, tags);
  } else {
    is_there = world.group_of(target.object_class, target.schema, "", target.name) != nullptr;
  }
  if (!is_there) {
    draft.find(FindingKind::kMissingObject, tags, fmt::format("there is no {}", shown(target)));
  }
  return is_there;
}

const WantedAccess::Wanted* WantedAccess::find(const Target& target) const {
  const auto found = wanted_.find(target);
  return found == wanted_.end() ? nullptr : &found->second;
}

void WantedAccess::merge(WantedPart& part, const Wanted* wanted) {
  if (wanted == nullptr) return;
  for (const auto& [role, share] : wanted->shares) {
    part.shares[role].privileges |= share.privileges;
    part.shares[role].grantable |= share.grantable;
    std::vector<Tag>& tags = part.tags_of[role];
    tags = merged_tags(std::move(tags), wanted->tags.at(role));
    part.tags = merged_tags(std::move(part.tags), tags);
  }
  for (const RoleId role : wanted->denied) part.shares[role] = {};
  part.denied.insert(wanted->denied.begin(), wanted->denied.end());
  if (wanted->others == Others::kTakeAway) {
    part.others = Others::kTakeAway;
    part.others_tags = merged_tags(std::move(part.others_tags), wanted->others_tags);
    part.tags = merged_tags(std::move(part.tags), wanted->others_tags);
  }
}

void WantedAccess::reach_columns(WantedPart& part, const Wanted& table, RoleId owner) {
  Wanted of_columns = {.others = table.others, .others_tags = table.others_tags};
  for (const auto& [role, tags] : table.tags) {
    if (role == owner) continue;
    of_columns.shares[role] = {};
    of_columns.tags[role] = tags;
  }
  merge(part, &of_columns);
}

std::vector<WantedPart> WantedAccess::parts_of(const ObjectGroup& group) const {
  WantedPart bulk;
  const bool is_in_schema = !group.schema.empty();
  if (is_in_schema && !group.is_of_extension) {
    const auto all = bulks_.find(target_of(group, ""));
    if (all != bulks_.end()) bulk = all->second;
  }
  keep_owners_share(bulk, group);
  std::vector<WantedPart> parts;
  if (!has_singles_.contains({group.object_class, group.schema})) {
    bulk.names = group.names;
  } else {
    for (const std::string& name : group.names) {
      const Wanted* single = find(target_of(group, name));
      if (single == nullptr) {
        bulk.names.push_back(name);
        continue;
      }
      WantedPart& part = parts.emplace_back(bulk);
      part.names = {name};
      merge(part, single);
    }
  }
  const bool is_named = !bulk.shares.empty() || bulk.others == Others::kTakeAway;
  if (is_named && !bulk.names.empty()) parts.push_back(std::move(bulk));
  return parts;
}

std::vector<WantedPart> WantedAccess::parts_of_columns(const ObjectGroup& group) const {
  WantedPart bulk;
  const Target table = one_object(ObjectClass::kTable, group.schema, group.table);
  const Target tables = all_in_schema(ObjectClass::kTable, group.schema);
  for (const Wanted* wanted : {find(table), find(tables)}) {
    if (wanted == nullptr || (group.is_of_extension && wanted == find(tables))) continue;
    reach_columns(bulk, *wanted, group.owner);
  }
  std::vector<WantedPart> parts;
  for (const std::string& name : group.names) {
    WantedPart part = bulk;
    part.names = {name};
    merge(part, find(target_of(group, name)));
    parts.push_back(std::move(part));
  }
  return parts;
}

}  // namespace weir::sql
