#include "convert/privileges.h"

#include <algorithm>
#include <array>
#include <optional>
#include <set>

#include <fmt/format.h>

#include "convert/manifest_tree.h"
#include "sql/profile.h"

namespace weir::convert {
namespace {

using sql::ObjectClass;
using sql::PrivilegeSet;

constexpr sql::ServerVersion kNewestServer = {.number = 180000};

/// The words for a class: in profiles and default privileges, of one object, of all in a schema.
struct ClassWord {
  ObjectClass object_class;
  std::string_view plural;
  std::string_view one;
  std::string_view all_in;
};
constexpr std::array kClassWordsOfManifests = {
    ClassWord{ObjectClass::kSchema, "schema", "schema", ""},
    ClassWord{ObjectClass::kTable, "tables", "table", "tables_in"},
    ClassWord{ObjectClass::kSequence, "sequences", "sequence", "sequences_in"},
    ClassWord{ObjectClass::kRoutine, "functions", "function", "functions_in"},
    ClassWord{ObjectClass::kType, "types", "type", "types_in"},
    ClassWord{ObjectClass::kDatabase, "", "database", ""}};

const ClassWord& words_for(ObjectClass object_class) {
  const auto* found =
      std::find_if(kClassWordsOfManifests.begin(), kClassWordsOfManifests.end(),
                   [&](const ClassWord& word) { return word.object_class == object_class; });
  return found == kClassWordsOfManifests.end() ? kClassWordsOfManifests[1] : *found;
}

/// One word alone, or a list of them.
Document one_or_list(std::vector<std::string> words) {
  if (words.size() == 1) return words.front();
  return words;
}

Document privilege_words(PrivilegeSet privileges, ObjectClass object_class) {
  if (privileges.is_empty()) return "none";
  std::vector<std::string> words = sql::words_of(privileges);
  const bool is_all = privileges == sql::privileges_of(object_class, kNewestServer);
  if (is_all && words.size() > 2) return "all";
  return one_or_list(std::move(words));
}

/// What one grantee has in one schema, class by class.
struct SchemaAccess {
  std::map<ObjectClass, PrivilegeSet> existing = {};
  std::map<ObjectClass, PrivilegeSet> future = {};

