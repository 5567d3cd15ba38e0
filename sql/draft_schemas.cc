// Schemas, extensions and owners: what must be settled before privileges are compared.
#include <algorithm>

#include <fmt/format.h>

#include "sql/acl_change.h"
#include "sql/draft.h"
#include "sql/quote.h"

namespace weir::sql {
namespace {

/// What a new schema of somebody carries, as the defaults are now.
Acl acl_of_new_schema(const Catalogue& world, RoleId owner) {
  for (const DefaultAcl& entry : world.default_acls) {
    const bool is_it =
        entry.creator == owner && !entry.schema && entry.object_class == ObjectClass::kSchema;
    if (is_it) return entry.acl;
  }
  Acl acl = built_in_acl(ObjectClass::kSchema, owner, world.version);
  std::sort(acl.begin(), acl.end());
  return acl;
}

void add_schema(Catalogue& world, const std::string& name, RoleId owner) {
  world.groups.push_back({.object_class = ObjectClass::kSchema,
                          .owner = owner,
                          .acl = acl_of_new_schema(world, owner),
                          .names = {name}});
}

void make_schema(Draft& draft, const std::vector<Tag>& tags, const std::string& name,
                 const std::optional<std::string>& owner_name) {
  RoleId owner = draft.world.current_user;
  if (owner_name) {
    const auto found = draft.role(*owner_name, tags);
    if (!found) return;
    owner = *found;
    const bool is_allowed = draft.obtain(
        Right::kGiveTo, owner, tags, fmt::format("make schemas of {}", shown_name(*owner_name)));
    if (!is_allowed) return;
  }
  draft.add(Phase::kSchemas, {.text = create_schema(name, owner_name),
                              .tags = tags,
                              .why = fmt::format("there is no schema {}", shown_name(name))});
  add_schema(draft.world, name, owner);
}

bool has_schema(const Catalogue& world, const std::string& name) {
  return world.group_of(ObjectClass::kSchema, "", "", name) != nullptr;
}

void change_extension(Draft& draft, const Extension& extension, const ExtensionWish& wish) {
  const std::vector<Tag> tags = {wish.tag};
  if (wish.version && *wish.version != extension.version) {
    draft.add(Phase::kExtensions,
              {.text = update_extension(wish.name, *wish.version),
               .tags = tags,
               .why = fmt::format("{} has the version {} instead of {}", shown_name(wish.name),
                                  extension.version, *wish.version)});
  }
  if (wish.schema && *wish.schema != extension.schema) {
    draft.add(Phase::kExtensions,
              {.text = move_extension(wish.name, *wish.schema),
               .tags = tags,
               .why = fmt::format("{} is in the schema {} instead of {}", shown_name(wish.name),
                                  extension.schema, *wish.schema)});
  }
}

/// Gives objects of one group another owner.
class OwnerDraft {
 public:
  explicit OwnerDraft(Draft& draft) : draft_(draft) {
    for (const LinkedSequence& link : draft.world.linked_sequences) {
      linked_[{link.schema, link.sequence}] = &link;
    }
  }

  void run(const OwnerWish& wish) {
    const std::vector<Tag> tags = {wish.tag};
    const auto owner = draft_.role(wish.owner, tags);
    if (!owner) return;
    bool is_there = wish.target.is_all();
    std::vector<ObjectGroup> moved;
    for (ObjectGroup& group : draft_.world.groups) {
      const bool is_place = group.object_class == wish.target.object_class &&
                            group.schema == wish.target.schema && group.table.empty();
      if (!is_place || (wish.target.is_all() && group.is_of_extension)) continue;
      std::vector<std::string> names = chosen(group, wish.target);
      is_there = is_there || !names.empty();
      if (names.empty() || group.owner == *owner) continue;
      if (!is_allowed(group, *owner, tags, wish)) continue;
      for (const std::string& name : names) write(group, name, wish, tags);
      moved.push_back(taken_out(group, names, *owner));
    }
    for (ObjectGroup& group : moved) draft_.world.groups.push_back(std::move(group));
    if (!is_there) report_missing(wish);
  }

 private:
  /// The wanted names of a group; a sequence that belongs to a column follows its table.
  std::vector<std::string> chosen(const ObjectGroup& group, const Target& target) {
    std::vector<std::string> names;
    for (const std::string& name : group.names) {
      const bool is_linked =
          group.object_class == ObjectClass::kSequence && linked_.contains({group.schema, name});
      if (target.is_all() ? !is_linked : name == target.name) names.push_back(name);
    }
    return names;
  }

  bool is_allowed(const ObjectGroup& group, RoleId owner, const std::vector<Tag>& tags,
                  const OwnerWish& wish) {
    const std::string purpose = fmt::format("make {} the owner", shown_name(wish.owner));
    return draft_.obtain(Right::kActAs, group.owner, tags, purpose) &&
           draft_.obtain(Right::kGiveTo, owner, tags, purpose);
  }

