// What is inside databases: names, and access that cannot be meant.
#include <algorithm>
#include <unordered_map>

#include <fmt/format.h>

#include "manifest/inside/aliases.h"
#include "manifest/rules/rule.h"
#include "sql/quote.h"

namespace weir::rules {
namespace {

/// A mistake in what a wish comes from.
Finding about(const Inside& inside, const sql::Tag& tag, std::string message, std::string hint) {
  const auto address = Address::parse(tag);
  const bool is_schema = address && *address == inside.address.child("schemas", address->key());
  return {.address = !address || is_schema ? tag : address->parent().text(),
          .message = std::move(message),
          .hint = std::move(hint),
          .place = inside.places.at(tag)};
}

/// Makes a check of all insides from one of a single one.
template <void (*check)(const Inside&, Findings&)>
void each_inside(const Scene& scene, Findings& findings) {
  for (const Inside& inside : scene.manifest.insides) check(inside, findings);
}

void check_own_schemas(const Inside& inside, Findings& findings) {
  for (const sql::SchemaWish& wish : inside.wishes.schemas) {
    if (!wish.name.starts_with("pg_") && wish.name != "information_schema") continue;
    findings.push_back(about(
        inside, wish.tag, fmt::format("{} is a schema that PostgreSQL keeps for itself", wish.name),
        "choose a name that does not begin with pg_"));
  }
}

/// Looks at every name that statements will have in quotation marks.
class NameCheck {
 public:
  NameCheck(const Inside& inside, Findings& findings) : inside_(inside), findings_(findings) {}

  void check(const sql::Tag& tag, const std::string& name) {
    if (!name.empty() && !inside_.schema_ends.contains(name)) report(tag, name);
  }

  /// Names of declared schemas are looked at here alone, not wherever they are used.
  void check_declared(const sql::SchemaWish& wish) { report(wish.tag, wish.name); }

  void check(const sql::Tag& tag, const sql::Target& target) {
    check(tag, target.schema);
    check(tag, target.table);
    check(tag, target.object_class == sql::ObjectClass::kRoutine
                   ? target.name.substr(0, target.name.find('('))
                   : target.name);
  }

 private:
  /// One place may lead to many wishes, and is reported once.
  void report(const sql::Tag& tag, const std::string& name) {
    const std::string problem = sql::problem_with_name(name);
    if (problem.empty() || tag == last_) return;
    last_ = tag;
    findings_.push_back(about(inside_, tag, problem, "choose a name that PostgreSQL keeps whole"));
  }