  static PrivilegeSet part(const std::map<ObjectClass, PrivilegeSet>& parts, ObjectClass which) {
    const auto found = parts.find(which);
    return found == parts.end() ? PrivilegeSet{} : found->second;
  }
  PrivilegeSet now(ObjectClass which) const { return part(existing, which); }
  PrivilegeSet later(ObjectClass which) const { return part(future, which); }
};

constexpr std::array kInSchemas = {ObjectClass::kTable, ObjectClass::kSequence,
                                   ObjectClass::kRoutine, ObjectClass::kType};

bool says_the_same(const sql::Profile& profile, const SchemaAccess& access) {
  if (profile.tables.is_empty() || !access.now(ObjectClass::kSchema).contains(profile.schema)) {
    return false;
  }
  return std::all_of(kInSchemas.begin(), kInSchemas.end(), [&](ObjectClass which) {
    const PrivilegeSet wanted = profile.part(which);
    const bool is_same = access.now(which) == wanted && access.later(which) == wanted;
    // Functions and types are everybody's anyway, unless somebody takes them away.
    const bool is_public = sql::public_privileges_of(which).contains(wanted);
    return is_same || (is_public && access.now(which).is_empty() && access.later(which).is_empty());
  });
}

/// The words for one grantee in the access of a schema.
Document access_words(const SchemaAccess& access, AccessProfiles& profiles) {
  const PrivilegeSet of_schema = access.now(ObjectClass::kSchema);
  std::vector<std::string> words;
  PrivilegeSet rest = of_schema;
  const bool is_inside = std::any_of(kInSchemas.begin(), kInSchemas.end(), [&](ObjectClass which) {
    return !access.now(which).is_empty() || !access.later(which).is_empty();
  });
  if (is_inside) {
    const auto built_in = sql::built_in_profiles();
    const auto same = std::find_if(built_in.begin(), built_in.end(), [&](const auto& profile) {
      return says_the_same(profile, access);
    });
    if (same != built_in.end()) {
      words.emplace_back(same->name);
      rest -= same->schema;
    } else {
      SchemaAccess inside = access;
      inside.existing[ObjectClass::kSchema] = of_schema & PrivilegeSet{sql::Privilege::kUsage};
      words.push_back(profiles.name_of(profile_content(inside.existing, inside.future)));
      rest -= PrivilegeSet{sql::Privilege::kUsage};
    }
  }
  for (std::string& word : sql::words_of(rest)) words.push_back(std::move(word));
  return one_or_list(std::move(words));
}

/// Names stand behind their schema; what has a dot in it stands in quotation marks.
std::string object_name(const std::string& schema, const std::string& name) {
  const auto part = [](const std::string& text, std::string_view unsafe) {
    const bool is_plain = text.find_first_of(unsafe) == std::string::npos;
    return is_plain ? text : fmt::format("\"{}\"", text);
  };
  const bool is_routine = name.ends_with(')');
  return literal(part(schema, ".\"") + "." + (is_routine ? name : part(name, ".\"")));
}

Document target_of(const Grant& grant, const std::string& object) {
  const ClassWord& words = words_for(grant.object_class);
  Document on = Document::object();
  if (grant.object_class == ObjectClass::kSchema) {
    on[std::string(words.one)] = literal(grant.schema);
  } else if (object.empty()) {
    on[std::string(words.all_in)] = literal(grant.schema);
  } else {
    on[std::string(words.one)] = object_name(grant.schema, object);
  }
  if (!grant.columns.empty()) on["columns"] = grant.columns;
  return on;
}

void add_item(Document& database, const char* list, Document item) {
  Document& items = database[list];
  if (!items.is_array()) items = Document::array();
  items.push_back(std::move(item));
}

void write_grant(const Grant& grant, const std::string& object, Document& database) {
  const ObjectClass of = grant.columns.empty() ? grant.object_class : ObjectClass::kColumn;
  Document item = {{"to", grant.to},
                   {"on", target_of(grant, object)},
                   {"privileges", privilege_words(grant.privileges, of)}};
  if (grant.is_grantable) item["grant_option"] = true;
  add_item(database, "grants", std::move(item));
}

void write_default(const DefaultGrant& grant, Document& database) {
  Document item = {{"for", grant.creator}};
  if (!grant.schema.empty()) item["in"] = literal(grant.schema);
  const bool is_schemas = grant.object_class == ObjectClass::kSchema;
  item["on"] = is_schemas ? "schemas" : std::string(words_for(grant.object_class).plural);
  item["to"] = grant.to;
  item["privileges"] = privilege_words(grant.privileges, grant.object_class);
  if (grant.is_grantable) item["grant_option"] = true;
  add_item(database, "default_privileges", std::move(item));
}

/// Whether profiles can say it: they are about all of a class in a schema, and give.
bool fits_profiles(const Grant& grant) {
  return grant.objects.empty() && grant.columns.empty() && !grant.is_grantable &&
         !grant.privileges.is_empty() && !grant.schema.empty();
}

bool fits_profiles(const DefaultGrant& grant) {
  return !grant.schema.empty() && !grant.is_grantable && !grant.privileges.is_empty() &&
         grant.object_class != ObjectClass::kSchema;
}

using Creators = std::map<std::string, PrivilegeSet>;
using Grantee = std::pair<std::string, ObjectClass>;

/// Those whose later objects the profiles of one schema cover: the same for all grantees and
/// classes, or none.
std::set<std::string> creators_of(const DatabaseGrants& all) {
  std::map<Grantee, Creators> by_grantee;
  std::set<std::string> creators;
  for (const DefaultGrant& grant : all.defaults) {
    if (!fits_profiles(grant)) continue;
    by_grantee[{grant.to, grant.object_class}][grant.creator] |= grant.privileges;
    creators.insert(grant.creator);
  }
  const bool is_even = std::all_of(by_grantee.begin(), by_grantee.end(), [&](const auto& each) {
    const Creators& of = each.second;
    return of.size() == creators.size() && std::all_of(of.begin(), of.end(), [&](const auto& one) {
             return one.second == of.begin()->second;
           });
  });
  return is_even ? creators : std::set<std::string>();
}

/// Writes what profiles can say about one schema.
class SchemaWriter {
 public:
  SchemaWriter(const std::string& schema, const DatabaseGrants& all, Document& database,
               AccessProfiles& profiles)
      : schema_(schema),
        all_(all),
        database_(database),
        profiles_(profiles),
        creators_(creators_of(all)) {}

  void write() {
    for (const Grant& grant : all_.grants) {
      access_of(grant.to).existing[grant.object_class] |= grant.privileges;
    }
    for (const DefaultGrant& grant : all_.defaults) {
      if (is_covered(grant)) {
        access_of(grant.to).future[grant.object_class] |= grant.privileges;
      }
    }
    for (const std::string& grantee : grantees_) write_access(grantee);
    for (const DefaultGrant& grant : all_.defaults) {
      if (!is_covered(grant)) write_default(grant, database_);
    }
  }

 private:
  SchemaAccess& access_of(const std::string& grantee) {
    if (!access_.contains(grantee)) grantees_.push_back(grantee);
    return access_[grantee];
  }

  bool is_covered(const DefaultGrant& grant) const {
    return fits_profiles(grant) && creators_.contains(grant.creator);
  }

  /// A class that has something now and something else later is said twice.
  void write_access(const std::string& grantee) {
    SchemaAccess& access = access_[grantee];
    for (const ObjectClass which : kInSchemas) {
      const PrivilegeSet later = access.later(which);
      if (later.is_empty() || access.now(which).is_empty() || later == access.now(which)) continue;
      for (const std::string& creator : creators_) {
        write_default({.creator = creator,
                       .schema = schema_,
                       .to = grantee,
                       .object_class = which,
                       .privileges = later},
                      database_);
      }
      access.future.erase(which);
    }
    Document& schema = member(database_, {"schemas", literal(schema_)});
    const bool has_future = std::any_of(access.future.begin(), access.future.end(),
                                        [](const auto& part) { return !part.second.is_empty(); });
    if (has_future && !schema.contains("created_by")) {
      schema["created_by"] = one_or_list({creators_.begin(), creators_.end()});
    }
    schema["access"][grantee] = access_words(access, profiles_);
  }

