// What weir writes about a world says that world: in any order, in any number of files.
#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "manifest/export.h"
#include "manifest/rules.h"
#include "manifest/yaml_text.h"
#include "planner/identify.h"
#include "planner/plan_file.h"
#include "tests/manifest/load_text.h"
#include "tests/support/worlds.h"

namespace weir::test {
namespace {

/// Texts that YAML, or weir, could take for something else.
constexpr std::array<const char*, 20> kStrangeTexts = {
    "true",      "null",    "~",    "012",      "1e3",         "0x1F",     "a: b",
    "- a",       "# a",     "${x}", "$${x}",    "$",           "${var.x}", "'a'",
    "\"a\" \\n", "a\tb\nc", " a ",  "Größe 中", "[a, {b: c}]", "{}"};

std::string strange_text(std::mt19937& random) {
  const char* text = kStrangeTexts.at(random() % kStrangeTexts.size());
  return is_likely(random, 30) ? fmt::format("{}{}", text, random() % 100) : text;
}

Document strange_value(const Field& field, const Document& shown, std::mt19937& random) {
  switch (field.type) {
    case Type::kString:
      return strange_text(random);
    case Type::kTags:
    case Type::kSettings:
      return {{strange_text(random), strange_text(random)}};
    case Type::kExpiry:
      return is_likely(random, 50)
                 ? Document{{"ttl", "777661s"}, {"expire_time", "2026-05-10T00:01:01Z"}}
                 : Document{{"ttl", "777600s"}, {"expire_time", "2026-05-10T00:00:00Z"}};
    default:
      return shown;
  }
}

/// Puts two limits in order.
void order(Document& fields, const char* least, const char* most) {
  if (!fields.contains(least) || !fields.contains(most)) return;
  if (fields[least] > fields[most]) std::swap(fields[least], fields[most]);
}

/// The service would not have let it come to what this takes back.
void make_possible(Observed& observed) {
  Document& fields = observed.fields;
  order(fields, "min_cu", "max_cu");
  order(fields, "default_endpoint.min_cu", "default_endpoint.max_cu");
  if (observed.name.ends_with("/branches/production")) fields["expires"] = {{"never", true}};
  const bool is_available = fields.contains("ha") && fields["ha"].value("size", 1) > 1;
  if (is_available) fields["suspend_after"] = "never";
}

void make_strange(Observed& observed, std::mt19937& random) {
  for (const Field& field : observed.kind->fields) {
    if (field.on_change != OnChange::kUpdate || !is_likely(random, 30)) continue;
    Document& shown = observed.fields[std::string(field.name)];
    shown = strange_value(field, shown, random);
  }
  make_possible(observed);
}

/// Roles that no manifest can declare, owners of databases among them.
void add_strangers(World& world, std::mt19937& random) {
  std::vector<std::string> branches;
  for (const auto& [name, observed] : world.resources) {
    if (observed.kind == &kBranch) branches.push_back(name);
  }
  for (const std::string& branch : branches) {
    if (!is_likely(random, 50)) continue;
    const std::string name = strange_text(random);
    const bool is_odd = is_likely(random, 30);
    world.add(an_observed(kRole, branch + "/roles/stranger",
                          {{"postgres_role", name},
                           {"identity", is_odd ? "user" : "none"},
                           {"auth_method", "password"}}));
    world.add(an_observed(kDatabase, branch + "/databases/strange",
                          {{"postgres_database", strange_text(random)}, {"owner", name}}));
  }
}

/// Softly deleted ones are listed, and what was in them is not.
void delete_some(World& world, std::mt19937& random) {
  std::vector<std::string> gone;
  for (auto& [name, observed] : world.resources) {
    const bool is_leaf =
        observed.kind == &kBranch && !name.ends_with("/production") &&
        text_at(world.resources.at(parent_of_name(name)).fields, "default_branch") != name;
    if (!is_leaf || !is_likely(random, 20)) continue;
    observed.delete_time = "2026-05-01T11:00:00Z";
    gone.push_back(name + "/");
  }
  std::erase_if(world.resources, [&](const auto& entry) {
    return std::any_of(gone.begin(), gone.end(),
                       [&](const std::string& parent) { return entry.first.starts_with(parent); });
  });
}

/// What else apps use, and databases that are gone, which no manifest leads to.
void bind_to_what_others_have(World& world, std::mt19937 random) {
  constexpr std::array<const char*, 4> kEntries = {
      R"({"resource_key": "warehouse", "other": "sql_warehouse"})",
      R"({"resource_key": "vault", "other": "secret"})",
      R"({"resource_key": "gone", "branch": "projects/gone/branches/production",
          "permission": "CAN_CONNECT_AND_CREATE"})",
      R"({"resource_key": "odd", "database": "/odd", "permission": "CAN_CONNECT_AND_CREATE"})"};
  for (auto& [name, observed] : world.resources) {
    if (observed.kind != &kApp) continue;
    for (const char* entry : kEntries) {
      if (is_likely(random, 40)) observed.fields["bind"].push_back(parse_document(entry).value());
    }
  }
}

