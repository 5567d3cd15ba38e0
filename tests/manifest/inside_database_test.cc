// What databases say of their inside: schemas, extensions, settings, and all of it together.
#include "tests/manifest/inside_database.h"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <random>

#include "manifest/format.h"
#include "manifest/print.h"

namespace weir::test {
namespace {

TEST(InsideDatabase, MayHaveSchemasWithNothingInThem) {
  EXPECT_EQ(wishes_of("schemas: { main: {} }"), R"(  schema main  [schemas/main]
)");
}

TEST(InsideDatabase, SaysWhatTheEndOfASchemaMeans) {
  EXPECT_EQ(wishes_of(R"(
schemas:
  kept: { lifecycle: { on_remove: keep } }
  precious: { owner: migrator, lifecycle: { protect: true } }
)"),
            R"(  schema kept  [schemas/kept]
  schema precious owned by migrator  [schemas/precious]
  schema kept at its end: keep
  schema precious is protected
)");
}

TEST(InsideDatabase, SaysWhatTablesGetThatOthersMakeAnew) {
  EXPECT_EQ(wishes_of(R"yaml(
schemas:
  crm:
    after_create:
      embeddings:
        indexes: ["CREATE INDEX ON {table} using hnsw (v vector_cosine_ops)", "create unique index on {table}(id)"]
        comment: One for each customer
        columns: { v: "", id: 17 }
      orders: { indexes: "create index on {table} (sku)" }
)yaml"),
            R"(  schema crm  [schemas/crm]
  table crm.embeddings, index using hnsw (v vector_cosine_ops), unique index (id), comment One for each customer, id: 17, v:   [schemas/crm/after_create/embeddings]
  table crm.orders, index (sku)  [schemas/crm/after_create/orders]
)");
}

TEST(InsideDatabase, HasExtensionsByNameOrInDetail) {
  EXPECT_EQ(wishes_of(R"(
extensions:
  - vector
  - { name: postgis, version: "3.5", schema: geo }
)"),
            R"(  extension postgis version 3.5 in geo  [extensions/postgis]
  extension vector  [extensions/vector]
)");
}

TEST(InsideDatabase, HasSettingsAsTheyAreWritten) {
  EXPECT_EQ(wishes_of("settings: { search_path: \"main, public\", work_mem: 4096, jit: off, "
                      "array_nulls: true, application_name: \"\" }"),
            R"(  setting application_name =   [settings/application_name]
  setting array_nulls = true  [settings/array_nulls]
  setting jit = off  [settings/jit]
  setting search_path = main, public  [settings/search_path]
  setting work_mem = 4096  [settings/work_mem]
)");
}

TEST(InsideDatabase, RepeatsSchemasForEach) {
  EXPECT_EQ(wishes_of(R"(
schemas:
  "tenant_${each.key}":
    for_each: ${var.tenants}
    owner: migrator
    access: { web: [usage] }
)",
                      "variables: { tenants: { default: [acme, globex] } }\n"),
            R"(  schema tenant_acme owned by migrator  [schemas/tenant_acme]
  schema tenant_globex owned by migrator  [schemas/tenant_globex]
  schema tenant_acme: web has USAGE  [schemas/tenant_acme/access/web]
  schema tenant_globex: web has USAGE  [schemas/tenant_globex/access/web]
)");
}

TEST(InsideDatabase, IsReachedByPatches) {
  const std::string text = R"(
access_profiles:
  reader: { tables: select }
environments:
  dev:
    patch:
      access_profiles: { reader: { tables: { privileges: [select, insert], future: false } } }
      projects:
        p:
          branches:
            production:
              databases:
                databricks_postgres:
                  schemas:
                    old: null
                    main: { access: { pg_monitor: null, public: reader } }
                  settings: { work_mem: 1MB }
projects:
  p:
    branches:
      production:
        databases:
          databricks_postgres:
            settings: { work_mem: 64MB }
            schemas:
              old: {}
              main: { access: { pg_monitor: usage } }
)";
  const Loaded loaded = load_text(text, {.environment = "dev", .getenv = {}});
  EXPECT_EQ(loaded.said(), "");
  EXPECT_EQ(listed_insides(loaded.manifest),
            R"(projects/p/branches/production/databases/databricks_postgres
  schema main  [schemas/main]
  setting work_mem = 1MB  [settings/work_mem]
  tables in main: PUBLIC has SELECT, INSERT, not later  [schemas/main/access/public]
)");
}

TEST(InsideDatabase, KnowsWhereEachWishIsWritten) {
  const Loaded loaded = load_database(R"(
schemas:
  main: { access: { web: usage } }
grants:
  - { to: web, on: { schema: main }, privileges: create }
)");
  const Inside& inside = loaded.manifest.insides.at(0);
  const auto place = [&](const std::string& below) {
    return loaded.sources.describe(inside.places.at(inside.address.text() + "/" + below));
  };
  EXPECT_EQ(place("schemas/main"), "weir.yaml:15:15");
  EXPECT_EQ(place("schemas/main/access/web"), "weir.yaml:15:33");
  EXPECT_EQ(place("grants/1"), "weir.yaml:17:17");
  EXPECT_EQ(loaded.sources.describe(inside.place), "weir.yaml:13:11");
  for (const auto& wish : inside.wishes.access) EXPECT_TRUE(inside.places.contains(wish.tag));
}

