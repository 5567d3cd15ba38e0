#include "manifest/inside/words.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace weir::inside {
namespace {

constexpr std::array<std::string_view, 5> kDefaultClasses = {"tables", "sequences", "functions",
                                                             "types", "schemas"};
constexpr std::array<std::string_view, 2> kLeavings = {"abandon", "destroy"};
constexpr std::array<std::string_view, 3> kUndeclared = {"enforce", "report", "ignore"};
constexpr std::array<std::string_view, 3> kPolicies = {"snapshot", "triggered", "continuous"};
constexpr std::array<std::string_view, 2> kChannels = {"current", "preview"};
constexpr std::array<std::string_view, 3> kEnds = {"delete", "keep", "fail"};

constexpr std::array kWords = {
    // Access profiles.
    Word{.path = "access_profiles",
         .doc = "Names for what a grantee may do in a schema, beside those that weir knows.",
         .form = Form::kMembers,
         .example = "access_profiles:\n  auditor: { schema: usage, tables: select }"},
    Word{.path = "access_profiles.schema",
         .doc = "Privileges of the schema itself.",
         .form = Form::kNames,
         .example = "schema: [usage]"},
    Word{.path = "access_profiles.tables",
         .doc = "Privileges of its tables and views.",
         .form = Form::kPrivileges,
         .example = "tables: { privileges: [select], future: false }"},
    Word{.path = "access_profiles.tables.privileges",
         .doc = "The privileges; all stands for all that there are, none for none.",
         .form = Form::kNames,
         .example = "privileges: [select, insert]",
         .is_required = true},
    Word{.path = "access_profiles.tables.existing",
         .doc = "Whether objects that are there are meant; true unless it says no.",
         .form = Form::kFlag,
         .example = "existing: false"},
    Word{.path = "access_profiles.tables.future",
         .doc = "Whether objects that somebody makes later are meant; true unless it says no.",
         .form = Form::kFlag,
         .example = "future: false"},
    Word{.path = "access_profiles.sequences",
         .doc = "Privileges of its sequences.",
         .form = Form::kPrivileges,
         .example = "sequences: [usage, select]",
         .like = "access_profiles.tables"},
    Word{.path = "access_profiles.functions",
         .doc = "Privileges of its functions and procedures.",
         .form = Form::kPrivileges,
         .example = "functions: [execute]",
         .like = "access_profiles.tables"},
    Word{.path = "access_profiles.types",
         .doc = "Privileges of its types.",
         .form = Form::kPrivileges,
         .example = "types: [usage]",
         .like = "access_profiles.tables"},
    // Branches that nobody declares one by one.
    Word{.path = "project.branch_classes",
         .doc = "Rules for branches that nobody declares one by one, such as those of pull "
                "requests.",
         .form = Form::kMembers,
         .example = "branch_classes:\n"
                    "  preview: { match: \"pr-*\", from: production, expires: { max: 14d } }",
         .like = "branch_class"},
    Word{.path = "branch_class.match",
         .doc = "The ids of its branches, with * for any characters.",
         .example = "match: \"pr-*\"",
         .is_required = true},
    Word{.path = "branch_class.from",
         .doc = "The branch from which weir up makes them; without it, the default branch.",
         .example = "from: production"},
    Word{.path = "branch_class.expires",
         .doc = "How long they live, counted from their creation.",
         .form = Form::kMap,
         .example = "expires: { default: 7d, max: 14d }",
         .is_required = true},
    Word{.path = "branch_class.expires.default",
         .doc = "The lifetime where nobody says one; without it, max.",
         .example = "default: 7d"},
    Word{.path = "branch_class.expires.max",
         .doc = "The longest lifetime that one may have.",
         .example = "max: 14d",
         .is_required = true},
    Word{.path = "branch_class.endpoints",
         .doc = "The endpoints that they have.",
         .form = Form::kResources,
         .example = "endpoints: { primary: { type: read_write, max_cu: 1, suspend_after: 2m } }",
         .like = "endpoint"},
    Word{.path = "branch_class.undeclared",
         .doc = "What plans do about branches that somebody made otherwise: enforce the rules, "
                "report what breaks them (as without it), or ignore them.",
         .form = Form::kChoice,
         .example = "undeclared: enforce",
         .choices = kUndeclared},
    // What several synced tables share.
    Word{.path = "pipelines",
         .doc = "Pipelines that several synced tables share; the first table that is made brings "
                "its pipeline along.",
         .form = Form::kMembers,
         .example =
             "pipelines:\n"
             "  crm: { policy: triggered, storage_catalog: main, storage_schema: pipelines }"},
    Word{.path = "pipelines.policy",
         .doc = "The mode of the tables that share it.",
         .form = Form::kChoice,
         .example = "policy: continuous",
         .choices = kPolicies,
         .is_required = true},
    Word{.path = "pipelines.id",
         .doc = "The pipeline, when there is one already that no manifest made.",
         .example = "id: 5c1f8a0e-3f1b-4d57-9f3e-0a4b7f1d2c33"},
    Word{.path = "pipelines.storage_catalog",
         .doc = "The catalog in which it keeps what it needs.",
         .example = "storage_catalog: main",
         .needs = "storage_schema"},
    Word{.path = "pipelines.storage_schema",
         .doc = "The schema in that catalog.",
         .example = "storage_schema: lakebase_pipelines",
         .needs = "storage_catalog"},
    Word{.path = "pipelines.budget_policy",
         .doc = "The policy that its cost is booked on.",
         .example = "budget_policy: 4f1d7f7c-6f0e-4c51-8a30-0d6a3a0a2b11"},
    Word{.path = "pipelines.channel",
         .doc = "Which version of pipelines it is; tables of instances cannot say it.",
         .form = Form::kChoice,
         .example = "channel: preview",
         .choices = kChannels},
    // What was declared before.
    Word{.path = "moved",
         .doc = "Resources that are declared at another address now; their ids cannot change.",
         .form = Form::kItems,
         .example = "moved:\n  - { from: instances.legacy, to: instances.shop }"},
    Word{.path = "moved.from",
         .doc = "The address at which it was declared.",
         .example = "from: instances.legacy",
         .is_required = true},
    Word{.path = "moved.to",
         .doc = "The address at which it is declared now.",
         .example = "to: instances.shop",
         .is_required = true},
    Word{.path = "removed",
         .doc = "What becomes of resources, and of all that is in them, that are declared no more.",
         .form = Form::kItems,
         .example = "removed:\n"
                    "  - { address: projects.shop.branches.hotfix, action: abandon }"},
    Word{.path = "removed.address",
         .doc = "The address at which it was declared.",
         .example = "address: projects.shop.branches.hotfix",
         .is_required = true},
    Word{.path = "removed.action",
         .doc = "What becomes of it: abandon leaves it in the workspace, destroy consents to its "
                "end.",
         .form = Form::kChoice,
         .example = "action: abandon",
         .choices = kLeavings,
         .is_required = true},
    // Databases.
    Word{.path = "database.schemas",
         .doc = "The schemas of the database, by name.",
         .form = Form::kMembers,
         .example = "schemas:\n  app: { owner: migrator, access: { web: readwrite } }",
         .like = "schema"},
    Word{.path = "database.extensions",
         .doc = "Extensions that the database has; others are left alone.",
         .form = Form::kNamesOrItems,
         .example = "extensions: [vector, { name: postgis, schema: geo }]"},
    Word{.path = "database.extensions.name",
         .doc = "The name of the extension.",
         .example = "name: postgis",
         .is_required = true},
    Word{.path = "database.extensions.version",
         .doc = "Its version; without it, whichever it has or gets.",
         .example = "version: \"3.5\""},
    Word{.path = "database.extensions.schema",
         .doc = "The schema that its objects are in; public when it is made without one.",
         .example = "schema: geo"},
    Word{.path = "database.settings",
         .doc = "What sessions in this database begin with, by the names of settings.",
         .form = Form::kTexts,
         .example = "settings: { search_path: \"app, public\", statement_timeout: 30s }"},
    Word{.path = "database.access",
         .doc = "What each grantee may do with the database: exactly connect, create, temporary, "
                "all or none; grantees that are not named are left alone.",
         .form = Form::kAccess,
         .example = "access: { web: [connect, temporary], public: none }"},
    Word{.path = "database.exclusive",
         .doc = "Takes access to the database away from whomever access does not name.",
         .form = Form::kFlag,
         .example = "exclusive: true",
         .needs = "access"},
    Word{.path = "database.grants",
         .doc = "Privileges of single objects, columns, or all objects that a schema has now.",
         .form = Form::kItems,
         .example = "grants:\n  - { to: web, on: { table: app.log }, privileges: [select] }"},
    Word{.path = "database.grants.to",
         .doc = "The grantee.",
         .example = "to: web",
         .is_required = true},
    Word{.path = "database.grants.on",
         .doc = "What it is about: exactly one object, or all of a class in a schema.",
         .form = Form::kMap,
         .example = "on: { table: app.log, columns: [actor, at] }",
         .is_required = true},
    Word{.path = "database.grants.on.table",
         .doc = "A table or view, behind its schema.",
         .example = "table: app.log",
         .is_alternative = true},
    Word{.path = "database.grants.on.columns",
         .doc = "Columns of the table, instead of the whole of it.",
         .form = Form::kNames,
         .example = "columns: [actor, at]",
         .needs = "table"},
    Word{.path = "database.grants.on.sequence",
         .doc = "A sequence, behind its schema.",
         .example = "sequence: app.log_id_seq",
         .is_alternative = true},
    Word{.path = "database.grants.on.function",
         .doc = "A function or procedure behind its schema, with the types of its arguments.",
         .example = "function: \"app.add(integer, text)\"",
         .is_alternative = true},
    Word{.path = "database.grants.on.type",
         .doc = "A type, behind its schema.",
         .example = "type: app.mood",
         .is_alternative = true},
    Word{.path = "database.grants.on.schema",
         .doc = "A schema itself.",
         .example = "schema: app",
         .is_alternative = true},
    Word{.path = "database.grants.on.database",
         .doc = "The database itself, by its name.",
         .example = "database: orders",
         .is_alternative = true},
    Word{.path = "database.grants.on.large_object",
         .doc = "A large object, by its number.",
         .example = "large_object: 16442",
         .is_alternative = true},
    Word{.path = "database.grants.on.tables_in",
         .doc = "All tables and views that a schema has now.",
         .example = "tables_in: app",
         .is_alternative = true},
    Word{.path = "database.grants.on.sequences_in",
         .doc = "All sequences that a schema has now.",
         .example = "sequences_in: app",
         .is_alternative = true},
    Word{.path = "database.grants.on.functions_in",
         .doc = "All functions and procedures that a schema has now.",
         .example = "functions_in: app",
         .is_alternative = true},
    Word{.path = "database.grants.on.types_in",
         .doc = "All types that a schema has now.",
         .example = "types_in: app",
         .is_alternative = true},
    Word{.path = "database.grants.privileges",
         .doc = "The privileges; all stands for all that there are, none takes them away.",
         .form = Form::kNames,
         .example = "privileges: [select]",
         .is_required = true},
    Word{.path = "database.grants.grant_option",
         .doc = "Whether the grantee may pass them on.",
         .form = Form::kFlag,
         .example = "grant_option: true"},
    Word{.path = "database.default_privileges",
         .doc = "What objects get that a role makes later.",
         .form = Form::kItems,
         .example = "default_privileges:\n"
                    "  - { for: migrator, in: app, on: functions, to: web, privileges: execute }"},
    Word{.path = "database.default_privileges.for",
         .doc = "The role that makes the objects.",
         .example = "for: migrator",
         .is_required = true},
    Word{.path = "database.default_privileges.in",
         .doc = "The schema in which it makes them; without it, any.",
         .example = "in: app"},
    Word{.path = "database.default_privileges.on",
         .doc = "The class of the objects.",
         .form = Form::kChoice,
         .example = "on: tables",
         .choices = kDefaultClasses,
         .is_required = true},
    Word{.path = "database.default_privileges.to",
         .doc = "The grantee.",
         .example = "to: web",
         .is_required = true},
    Word{.path = "database.default_privileges.privileges",
         .doc = "The privileges; all stands for all that there are, none takes them away.",
         .form = Form::kNames,
         .example = "privileges: [select]",
         .is_required = true},
    Word{.path = "database.default_privileges.grant_option",
         .doc = "Whether the grantee may pass them on.",
         .form = Form::kFlag,
         .example = "grant_option: true"},
    // Schemas.
    Word{.path = "schema.owner", .doc = "The role that owns it.", .example = "owner: migrator"},
    Word{.path = "schema.access",
         .doc = "What each grantee may do in the schema, now and with later objects: names of "
                "access profiles, usage, create or all for the schema itself, or none.",
         .form = Form::kAccess,
         .example = "access: { web: [readwrite, create], analysts: readonly, public: none }"},
    Word{.path = "schema.created_by",
         .doc = "Whose later objects access covers; without it, those of all who may create here.",
         .form = Form::kNames,
         .example = "created_by: [migrator, web]",
         .needs = "access"},
    Word{.path = "schema.exclusive",
         .doc = "Takes access to the schema and all that is in it away from whomever access does "
                "not name.",
         .form = Form::kFlag,
         .example = "exclusive: true",
         .needs = "access"},
    Word{.path = "schema.after_create",
         .doc = "What tables have whenever somebody else has made them, also when they are made "
                "anew, by their names.",
         .form = Form::kMembers,
         .example = "after_create:\n  orders: { indexes: \"create index on {table} (sku)\" }"},
    Word{.path = "schema.after_create.indexes",
         .doc = "Statements create index on {table} …, without a name, which weir gives; taken "
                "away, the index goes.",
         .form = Form::kNames,
         .example = "indexes: [\"create unique index on {table} (lower(mail))\"]"},
    Word{.path = "schema.after_create.comment",
         .doc = "The comment on the table.",
         .example = "comment: Orders of the shop"},
    Word{.path = "schema.after_create.columns",
         .doc = "Comments on its columns, by their names.",
         .form = Form::kTexts,
         .example = "columns: { sku: The number in the catalogue }"},
    Word{.path = "schema.synced_tables",
         .doc =
             "Tables that the service keeps as copies of tables in Unity Catalog, by their names.",
         .form = Form::kResources,
         .example = "synced_tables:\n  customers: { from: main.crm.customers, mode: triggered, "
                    "primary_key: [id] }",
         .like = "synced_table"},
    Word{.path = "schema.cdf",
         .doc = "The change data feed that brings its tables to Unity Catalog.",
         .form = Form::kResource,
         .example = "cdf: { catalog: main, schema: shop_history }",
         .like = "cdf_config"},
    // Synced tables.
    Word{.path = "synced_table.after_create",
         .doc = "What it has whenever the service has made it, also when it is made anew.",
         .form = Form::kMap,
         .example = "after_create: { indexes: \"create index on {table} (sku)\" }",
         .like = "schema.after_create"},
    // The ends of schemas.
    Word{.path = "schema.lifecycle",
         .doc = "What weir may do with the schema.",
         .form = Form::kMap,
         .example = "lifecycle: { on_remove: keep }"},
    Word{.path = "schema.lifecycle.protect",
         .doc = "Refuses plans that drop it, also once it is no longer declared.",
         .form = Form::kFlag,
         .example = "protect: true"},
    Word{.path = "schema.lifecycle.on_remove",
         .doc = "What taking the declaration away means: delete, keep, or fail until it is allowed "
                "on the command line, as without it.",
         .form = Form::kChoice,
         .example = "on_remove: keep",
         .choices = kEnds},
    // Roles.
    Word{.path = "role.member_of",
         .doc = "The roles that it is a member of; other memberships are left alone.",
         .form = Form::kNamesOrItems,
         .example = "member_of: [analysts, { role: migrator, inherit: false, set: true }]"},
    Word{.path = "role.member_of.role",
         .doc = "The role that it is a member of.",
         .example = "role: migrator",
         .is_required = true},
    Word{.path = "role.member_of.admin",
         .doc = "Whether it may make others members.",
         .form = Form::kFlag,
         .example = "admin: true"},
    Word{.path = "role.member_of.inherit",
         .doc = "Whether it may do what the role may without becoming it.",
         .form = Form::kFlag,
         .example = "inherit: false"},
    Word{.path = "role.member_of.set",
         .doc = "Whether it may become the role with SET ROLE.",
         .form = Form::kFlag,
         .example = "set: true"},
};

/// "database" of "database.access", "" of "access_profiles".
std::string_view above(std::string_view path) {
  const std::size_t dot = path.rfind('.');
  return dot == std::string_view::npos ? "" : path.substr(0, dot);
}

}  // namespace