/// A world that nobody declared and that weir sees for the first time.
World a_strange_world(std::mt19937& random) {
  World world = applied_world(random_manifest(random));
  world.records.clear();
  for (auto& [name, observed] : world.resources) make_strange(observed, random);
  add_strangers(world, random);
  delete_some(world, random);
  bind_to_what_others_have(world, random);
  return world;
}

std::string exported(const World& world) {
  return export_manifest(world.seen(), lakebase_catalogue(), "shop").yaml;
}

void expect_nothing_to_do(const World& world, const Manifest& manifest) {
  const Plan plan = world.plan(manifest);
  EXPECT_TRUE(plan.is_empty()) << to_text(plan_document(plan));
  EXPECT_TRUE(plan.refusals.empty());
  // Databases of instances are nobody's to make or to remember.
  const auto known = std::ranges::count_if(manifest.declarations, &Declaration::takes_requests);
  EXPECT_EQ(plan.adopted, static_cast<std::size_t>(known));
}

TEST(ExportedWorlds, PlanToNothing) {
  for_each_world([](std::mt19937& random) {
    const World world = a_strange_world(random);
    const std::string yaml = exported(world);
    SCOPED_TRACE(yaml);
    Loaded loaded = load_texts({{"weir.yaml", yaml}});
    ASSERT_FALSE(loaded.diagnostics.has_errors()) << loaded.said();
    check_rules(loaded.manifest, Limits(), loaded.diagnostics);
    // Of values that the service would not have let in the rules may complain; of gaps they may
    // not.
    for (const Diagnostic& one : loaded.diagnostics.sorted()) EXPECT_NE(one.rule, "L100");
    EXPECT_GT(loaded.manifest.declarations.size(), 0U);
    // Nobody looks into the databases of these worlds.
    loaded.manifest.insides.clear();
    expect_nothing_to_do(world, loaded.manifest);
  });
}

/// Gives each part of a tree to one of the files, and the parts of a map in any order.
void deal(const Document& tree, std::vector<Document>& files, std::mt19937& random) {
  std::vector<std::string> keys;
  for (const auto& [key, value] : tree.items()) keys.push_back(key);
  std::shuffle(keys.begin(), keys.end(), random);
  for (const std::string& key : keys) {
    const Document& value = tree.at(key);
    if (!value.is_object() || value.empty()) {
      files[random() % files.size()][key] = value;
      continue;
    }
    std::vector<Document> parts(files.size());
    deal(value, parts, random);
    for (std::size_t index = 0; index < files.size(); ++index) {
      if (!parts[index].is_null()) files[index][key] = std::move(parts[index]);
    }
  }
}

Texts dealt(const Document& tree, std::mt19937& random) {
  std::vector<Document> files(1 + random() % 4);
  deal(tree, files, random);
  Texts texts;
  for (Document& file : files) {
    file["version"] = "weir/v1";
    texts.emplace_back(fmt::format("{}.yaml", texts.size()), yaml_text(file));
  }
  return texts;
}

/// Where things are written differs, of course.
std::string plan_without_places(const World& world, Manifest manifest) {
  for (Declaration& declaration : manifest.declarations) {
    declaration.place = {};
    declaration.field_places.clear();
    for (Reference& reference : declaration.references) reference.place = {};
  }
  for (Inside& inside : manifest.insides) {
    inside.place = {};
    inside.places.clear();
  }
  return to_text(plan_document(world.plan(manifest)));
}

TEST(ExportedWorlds, ReadTheSameInAnyOrderOfFilesAndKeys) {
  for_each_world([](std::mt19937& random) {
    const World world = a_strange_world(random);
    Loaded whole = load_texts({{"weir.yaml", exported(world)}});
    const auto root = read_yaml(whole.sources, 1, {}, whole.diagnostics);
    ASSERT_TRUE(root.has_value());
    const Loaded parts = load_texts(dealt(to_document(*root), random));
    ASSERT_FALSE(parts.diagnostics.has_errors()) << parts.said();
    EXPECT_EQ(listed(parts.manifest), listed(whole.manifest));
    const World empty;
    EXPECT_EQ(plan_without_places(empty, parts.manifest),
              plan_without_places(empty, whole.manifest));
  });
}

}  // namespace
}  // namespace weir::test
