#include "manifest/inside/export_inside.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "core/secret_name.h"
#include "manifest/inside/aliases.h"
#include "manifest/inside/export_grants.h"
#include "manifest/inside/profiles.h"
#include "manifest/rules/rule.h"
#include "sql/quote.h"

namespace weir::inside {
namespace {

using sql::ObjectClass;

/// Made with every database.
constexpr std::string_view kBuiltInExtension = "plpgsql";

const sql::ObjectGroup* group_of_database(const sql::Catalogue& catalogue) {
  return catalogue.group_of(ObjectClass::kDatabase, "", "", catalogue.database);
}

/// The profile under which somebody stands in `access`, and what it says of each class.
struct NamedProfile {
  std::string name = {};
  sql::PrivilegeSet schema = {};
  const FoldedHolding* one = nullptr;

  bool covers(ObjectClass object_class) const {
    if (name.empty() || one->profile != nullptr) return !name.empty();
    const auto part = one->shape.parts.find(object_class);
    return part != one->shape.parts.end() && part->second.is_for_existing;
  }
  bool covers_later(ObjectClass object_class) const {
    if (name.empty() || one->profile != nullptr) return !name.empty();
    const auto part = one->shape.parts.find(object_class);
    return part != one->shape.parts.end() && part->second.is_for_future;
  }
};

class DatabaseWords {
 public:
  DatabaseWords(const FoldedDatabase& database, const ProfileNames& profiles, LeftOut& left_out)
      : database_(database),
        catalogue_(*database.catalogue),
        profiles_(profiles),
        left_out_(left_out),
        grants_(database, left_out) {}

  Document write() {
    put("extensions", extensions());
    put("settings", settings());
    put("access", access());
    put("schemas", schemas());
    read_large_objects();
    read_defaults();
    tell_of_strangers();
    tell_of_owners();
    tell_of_indexes();
    put("grants", grants_.grants);
    put("default_privileges", grants_.sorted_defaults());
    return std::move(words_);
  }

 private:
  void put(const char* word, Document value) {
    if (!value.empty()) words_[word] = std::move(value);
  }
  void leave_out(std::string text) { left_out_.push_back(std::move(text)); }

  Document extensions() const {
    Document list = Document::array();
    for (const sql::Extension& each : catalogue_.extensions) {
      if (each.name == kBuiltInExtension || is_name_of_service(each.name)) continue;
      const sql::ObjectGroup* schema =
          catalogue_.group_of(ObjectClass::kSchema, "", "", each.schema);
      const bool needs_schema =
          each.schema != "public" && schema != nullptr && is_exported_schema(*schema, each.schema);
      list.push_back(needs_schema ? Document{{"name", each.name}, {"schema", each.schema}}
                                  : Document(each.name));
    }
    return list;
  }

  Document settings() {
    Document map = Document::object();
    for (const sql::Setting& each : catalogue_.settings) {
      const bool is_of_everybody = each.role == sql::kPublic && !each.is_of_database;
      if (is_of_everybody) {
        leave_out(
            fmt::format("the setting {} of all roles in all databases, as manifests have "
                        "settings of databases alone",
                        each.name));
      }
      if (!each.is_of_database) continue;
      const std::string whose = each.role == sql::kPublic
                                    ? "the setting " + each.name
                                    : fmt::format("the setting {} of {}", each.name,
                                                  sql::shown_name(catalogue_.name_of(each.role)));
      if (each.role != sql::kPublic) {
        leave_out(whose + ", as manifests have settings of databases alone");
      } else if (is_secret_name(each.name)) {
        leave_out(whose + ", which is called like a secret");
      } else if (is_secret_value(each.value)) {
        leave_out(whose + ", which has what looks like a secret");
      } else if (rules::is_setting_name(each.name)) {
        map[each.name] = each.value;
      } else {
        leave_out(whose + ", as that is no name of a setting");
      }
    }
    return map;
  }

  Document access() {
    Document map = Document::object();
    const sql::ObjectGroup* group = group_of_database(catalogue_);
    if (group == nullptr) return map;
    sql::Shares shares = sql::shares_of(group->acl, group->owner);
    shares.try_emplace(sql::kPublic);
    for (const auto& [role, share] : by_name(shares)) {
      if (role == group->owner) continue;
      if (share == unsaid_share(catalogue_, ObjectClass::kDatabase, "", role)) continue;
      const auto words = sql::words_of(share.privileges - share.grantable);
      if (!words.empty()) map[database_.names.at(role)] = one_or_list(words);
      if (share.privileges.is_empty()) map[database_.names.at(role)] = "none";
      give_options(role, ObjectClass::kDatabase, catalogue_.database, share);
    }
    return map;
  }

  /// Of those whom the manifest can name: numbers are others on another server.
  std::vector<std::pair<sql::RoleId, sql::Share>> by_name(const sql::Shares& shares) const {
    std::vector<std::pair<sql::RoleId, sql::Share>> sorted;
    for (const auto& each : shares) {
      if (database_.names.contains(each.first)) sorted.emplace_back(each);
    }
    std::ranges::sort(sorted, {}, [&](const auto& each) { return database_.names.at(each.first); });
    return sorted;
  }

