#include "manifest/json_schema.h"

#include <array>
#include <filesystem>
#include <fstream>
#include <set>

#include <fmt/ranges.h>
#include <gtest/gtest.h>

#include "manifest/inside/words.h"
#include "manifest/rules.h"
#include "manifest/words.h"
#include "tests/manifest/json_schema_check.h"
#include "tests/manifest/load_text.h"

namespace weir {
namespace {

const Document& schema() {
  static const Document schema = json_schema(lakebase_catalogue());
  return schema;
}

/// Calls `visit` with every "$ref" of a document.
template <typename Visit>
void for_each_reference(const Document& document, Visit visit) {
  if (document.is_object() && document.contains("$ref")) visit(document.at("$ref"));
  for (const Document& member : document) {
    if (member.is_structured()) for_each_reference(member, visit);
  }
}

TEST(JsonSchema, IsTheSameEachTime) {
  EXPECT_EQ(schema().dump(), json_schema(lakebase_catalogue()).dump());
  EXPECT_EQ(schema().at("$schema"), "https://json-schema.org/draft/2020-12/schema");
}

TEST(JsonSchema, DefinesWhateverItRefersTo) {
  for_each_reference(schema(), [](const Document& reference) {
    const std::string name = reference.get<std::string>().substr(std::string("#/$defs/").size());
    EXPECT_TRUE(schema().at("$defs").contains(name)) << name;
  });
}

TEST(JsonSchema, HasEveryFieldThatManifestsMayHaveWithItsText) {
  for (const Kind* kind : lakebase_catalogue().kinds()) {
    if (kind->identity == Identity::kSingleton) continue;
    const Document& properties = schema().at("$defs").at(std::string(kind->name)).at("properties");
    for (const Field& field : kind->fields) {
      std::string path(field.name);
      const std::size_t dot = path.find('.');
      if (dot != std::string::npos) path.replace(dot, 1, ".properties.");
      const Document* found = at_path(properties, path);
      EXPECT_EQ(found == nullptr, field.is_derived) << field.name;
      if (found == nullptr) continue;
      EXPECT_TRUE(text_at(*found, "description").starts_with(field.doc)) << field.name;
    }
  }
}

TEST(JsonSchema, SaysWhichFieldsGoTogether) {
  const Document& defs = schema().at("$defs");
  EXPECT_EQ(defs.at("role").at("oneOf").size(), 6U);
  EXPECT_EQ(defs.at("branch").at("dependentRequired").at("on_expiry"), Document({"expires"}));
  EXPECT_EQ(defs.at("endpoint").at("not").at("anyOf").size(), 2U);
  EXPECT_FALSE(defs.at("role_patch").contains("oneOf"));
}

// ---- agreement with the loader -----------------------------------------------------------------

/// What the schema says about a manifest; an empty text when it is fine.
std::string said_by_schema(const std::string& text) {
  Sources sources;
  Diagnostics diagnostics;
  const auto node = read_yaml(sources, sources.add("weir.yaml", text), {}, diagnostics);
  if (!node) return "no YAML";
  return fmt::format("{}", fmt::join(test::schema_mistakes(schema(), to_document(*node)), "\n"));
}

/// The manifest between "-- passes --" and "-- fails --" of each rule's file.
std::vector<std::pair<std::string, std::string>> passing_examples() {
  std::vector<std::pair<std::string, std::string>> examples;
  for (const auto& entry : std::filesystem::directory_iterator(RULES_FOLDER)) {
    std::ifstream stream(entry.path(), std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(stream), {}};
    const std::size_t begin = text.find('\n') + 1;
    examples.emplace_back(entry.path().filename(),
                          text.substr(begin, text.find("-- fails --") - begin));
  }
  return examples;
}

TEST(JsonSchema, AcceptsEveryManifestThatKeepsTheRules) {
  const auto examples = passing_examples();
  EXPECT_GT(examples.size(), 60U);
  for (const auto& [name, text] : examples) EXPECT_EQ(said_by_schema(text), "") << name;
}

TEST(JsonSchema, AcceptsTheExample) {
  std::ifstream stream(std::filesystem::path(EXAMPLES_FOLDER) / "slides" / "weir.yaml");
  EXPECT_EQ(said_by_schema({std::istreambuf_iterator<char>(stream), {}}), "");
}

TEST(JsonSchema, AcceptsWhatIsInsideDatabasesAndInPatches) {
  std::ifstream stream(std::filesystem::path(INSIDE_FOLDER) / "complete.yaml");
  const std::string example{std::istreambuf_iterator<char>(stream), {}};
  EXPECT_EQ(said_by_schema(example), "");
  EXPECT_EQ(said_by_schema(example + R"(
environments:
  dev:
    patch:
      access_profiles: { auditor: { tables: { future: true } }, tenant_app: null }
      projects:
        ai-slides:
          branches:
            production:
              roles: { legacy: { member_of: [migrator] } }
              databases:
                slides:
                  settings: { search_path: null }
                  access: { slides_app: connect, public: null }
                  exclusive: null
                  schemas: { crm: null, app_data: { created_by: null, owner: ana_admin } }
                  grants: null
)"),
            "");
}

enum class Where { kTop, kDatabase };

struct Snippet {
  const char* what;
  const char* text;  // behind the header, or in a database
  Where where = Where::kTop;