  const std::string& schema_;
  const DatabaseGrants& all_;
  Document& database_;
  AccessProfiles& profiles_;
  const std::set<std::string> creators_;
  std::map<std::string, SchemaAccess> access_;
  std::vector<std::string> grantees_;  // in the order of the source
};

/// What is on a database is its access; the rest stands in grants.
void write_exactly(const Grant& grant, Document& database) {
  if (grant.object_class == ObjectClass::kDatabase) {
    database["access"][grant.to] = privilege_words(grant.privileges, ObjectClass::kDatabase);
    return;
  }
  if (grant.objects.empty()) write_grant(grant, "", database);
  for (const std::string& object : grant.objects) write_grant(grant, object, database);
}

Document part_words(PrivilegeSet now, PrivilegeSet later, ObjectClass which) {
  const Document words = privilege_words(now.is_empty() ? later : now, which);
  if (which == ObjectClass::kSchema || now == later) return words;
  return {{"privileges", words}, {now.is_empty() ? "existing" : "future", false}};
}

}  // namespace

void AccessProfiles::suggest(const std::string& name, const Document& content) {
  suggested_.emplace_back(content, name);
}

std::string AccessProfiles::name_of(const Document& content) {
  for (const auto& [name, made] : made_.items()) {
    if (made == content) return name;
  }
  const auto found = std::find_if(suggested_.begin(), suggested_.end(),
                                  [&](const auto& each) { return each.first == content; });
  const bool writes = content.dump().find("insert") != std::string::npos;
  std::string name = found != suggested_.end() ? found->second : writes ? "writer" : "reader";
  const bool is_taken = sql::find_profile(name) != nullptr || name == "none" || name == "all" ||
                        sql::privilege_named(name).has_value();
  if (is_taken) name += "_access";
  const std::string stem = name;
  for (int number = 2; made_.contains(name); ++number) name = fmt::format("{}_{}", stem, number);
  made_[name] = content;
  return name;
}

Document profile_content(const std::map<ObjectClass, PrivilegeSet>& existing,
                         const std::map<ObjectClass, PrivilegeSet>& future) {
  Document content = Document::object();
  for (const ClassWord& words : kClassWordsOfManifests) {
    const PrivilegeSet now = SchemaAccess::part(existing, words.object_class);
    const PrivilegeSet later = SchemaAccess::part(future, words.object_class);
    const bool is_said = words.object_class != ObjectClass::kDatabase;
    if (!is_said || (now.is_empty() && later.is_empty())) continue;
    content[std::string(words.plural)] = part_words(now, later, words.object_class);
  }
  return content;
}

void write_privileges(const DatabaseGrants& all, Document& database, AccessProfiles& profiles) {
  std::map<std::string, DatabaseGrants> by_schema;
  std::vector<std::string> schemas;  // in the order of the source
  const auto in_schema = [&](const std::string& schema) -> DatabaseGrants& {
    if (!by_schema.contains(schema)) schemas.push_back(schema);
    return by_schema[schema];
  };
  for (const Grant& grant : all.grants) {
    if (fits_profiles(grant)) in_schema(grant.schema).grants.push_back(grant);
  }
  for (const DefaultGrant& grant : all.defaults) {
    if (!grant.schema.empty()) in_schema(grant.schema).defaults.push_back(grant);
  }
  for (const std::string& schema : schemas) {
    SchemaWriter(schema, by_schema[schema], database, profiles).write();
  }
  for (const Grant& grant : all.grants) {
    if (!fits_profiles(grant)) write_exactly(grant, database);
  }
  for (const DefaultGrant& grant : all.defaults) {
    if (grant.schema.empty()) write_default(grant, database);
  }
}

std::optional<ObjectClass> class_named(std::string_view word) {
  constexpr std::array<std::pair<std::string_view, ObjectClass>, 12> kWords = {
      {{"database", ObjectClass::kDatabase},
       {"schema", ObjectClass::kSchema},
       {"table", ObjectClass::kTable},
       {"view", ObjectClass::kTable},
       {"materialized_view", ObjectClass::kTable},
       {"column", ObjectClass::kTable},
       {"sequence", ObjectClass::kSequence},
       {"function", ObjectClass::kRoutine},
       {"procedure", ObjectClass::kRoutine},
       {"routine", ObjectClass::kRoutine},
       {"type", ObjectClass::kType},
       {"domain", ObjectClass::kType}}};
  for (const auto& [name, object_class] : kWords) {
    if (name == word) return object_class;
  }
  return std::nullopt;
}

}  // namespace weir::convert