  void write(const ObjectGroup& group, const std::string& name, const OwnerWish& wish,
             const std::vector<Tag>& tags) {
    ObjectName object = {.schema = group.schema, .name = name};
    if (group.object_class == ObjectClass::kRoutine) {
      const Routine& routine = draft_.world.routines.at({group.schema, name});
      object = {.schema = group.schema, .name = routine.name, .arguments = routine.arguments};
    }
    draft_.add(Phase::kOwners,
               {.text = change_owner(group.object_class, object, wish.owner),
                .tags = tags,
                .why = fmt::format("{} {} belongs to {} instead of {}", noun(group.object_class),
                                   shown_name(name), shown_name(draft_.world.name_of(group.owner)),
                                   shown_name(wish.owner))});
  }

  /// Moves names out of their group, with their columns' privileges and linked sequences.
  ObjectGroup taken_out(ObjectGroup& group, const std::vector<std::string>& names, RoleId owner) {
    ObjectGroup result = group;
    result.names = names;
    result.owner = owner;
    result.acl = after_new_owner(group.acl, group.owner, owner);
    if (group.is_built_in_acl) result.acl = built_in(group, owner);
    std::erase_if(group.names, [&](const std::string& name) {
      return std::binary_search(names.begin(), names.end(), name);
    });
    if (group.object_class == ObjectClass::kTable) move_dependents(group, names, owner);
    return result;
  }

  Acl built_in(const ObjectGroup& group, RoleId owner) const {
    Acl acl = built_in_acl(group.object_class, owner, draft_.world.version);
    std::sort(acl.begin(), acl.end());
    return acl;
  }

  void move_dependents(const ObjectGroup& tables, const std::vector<std::string>& names,
                       RoleId owner) {
    const std::string schema = tables.schema;
    std::vector<ObjectGroup> moved;
    for (ObjectGroup& group : draft_.world.groups) {
      const bool is_column = group.object_class == ObjectClass::kColumn && group.schema == schema &&
                             std::binary_search(names.begin(), names.end(), group.table);
      if (is_column) {
        group.acl = after_new_owner(group.acl, group.owner, owner);
        group.owner = owner;
      }
      if (group.object_class != ObjectClass::kSequence) continue;
      std::vector<std::string> linked;
      for (const std::string& name : group.names) {
        const auto link = linked_.find({group.schema, name});
        const bool follows = link != linked_.end() && link->second->table_schema == schema &&
                             std::binary_search(names.begin(), names.end(), link->second->table);
        if (follows) linked.push_back(name);
      }
      if (!linked.empty()) moved.push_back(taken_out(group, linked, owner));
    }
    for (ObjectGroup& group : moved) moved_sequences_.push_back(std::move(group));
  }

 public:
  void finish() {
    for (ObjectGroup& group : moved_sequences_) draft_.world.groups.push_back(std::move(group));
    moved_sequences_.clear();
  }

 private:
  void report_missing(const OwnerWish& wish) {
    draft_.find(FindingKind::kMissingObject, {wish.tag},
                fmt::format("there is no {} {} that could get an owner",
                            noun(wish.target.object_class), shown_name(wish.target.name)));
  }

  Draft& draft_;
  std::map<std::pair<std::string, std::string>, const LinkedSequence*> linked_;
  std::vector<ObjectGroup> moved_sequences_;
};

}  // namespace

void draft_schemas(Draft& draft, const Wishes& wishes) {
  std::map<std::string, const SchemaWish*> wanted;
  for (const SchemaWish& wish : wishes.schemas) wanted.emplace(wish.name, &wish);
  for (const auto& [name, wish] : wanted) {
    if (!draft.is_name(name, {wish->tag}) || has_schema(draft.world, name)) continue;
    make_schema(draft, {wish->tag}, name, wish->owner);
  }
}

void draft_extensions(Draft& draft, const Wishes& wishes) {
  std::map<std::string, const ExtensionWish*> wanted;
  for (const ExtensionWish& wish : wishes.extensions) wanted.emplace(wish.name, &wish);
  for (const auto& [name, wish] : wanted) {
    const std::vector<Tag> tags = {wish->tag};
    if (!draft.is_name(name, tags)) continue;
    if (wish->schema && !has_schema(draft.world, *wish->schema)) {
      draft.find(
          FindingKind::kMissingObject, tags,
          fmt::format("there is no schema {} for {}", shown_name(*wish->schema), shown_name(name)));
      continue;
    }
    const auto& extensions = draft.world.extensions;
    const auto found = std::find_if(extensions.begin(), extensions.end(),
                                    [&](const Extension& other) { return other.name == name; });
    if (found != extensions.end()) {
      change_extension(draft, *found, *wish);
    } else {
      draft.add(Phase::kExtensions,
                {.text = create_extension(*wish),
                 .tags = tags,
                 .why = fmt::format("there is no extension {}", shown_name(name))});
    }
  }
}

void draft_owners(Draft& draft, const Wishes& wishes) {
  std::map<Target, OwnerWish> wanted;
  for (const OwnerWish& wish : wishes.owners) wanted.emplace(wish.target, wish);
  for (const SchemaWish& wish : wishes.schemas) {
    if (!wish.owner) continue;
    wanted.emplace(the_schema(wish.name), OwnerWish{wish.tag, the_schema(wish.name), *wish.owner});
  }
  OwnerDraft owners(draft);
  for (const auto& [target, wish] : wanted) {
    owners.run(wish);
    owners.finish();
  }
  std::erase_if(draft.world.groups, [](const ObjectGroup& group) { return group.names.empty(); });
}

}  // namespace weir::sql