  void give_options(sql::RoleId role, ObjectClass object_class, const std::string& name,
                    const sql::Share& share) {
    if (share.grantable.is_empty()) return;
    grants_.add_place(role, object_class, name,
                      {.privileges = share.grantable, .grantable = share.grantable});
  }

  Document schemas() {
    Document map = Document::object();
    for (const FoldedSchema& schema : database_.schemas) {
      Document words = schema_words(schema);
      // It is there in every database.
      if (words.empty() && schema.name == "public") continue;
      map[schema.name] = std::move(words);
    }
    for (const std::string& name : database_.unwritten_schemas) {
      leave_out(fmt::format("the schema {}, as manifests cannot name that", sql::shown_name(name)));
    }
    return map;
  }

  Document schema_words(const FoldedSchema& schema) {
    Document words = Document::object();
    put_owner(words, schema);
    Document access = Document::object();
    bool needs_creators = false;
    for (const FoldedHolding& one : schema.grantees) {
      const NamedProfile profile = profile_of(one);
      needs_creators = needs_creators || !profile.name.empty();
      const auto list = access_words(schema, one, profile);
      if (!list.empty()) access[database_.names.at(one.grantee)] = one_or_list(list);
      write_rest(schema, one, profile);
    }
    if (needs_creators && schema.names_creators) words["created_by"] = creators_of(schema);
    if (!access.empty()) words["access"] = std::move(access);
    return words;
  }

  void put_owner(Document& words, const FoldedSchema& schema) {
    const auto name = database_.names.find(schema.owner);
    const sql::Role* owner = catalogue_.role(schema.owner);
    const bool is_unsaid =
        owner == nullptr || (schema.name == "public" && owner->name == "pg_database_owner");
    if (is_unsaid) return;
    if (name != database_.names.end()) {
      words["owner"] = name->second;
    } else if (!is_of_service(*owner)) {
      leave_out(fmt::format("the owner {} of the schema {}, whom no manifest declares",
                            sql::shown_name(owner->name), sql::shown_name(schema.name)));
    }
  }

  Document creators_of(const FoldedSchema& schema) const {
    std::vector<std::string> names;
    names.reserve(schema.creators.size());
    for (const sql::RoleId role : schema.creators) names.push_back(database_.names.at(role));
    std::ranges::sort(names);
    return one_or_list(names);
  }

  NamedProfile profile_of(const FoldedHolding& one) const {
    if (one.profile != nullptr) {
      return {.name = std::string(one.profile->name), .schema = one.profile->schema, .one = &one};
    }
    const auto known = profiles_.find(one.shape);
    if (known == profiles_.end()) return {.one = &one};
    return {.name = known->second, .schema = one.shape.schema, .one = &one};
  }

  std::vector<std::string> access_words(const FoldedSchema& schema, const FoldedHolding& one,
                                        const NamedProfile& profile) {
    const sql::Share& share = one.holding.of_schema;
    std::vector<std::string> words;
    if (!profile.name.empty()) words.push_back(profile.name);
    // What owners have by owning it goes without saying, unless the profile says less.
    const bool is_owned = one.holding.is_owner && one.profile == nullptr;
    const bool is_unsaid =
        profile.name.empty() &&
        share == unsaid_share(catalogue_, ObjectClass::kSchema, schema.name, one.grantee);
    if (is_owned || is_unsaid) return words;
    for (std::string& word : sql::words_of(share.privileges - share.grantable - profile.schema)) {
      words.push_back(std::move(word));
    }
    give_options(one.grantee, ObjectClass::kSchema, schema.name, share);
    if (share.privileges.is_empty() && one.grantee == sql::kPublic && words.empty()) {
      grants_.add_place(one.grantee, ObjectClass::kSchema, schema.name, {});
    }
    return words;
  }

  void write_rest(const FoldedSchema& schema, const FoldedHolding& one,
                  const NamedProfile& profile) {
    for (const ObjectClass object_class : kClassesInSchema) {
      const ClassHolding& holding = one.holding.classes.at(object_class);
      const bool is_covered = profile.covers(object_class);
      if (!is_covered && holding.is_said) {
        grants_.add_all(one.grantee, object_class, schema.name, holding.usual);
      }
      const bool has_base = is_covered || holding.is_said;
      write_exceptions(schema, one, object_class, has_base ? holding.usual : sql::Share());
      for (const auto& [creator, share] : holding.later) {
        if (profile.covers_later(object_class) && schema.creators.contains(creator)) continue;
        grants_.add_default(creator, schema.name, object_class, one.grantee, share);
      }
    }
    for (const ColumnHolding& columns : one.holding.columns) {
      grants_.add_columns(one.grantee, schema.name, columns);
    }
  }

