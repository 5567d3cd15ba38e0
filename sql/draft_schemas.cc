// Schemas, extensions and owners: what must be settled before privileges are compared.
#include <algorithm>
#include <iterator>

#include <fmt/format.h>

#include "sql/acl_change.h"
#include "sql/draft.h"
#include "sql/quote.h"

namespace weir::sql {
namespace {

void add_schema(Catalogue& world, const std::string& name, RoleId owner) {
  world.groups.push_back({.object_class = ObjectClass::kSchema,
                          .owner = owner,
                          .acl = acl_of_new(world, ObjectClass::kSchema, "", owner),
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
    if (!has_schema(draft.world, *wish.schema)) {
      return draft.find(FindingKind::kMissingObject, tags,
                        fmt::format("there is no schema {} for {}", shown_name(*wish.schema),
                                    shown_name(wish.name)));
    }
    draft.add(Phase::kExtensions,
              {.text = move_extension(wish.name, *wish.schema),
               .tags = tags,
               .why = fmt::format("{} is in the schema {} instead of {}", shown_name(wish.name),
                                  extension.schema, *wish.schema)});
  }
}

/// Without a schema of its own it goes to public, where everybody looks, and not to pg_catalog,
/// which our search path begins with.
void make_extension(Draft& draft, const ExtensionWish& wish) {
  const std::string schema = wish.schema.value_or("public");
  if (!has_schema(draft.world, schema)) {
    return draft.find(FindingKind::kMissingObject, {wish.tag},
                      fmt::format("there is no schema {} for {}: say which one it is to be in",
                                  shown_name(schema), shown_name(wish.name)));
  }
  draft.makes_extensions = true;
  Statement statement = {.text = create_extension(wish),
                         .tags = {wish.tag},
                         .why = fmt::format("there is no extension {}", shown_name(wish.name))};
  if (wish.schema) {
    draft.add(Phase::kExtensions, std::move(statement));
  } else {
    draft.add_within(Phase::kExtensions, {schema}, std::move(statement));
  }
  draft.world.extensions.push_back({.name = wish.name, .schema = schema});
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
    for (ObjectGroup& group : draft_.world.groups) {
      if (!is_place(group, wish.target)) continue;
      std::vector<std::string> names = chosen(group, wish.target);
      is_there = is_there || !names.empty();
      if (names.empty() || group.owner == *owner) continue;
      if (is_allowed(group, *owner, tags, wish)) give(group, names, *owner, wish);
    }
    std::ranges::move(moved_, std::back_inserter(draft_.world.groups));
    moved_.clear();
    if (!is_there) report_missing(wish);
  }

 private:
  /// What belongs to an extension moves by name only.
  static bool is_place(const ObjectGroup& group, const Target& target) {
    return group.object_class == target.object_class && group.schema == target.schema &&
           group.table.empty() && !(target.is_all() && group.is_of_extension);
  }

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

  void give(ObjectGroup& group, const std::vector<std::string>& names, RoleId owner,
            const OwnerWish& wish) {
    if (group.object_class == ObjectClass::kDatabase) draft_.moves_database = true;
    const std::vector<Tag> tags = {wish.tag};
    const bool is_lent = lend_create(group, owner, tags);
    for (const std::string& name : names) write(group, name, wish, tags);
    if (is_lent) write_create(AclVerb::kRevoke, group, owner, tags);
    moved_.push_back(taken_out(group, names, owner));
  }

  /// Whoever is no superuser can only make somebody the owner who may create such objects there.
  bool lend_create(const ObjectGroup& group, RoleId owner, const std::vector<Tag>& tags) {
    const Role* user = draft_.world.role(draft_.world.current_user);
    const ObjectGroup* schema =
        group.schema.empty() ? nullptr
                             : draft_.world.group_of(ObjectClass::kSchema, "", "", group.schema);
    if (schema == nullptr || user == nullptr || user->is_superuser) return false;
    const std::string purpose = fmt::format(
        "let {} create in {}", shown_name(draft_.world.name_of(owner)), shown_name(group.schema));
    if (has_privilege(draft_.world, owner, Privilege::kCreate, schema->acl) ||
        !draft_.obtain(Right::kActAs, schema->owner, tags, purpose))
      return false;
    write_create(AclVerb::kGrant, group, owner, tags);
    return true;
  }

  void write_create(AclVerb verb, const ObjectGroup& group, RoleId owner,
                    const std::vector<Tag>& tags) {
    const AclStatement statement = {.verb = verb,
                                    .privileges = {Privilege::kCreate},
                                    .object_class = ObjectClass::kSchema,
                                    .objects = {{.name = group.schema}},
                                    .grantees = {draft_.world.name_of(owner)}};
    draft_.add(Phase::kOwners,
               {.text = text_of(statement),
                .tags = tags,
                .why = fmt::format("for this transaction alone: a new owner must be able to create "
                                   "in {}",
                                   shown_name(group.schema)),
                .is_auxiliary = true});
  }

  void write(const ObjectGroup& group, const std::string& name, const OwnerWish& wish,
             const std::vector<Tag>& tags) {
    const ObjectName object = draft_.object_name(group.object_class, group.schema, name);
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
    moved_.insert(moved_.end(), moved.begin(), moved.end());
  }

  void report_missing(const OwnerWish& wish) {
    draft_.find(FindingKind::kMissingObject, {wish.tag},
                fmt::format("there is no {} {} that could get an owner",
                            noun(wish.target.object_class), shown_name(wish.target.name)));
  }

  Draft& draft_;
  std::map<std::pair<std::string, std::string>, const LinkedSequence*> linked_;
  std::vector<ObjectGroup> moved_;  ///< out of the groups that are being gone through
};

}  // namespace

void draft_schemas(Draft& draft, const Wishes& wishes) {
  const auto wanted = each_once(draft, wishes.schemas, "a schema",
                                [](const SchemaWish& wish) { return wish.name; });
  for (const auto& [name, wish] : wanted) {
    if (!draft.is_name(name, {wish.tag}) || has_schema(draft.world, name)) continue;
    make_schema(draft, {wish.tag}, name, wish.owner);
  }
}

void draft_extensions(Draft& draft, const Wishes& wishes) {
  const auto wanted = each_once(draft, wishes.extensions, "an extension",
                                [](const ExtensionWish& wish) { return wish.name; });
  for (const auto& [name, wish] : wanted) {
    const std::vector<Tag> tags = {wish.tag};
    if (!draft.is_name(name, tags)) continue;
    const auto& extensions = draft.world.extensions;
    const auto found = std::find_if(extensions.begin(), extensions.end(),
                                    [&](const Extension& other) { return other.name == name; });
    if (found != extensions.end()) {
      change_extension(draft, *found, wish);
    } else {
      make_extension(draft, wish);
    }
  }
}

void draft_owners(Draft& draft, const Wishes& wishes) {
  std::vector<OwnerWish> all = wishes.owners;
  for (const SchemaWish& wish : wishes.schemas) {
    if (wish.owner) all.push_back({wish.tag, the_schema(wish.name), *wish.owner});
  }
  const auto wanted = each_once(draft, all, "the owner of an object",
                                [](const OwnerWish& wish) { return wish.target; });
  OwnerDraft owners(draft);
  for (const auto& [target, wish] : wanted) owners.run(wish);
  std::erase_if(draft.world.groups, [](const ObjectGroup& group) { return group.names.empty(); });
}

}  // namespace weir::sql