  std::string manifest() const {
    const std::string database =
        "projects: {p: {branches: {production: {databases: {databricks_postgres: {";
    const std::string header = "version: weir/v1\nname: shop\n";
    if (where == Where::kTop) return header + text + "\n";
    return header + database + text + "}}}}}}\n";
  }
};

class Refused : public testing::TestWithParam<Snippet> {};

/// Wrong forms; what only rules know, such as the most days of a lifetime, is not the schema's.
constexpr Snippet kWrong[] = {
    {"TypingMistake", "projcts: {}"},
    {"UnknownField", "projects: {p: {displayname: x}}"},
    {"FixedSizeAndRange", "projects: {p: {branches: {b: {endpoints: {e: {cu: 1, max_cu: 2}}}}}}"},
    {"TimeAndPosition",
     "projects: {p: {branches: {b: {from: production, at: \"2026-04-27T09:15:00Z\", lsn: 0/1}}}}"},
    {"TimeWithoutSource", "projects: {p: {branches: {b: {at: \"2026-04-27T09:15:00Z\"}}}}"},
    {"TwoIdentities",
     "projects: {p: {branches: {production: {roles: {r: {user: a@x.example, group: g}}}}}}"},
    {"NoIdentity", "projects: {p: {branches: {production: {roles: {r: {superuser: true}}}}}}"},
    {"LiteralPassword",
     "projects: {p: {branches: {production: {roles: {r: {password: hunter2}}}}}}"},
    {"SecretWithDefault", "variables: {v: {secret: true, from: {env: X}, default: y}}"},
    {"SecretFromNowhere", "variables: {v: {secret: true}}"},
    {"ExpiresInWords", "projects: {p: {branches: {b: {from: production, expires: 7 days}}}}"},
    {"RetentionAsNumber", "projects: {p: {history_retention: 7}}"},
    {"ChoiceThatIsNone",
     "projects: {p: {branches: {b: {from: production, expires: 7d, on_expiry: keep}}}}"},
    {"RenewalOfWhatNeverEnds",
     "projects: {p: {branches: {b: {from: production, on_expiry: renew}}}}"},
    {"PermissionLevel", "projects: {p: {permissions: [{group: g, level: CAN_RUN}]}}"},
    {"OnRemove", "projects: {p: {lifecycle: {on_remove: never}}}"},
    {"UnknownLimit", "limits: {branches: {value: 20, reason: x}}"},
    {"LimitWithoutReason", "limits: {branches_per_project: {value: 20}}"},
    {"KeyThatIsNoId", "projects: {Shop: {}}"},
    {"ProfileOfNoClass", "access_profiles: {auditor: {views: [select]}}"},
    {"ProfileWithoutPrivileges", "access_profiles: {auditor: {tables: {future: false}}}"},
    {"AccessAsText", "access: public", Where::kDatabase},
    {"AccessToNothing", "access: {public: []}", Where::kDatabase},
    {"SchemasAsList", "schemas: [main]", Where::kDatabase},
    {"FieldOfASchema", "schemas: {main: {onwer: web}}", Where::kDatabase},
    {"EndOfASchema", "schemas: {main: {lifecycle: {on_remove: drop}}}", Where::kDatabase},
    {"ExclusiveWithoutAccess", "exclusive: true", Where::kDatabase},
    {"CreatorsWithoutAccess", "schemas: {main: {created_by: pg_monitor}}", Where::kDatabase},
    {"GrantOnNothing", "grants: [{to: public, on: {}, privileges: all}]", Where::kDatabase},
    {"GrantOnTwoThings", "grants: [{to: public, on: {table: a.b, schema: a}, privileges: all}]",
     Where::kDatabase},
    {"GrantOfNothing", "grants: [{to: public, on: {schema: a}}]", Where::kDatabase},
    {"ColumnsOfNothing",
     "grants: [{to: public, on: {tables_in: a, columns: [b]}, privileges: select}]",
     Where::kDatabase},
    {"DefaultsOnViews", "default_privileges: [{for: pg_x, on: views, to: public, privileges: all}]",
     Where::kDatabase},
    {"ExtensionWithoutName", "extensions: [{version: \"1\"}]", Where::kDatabase},
    {"MemberOfAMap",
     "projects: {p: {branches: {production: {roles: {r: {group: g, member_of: {s: {}}}}}}}}"},
};

TEST_P(Refused, ByLoaderAndSchemaAlike) {
  const std::string text = GetParam().manifest();
  EXPECT_NE(said_by_schema(text), "");
  test::Loaded loaded = test::load_texts({{"weir.yaml", text}});
  check_rules(loaded.manifest, Limits(loaded.manifest.limits), loaded.diagnostics);
  EXPECT_TRUE(loaded.diagnostics.has_errors()) << loaded.said();
}

INSTANTIATE_TEST_SUITE_P(JsonSchema, Refused, testing::ValuesIn(kWrong),
                         [](const auto& snippet) { return std::string(snippet.param.what); });

TEST(JsonSchema, TakesKeysThatAreNoIdsWhereAnIdIsWritten) {
  EXPECT_EQ(said_by_schema("version: weir/v1\nprojects: {Shop: {id: shop}}\n"), "");
}

/// Every key that the schema has and no kind has: the language's own.
void collect_words(const Document& document, const std::string& path,
                   std::set<std::string>& words) {
  if (!document.is_object()) return;
  if (document.contains("properties")) {
    for (const auto& [key, member] : document.at("properties").items()) {
      std::string own = path;
      own.append(path.empty() ? "" : ".").append(key);
      words.insert(own);
      collect_words(member, own, words);
    }
  }
  if (document.contains("anyOf")) {
    for (const Document& each : document.at("anyOf")) collect_words(each, path, words);
  }
}

TEST(JsonSchema, HasNoKeyThatCannotBeExplained) {
  std::set<std::string> words;
  const Document& defs = schema().at("$defs");
  for (const char* name : {"lifecycle", "workspace", "policy"})
    collect_words(defs.at(name), name, words);
  collect_words(defs.at("variable"), "variables", words);
  for (const char* key : {"workspace", "variables", "policy", "limits", "patch"}) {
    EXPECT_TRUE(defs.at("environment").at("anyOf").at(0).at("properties").contains(key)) << key;
    words.insert(std::string("environments.") + key);
  }
  for (const auto& [key, value] : schema().at("properties").items()) {
    const bool is_kind = lakebase_catalogue().in_collection("", key) != nullptr;
    if (!is_kind && key != "$schema" && inside::find_word(key) == nullptr) words.insert(key);
  }
  for (const std::string& word : words) EXPECT_NO_THROW(word_doc(word)) << word;
  EXPECT_GT(words.size(), 25U);
}

}  // namespace
}  // namespace weir