  void write_exceptions(const FoldedSchema& schema, const FoldedHolding& one,
                        ObjectClass object_class, const sql::Share& base) {
    const bool are_tables = object_class == ObjectClass::kTable;
    for (const auto& [name, share] : one.holding.classes.at(object_class).exceptions) {
      if (are_tables && one.holding.closed_tables.contains(name)) {
        leave_out(fmt::format("what {} has on table {}.{}, as manifests cannot name its columns",
                              database_.names.at(one.grantee), sql::shown_name(schema.name),
                              sql::shown_name(name)));
        continue;
      }
      const sql::PrivilegeSet grantable = share.grantable - base.grantable;
      grants_.add_object(
          one.grantee, object_class, schema.name, name,
          {.privileges = (share.privileges - base.privileges) | grantable, .grantable = grantable});
    }
  }

  void read_large_objects() {
    for (const sql::ObjectGroup& group : catalogue_.groups) {
      if (group.object_class != ObjectClass::kLargeObject) continue;
      for (const auto& [role, share] : by_name(sql::shares_of(group.acl, group.owner))) {
        if (role == group.owner) continue;
        for (const std::string& name : group.names) {
          grants_.add_object(role, ObjectClass::kLargeObject, "", name, share);
        }
      }
    }
  }

  /// Of default privileges for all schemas; those of one schema stand with it.
  void read_defaults() {
    for (const sql::DefaultAcl& entry : catalogue_.default_acls) {
      const sql::Role* creator = catalogue_.role(entry.creator);
      if (entry.schema || creator == nullptr || is_of_service_here(*creator)) continue;
      sql::Shares shares = sql::shares_of(entry.acl, entry.creator);
      shares.try_emplace(sql::kPublic);
      for (const auto& [role, share] : shares) {
        if (role == entry.creator || !database_.names.contains(role)) continue;
        if (share == unsaid_share(catalogue_, entry.object_class, "", role)) continue;
        grants_.add_default(entry.creator, "", entry.object_class, role, share);
      }
    }
  }

  bool is_of_service_here(const sql::Role& role) const {
    return !database_.names.contains(role.id) && is_of_service(role);
  }

  /// One sentence for each role that has something here and that the manifest cannot name.
  void tell_of_strangers() {
    std::set<std::string> strangers;
    const auto look_at = [&](const sql::Acl& acl, sql::RoleId owner) {
      for (const sql::AclEntry& entry : acl) {
        const sql::Role* role = catalogue_.role(entry.grantee);
        const bool is_meant = role != nullptr && role->id != owner && !is_of_service_here(*role);
        if (is_meant && !database_.names.contains(role->id)) strangers.insert(role->name);
      }
    };
    for (const sql::ObjectGroup& group : catalogue_.groups) {
      if (!group.is_of_extension) look_at(group.acl, group.owner);
    }
    for (const sql::DefaultAcl& entry : catalogue_.default_acls) look_at(entry.acl, entry.creator);
    for (const std::string& name : strangers) {
      leave_out(
          fmt::format("what {} may do inside, whom no manifest declares", sql::shown_name(name)));
    }
  }

  /// Nobody declares that an owner lacks something, which it could give itself again.
  void tell_of_owners() {
    for (const sql::ObjectGroup& group : catalogue_.groups) {
      const auto owner = database_.names.find(group.owner);
      const bool is_meant = !group.is_built_in_acl && !group.is_of_extension &&
                            group.object_class != ObjectClass::kColumn;
      if (!is_meant || owner == database_.names.end()) continue;
      sql::PrivilegeSet lost =
          sql::privileges_of(group.object_class, catalogue_.version) -
          sql::share_of(sql::shares_of(group.acl, group.owner), group.owner).privileges;
      // Objects that came with an upgrade lack what their old server did not have.
      lost = lost - sql::PrivilegeSet{sql::Privilege::kMaintain};
      if (lost.is_empty()) continue;
      for (const std::string& name : group.names) {
        leave_out(fmt::format("that {} lacks {} on its own {} {}{}", owner->second,
                              sql::text_of(lost), sql::noun(group.object_class),
                              group.schema.empty() ? "" : sql::shown_name(group.schema) + ".",
                              sql::shown_name(name)));
      }
    }
  }

  /// Their texts, which after_create has, are in no catalogue.
  void tell_of_indexes() {
    std::set<std::string> tables;
    for (const sql::OwnIndex& index : catalogue_.own_indexes) {
      tables.insert(sql::shown_name(index.schema) + "." + sql::shown_name(index.table));
    }
    for (const std::string& table : tables) {
      leave_out(fmt::format("the indexes that after_create has made for {}", table));
    }
  }

  const FoldedDatabase& database_;
  const sql::Catalogue& catalogue_;
  const ProfileNames& profiles_;
  LeftOut& left_out_;
  GrantWriter grants_;
  Document words_ = Document::object();
};

}  // namespace

Document database_words(const FoldedDatabase& database, const ProfileNames& profiles,
                        LeftOut& left_out) {
  return DatabaseWords(database, profiles, left_out).write();
}

}  // namespace weir::inside