std::span<const Word> all_words() {
  return kWords;
}

const Word* find_word(std::string_view path) {
  const auto found = std::find_if(kWords.begin(), kWords.end(),
                                  [&](const Word& word) { return word.path == path; });
  return found == kWords.end() ? nullptr : &*found;
}

std::vector<const Word*> words_below(std::string_view path) {
  std::vector<const Word*> words;
  for (const Word& word : kWords) {
    if (above(word.path) == path) words.push_back(&word);
  }
  return words;
}

std::string form_in_words(const Word& word) {
  switch (word.form) {
    case Form::kText:
      return "a text";
    case Form::kChoice:
      return fmt::format("one of {}", fmt::join(word.choices, ", "));
    case Form::kFlag:
      return "true or false";
    case Form::kNames:
      return "a text, or a list of texts";
    case Form::kTexts:
      return "a map of texts";
    case Form::kAccess:
      return "a map from grantees to a text or a list of texts";
    case Form::kPrivileges:
      return "a text, a list of texts, or a map with privileges, existing and future";
    case Form::kMap:
      return "a map";
    case Form::kMembers:
      return "a map from names to maps";
    case Form::kItems:
      return "a list of maps";
    case Form::kNamesOrItems:
      return "a list of names, or of maps";
    case Form::kResources:
      return "a map from names to resources";
    case Form::kResource:
      return "a resource";
  }
  return "";
}

}  // namespace weir::inside