TEST(InsideDatabase, HasTagsThatAreAddressesAlsoOfNamesWithSlashes) {
  const Loaded loaded = load_database("schemas: { a/b: { access: { web: usage } } }");
  EXPECT_EQ(loaded.manifest.insides.at(0).wishes.access.at(0).tag,
            "projects/p/branches/production/databases/app/schemas/a%2Fb/access/web");
}

TEST(InsideDatabase, IsNoneOfTheDeclarations) {
  const Loaded loaded = load_database("schemas: { main: {} }");
  for (const Declaration& each : loaded.manifest.declarations) {
    EXPECT_EQ(each.address.text().find("schemas"), std::string::npos);
    EXPECT_FALSE(each.fields.contains("schemas"));
  }
}

// ---- all of it ---------------------------------------------------------------------------------

std::string content_of(const std::string& name) {
  std::ifstream stream(std::string(INSIDE_FOLDER) + "/" + name, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

std::string complete_example() {
  return content_of("complete.yaml");
}

TEST(InsideDatabase, OfTheCompleteExampleIsAllThatItSays) {
  const Loaded loaded = load_texts({{"weir.yaml", complete_example()}});
  EXPECT_EQ(loaded.said(), "");
  const std::string listed = listed_insides(loaded.manifest);
  if (std::getenv("UPDATE_GOLDEN") != nullptr) {
    std::ofstream(std::string(INSIDE_FOLDER) + "/complete.txt", std::ios::binary) << listed;
  }
  EXPECT_EQ(listed, content_of("complete.txt"));
}

TEST(InsideDatabase, IsFormattedAndPrintedLikeTheRest) {
  Sources sources;
  Diagnostics diagnostics;
  const std::uint32_t file = sources.add("weir.yaml", complete_example());
  EXPECT_EQ(format_manifest(sources, file, diagnostics), complete_example());
  const MergedTree tree =
      load_tree(*read_yaml(sources, file, {}, diagnostics), {}, sources, diagnostics);
  const std::string printed = print_tree(tree, sources);
  EXPECT_NE(printed.find("slides_app: tenant_app  # weir.yaml:52:39\n"), std::string::npos)
      << printed;
  EXPECT_EQ(rendered(diagnostics, sources), "");
}

void shuffle_keys(Node& node, std::mt19937& random) {
  std::shuffle(node.entries.begin(), node.entries.end(), random);
  for (Node& item : node.items) shuffle_keys(item, random);
  for (Entry& entry : node.entries) shuffle_keys(entry.value, random);
}

TEST(InsideDatabase, DoesNotDependOnTheOrderOfKeys) {
  Loaded loaded = load_texts({{"weir.yaml", complete_example()}});
  const std::string wanted = listed_insides(loaded.manifest);
  std::mt19937 random(20261122);
  for (int round = 0; round < 50; ++round) {
    Sources sources;
    Diagnostics diagnostics;
    Node root = merged_texts({{"weir.yaml", complete_example()}}, sources, diagnostics);
    shuffle_keys(root, random);
    MergedTree tree = load_tree(std::move(root), {}, sources, diagnostics);
    const Manifest manifest = declare(std::move(tree), lakebase_catalogue(), sources, diagnostics);
    EXPECT_EQ(rendered(diagnostics, sources), "");
    EXPECT_EQ(listed_insides(manifest), wanted) << "round " << round;
  }
}

TEST(InsideDatabase, IsRefusedWhenItWishesForMoreThanAnybodyNeeds) {
  std::string schemas;
  for (int i = 0; i < 700; ++i) {
    schemas += fmt::format("  s{}:{}\n", i, i == 0 ? " &schema" : " *schema");
    if (i > 0) continue;
    schemas += "    access: &access\n";
    for (int j = 0; j < 100; ++j) schemas += fmt::format("      pg_{}: readonly\n", j);
  }
  const Loaded loaded = load_database("schemas:\n" + schemas);
  EXPECT_NE(loaded.said().find("[M008] more than 500000 wishes are for the inside of databases"),
            std::string::npos)
      << loaded.said().substr(0, 1000);
  EXPECT_EQ(loaded.diagnostics.sorted().size(), 1U);
}

TEST(InsideDatabase, NamesAFewCreatorsOnly) {
  std::string names;
  for (int i = 0; i < 101; ++i) names += fmt::format("pg_{}, ", i);
  const Loaded loaded =
      load_database("schemas: { main: { created_by: [" + names + "], access: { web: usage } } }");
  EXPECT_NE(loaded.said().find("created_by has 101 roles; 100 are allowed"), std::string::npos);
}

}  // namespace
}  // namespace weir::test