  const Inside& inside_;
  Findings& findings_;
  sql::Tag last_ = {};
};

void check_names(const Inside& inside, Findings& findings) {
  NameCheck names(inside, findings);
  const sql::Wishes& wishes = inside.wishes;
  for (const auto& wish : wishes.schemas) names.check_declared(wish);
  for (const auto& wish : wishes.extensions) {
    names.check(wish.tag, wish.name);
    names.check(wish.tag, wish.schema.value_or(""));
  }
  for (const auto& wish : wishes.access) names.check(wish.tag, wish.target);
  for (const auto& wish : wishes.defaults) names.check(wish.tag, wish.schema.value_or(""));
}

void check_setting_names(const Inside& inside, Findings& findings) {
  for (const sql::SettingWish& wish : inside.wishes.settings) {
    if (is_setting_name(wish.name)) continue;
    findings.push_back(
        about(inside, wish.tag,
              fmt::format("settings: {} cannot be the name of a PostgreSQL setting",
                          sql::shown_name(wish.name)),
              "write names such as statement_timeout or auto_explain.log_min_duration"));
  }
}

void check_settings_once(const Inside& inside, Findings& findings) {
  std::unordered_map<std::string, const sql::SettingWish*> seen;
  for (const sql::SettingWish& wish : inside.wishes.settings) {
    const auto [other, is_new] = seen.emplace(lower_case(wish.name), &wish);
    if (is_new) continue;
    findings.push_back(about(
        inside, wish.tag,
        fmt::format("settings: {} and {} are the same setting", other->second->name, wish.name),
        "keep one of them"));
  }
}

void check_owners_access(const Inside& inside, Findings& findings) {
  std::unordered_map<std::string, std::string> owners;
  for (const sql::SchemaWish& wish : inside.wishes.schemas) {
    if (wish.owner) owners.emplace(wish.name, *wish.owner);
  }
  const sql::PrivilegeSet all = sql::privileges_of(sql::ObjectClass::kSchema, {});
  for (const sql::AccessWish& wish : inside.wishes.access) {
    if (wish.target.object_class != sql::ObjectClass::kSchema) continue;
    const auto owner = owners.find(wish.target.name);
    if (owner == owners.end() || owner->second != wish.grantee.role) continue;
    if (wish.privileges.contains(all)) continue;
    findings.push_back(
        about(inside, wish.tag,
              fmt::format("access takes {} on the schema {} away from its owner {}",
                          sql::text_of(all - wish.privileges), wish.target.name, wish.grantee.role),
              "remove the owner from access, or add all"));
  }
}

void check_own_defaults(const Inside& inside, Findings& findings) {
  for (const sql::DefaultWish& wish : inside.wishes.defaults) {
    if (wish.grantee.is_public || wish.grantee.role != wish.creator) continue;
    findings.push_back(
        about(inside, wish.tag,
              fmt::format("{} owns what it makes, and may do everything with it", wish.creator),
              "remove it, or name another grantee"));
  }
}

void check_similar_schemas(const Inside& inside, Findings& findings) {
  std::unordered_map<std::string, const sql::SchemaWish*> seen;
  for (const sql::SchemaWish& wish : inside.wishes.schemas) {
    const auto [other, is_new] = seen.emplace(lower_case(wish.name), &wish);
    if (is_new) continue;
    findings.push_back(about(inside, wish.tag,
                             fmt::format("the schema {} differs from {} only in capitals",
                                         wish.name, other->second->name),
                             "choose names that people can tell apart, or remove one of them"));
  }
}

void check_public_options(const Inside& inside, Findings& findings) {
  const auto check = [&](const auto& wish, const sql::Tag& last) {
    if (!wish.grantee.is_public || !wish.is_grantable || wish.tag == last) return;
    findings.push_back(about(inside, wish.tag, "public cannot have a grant option",
                             "remove grant_option, or name a role"));
  };
  sql::Tag last;
  for (const sql::AccessWish& wish : inside.wishes.access) {
    check(wish, last);
    last = wish.tag;
  }
  for (const sql::DefaultWish& wish : inside.wishes.defaults) check(wish, "");
}

void check_superusers(const Inside& inside, Findings& findings) {
  for (const sql::MembershipWish& wish : inside.wishes.memberships) {
    if (wish.role != "databricks_superuser") continue;
    findings.push_back(
        about(inside, wish.tag,
              fmt::format("member_of: the service keeps who is a member of {}", wish.role),
              "write superuser: true instead"));
  }
}

void check_public_create(const Inside& inside, Findings& findings) {
  for (const sql::AccessWish& wish : inside.wishes.access) {
    const bool is_open = wish.grantee.is_public &&
                         wish.target.object_class == sql::ObjectClass::kSchema &&
                         wish.privileges.has(sql::Privilege::kCreate);
    if (!is_open) continue;
    findings.push_back(
        about(inside, wish.tag,
              fmt::format("everybody may create objects in the schema {}, also ones that hide "
                          "those of others",
                          wish.target.name),
              "name the roles that create objects there"));
  }
}

/// A role that is called like its key has a reserved name, which is another mistake.
void check_hidden_aliases(const Declaration& role, const Scene&, Findings& findings) {
  const std::string key = role.address.key();
  if (key == role.id) return;
  if (key == "public") {
    findings.push_back(finding(role, "id", "public means everybody where grantees are named",
                               "choose another key for the role"));
  } else if (inside::is_own_role(key)) {
    findings.push_back(finding(
        role, "id", fmt::format("the key hides the role {} that the server has for itself", key),
        "choose another key for the role"));
  }
}

constexpr std::array kRules = {
    Rule{.id = "L140",
         .summary = "Schemas that PostgreSQL keeps for itself are not declared.",
         .source = "PostgreSQL, CREATE SCHEMA",
         .check_manifest = &each_inside<check_own_schemas>},
    Rule{.id = "L141",
         .summary = "A name inside a database has at most 63 bytes, and no control characters.",
         .source = "PostgreSQL, identifiers: longer ones are cut silently",
         .check_manifest = &each_inside<check_names>},
    Rule{.id = "L142",
         .summary = "Names of a database's settings are identifiers, with dots between them.",
         .source = "PostgreSQL, ALTER DATABASE",
         .check_manifest = &each_inside<check_setting_names>},
    Rule{.id = "L143",
         .summary = "A setting of a database stands there once, whatever its capitals.",
         .source = "PostgreSQL, names of settings",
         .check_manifest = &each_inside<check_settings_once>},
    Rule{.id = "L144",
         .summary = "Access takes nothing on a schema away from its owner.",
         .source = "PostgreSQL, privileges: allowed, and a likely mistake",
         .severity = Severity::kWarning,
         .check_manifest = &each_inside<check_owners_access>},
    Rule{.id = "L145",
         .summary = "Default privileges are for others than the role that makes the objects.",
         .source = "PostgreSQL, privileges: allowed, and a likely mistake",
         .severity = Severity::kWarning,
         .check_manifest = &each_inside<check_own_defaults>},
    Rule{.id = "L146",
         .summary = "Two schemas of a database differ in more than capitals.",
         .source = "PostgreSQL, identifiers: allowed, and a likely mistake",
         .severity = Severity::kWarning,
         .check_manifest = &each_inside<check_similar_schemas>},
    Rule{.id = "L147",
         .summary = "Everybody can have privileges, but not the option to pass them on.",
         .source = "PostgreSQL, GRANT",
         .check_manifest = &each_inside<check_public_options>},
    Rule{.id = "L148",
         .summary = "Membership in databricks_superuser is said with superuser.",
         .source = "service-rules F-13: the service's own field",
         .severity = Severity::kWarning,
         .check_manifest = &each_inside<check_superusers>},
    Rule{.id = "L149",
         .summary = "Not everybody may create objects in a schema.",
         .source = "PostgreSQL, CVE-2018-1058: allowed, and dangerous",
         .severity = Severity::kWarning,
         .check_manifest = &each_inside<check_public_create>},
    Rule{.id = "L150",
         .summary = "The key of a role is not a word that means other roles inside databases.",
         .source = "the manifest language",
         .severity = Severity::kWarning,
         .kind = "role",
         .check = &check_hidden_aliases},
};

}  // namespace

std::span<const Rule> inside_rules() {
  return kRules;
}

}  // namespace weir::rules
