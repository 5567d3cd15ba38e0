// From texts to declarations.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <random>

#include <gtest/gtest.h>

#include "manifest/expand.h"
#include "manifest/limits.h"
#include "manifest/rules.h"
#include "manifest/yaml_text.h"
#include "tests/manifest/load_text.h"

namespace weir::test {
namespace {

TEST(Load, ReadsFieldsReferencesAndLifecycle) {
  const Loaded loaded = load_text(R"(
projects:
  shop:
    id: shop-eu
    tags: {b: 2, a: x}
    default_endpoint: {suspend_after: 5m, min_cu: 0.5}
    permissions: [{user: ana@example.com, level: CAN_USE}]
    branches:
      dev:
        from: production
        expires: 1w
        endpoints: {primary: {cu: 4}}
        roles: {migrator: {login: false}, ana: {user: ana@example.com}, web: {app: shop}}
        databases: {app: {owner: ana}}
        lifecycle: {protect: true}
)");

  EXPECT_EQ(loaded.said(), "");
  EXPECT_EQ(
      listed(loaded.manifest),
      R"(projects/shop id=shop-eu in= {"tags":{"a":"x","b":"2"},"default_endpoint.min_cu":0.5,"default_endpoint.suspend_after":"300s"}
projects/shop/branches/dev id=dev in=projects/shop-eu {"expires":{"ttl":"604800s"}} from->projects/shop/branches/production(implied) protected
projects/shop/branches/dev/databases/app id=app in=projects/shop-eu/branches/dev {"postgres_database":"app"} owner->projects/shop/branches/dev/roles/ana
projects/shop/branches/dev/endpoints/primary id=primary in=projects/shop-eu/branches/dev {"min_cu":4,"max_cu":4}
projects/shop/branches/dev/roles/ana id=ana@example.com in=projects/shop-eu/branches/dev {"user":"ana@example.com","postgres_role":"ana@example.com","identity":"user"}
projects/shop/branches/dev/roles/migrator id=migrator in=projects/shop-eu/branches/dev {"login":false,"postgres_role":"migrator","identity":"none","auth_method":"no_login"}
projects/shop/branches/dev/roles/web id= in=projects/shop-eu/branches/dev {"app":"shop","identity":"service_principal"}
projects/shop/permissions id= in=projects/shop-eu {"entries":[{"user":"ana@example.com","level":"CAN_USE"}]}
)");
}

TEST(Load, FindsADeclarationAndItsPlacesAndNames) {
  const Loaded loaded = load_text("projects: {shop: {branches: {dev: {endpoints: {e: {cu: 1}}}}}}");
  const Address address = Address().child("projects", "shop").child("branches", "dev");

  const Declaration* branch = loaded.manifest.find(address);
  const Declaration* endpoint = loaded.manifest.find(address.child("endpoints", "e"));

  ASSERT_NE(branch, nullptr);
  ASSERT_NE(endpoint, nullptr);
  EXPECT_EQ(branch->remote_name(), "projects/shop/branches/dev");
  EXPECT_EQ(loaded.sources.describe(branch->place), "weir.yaml:3:30");
  EXPECT_EQ(endpoint->place_of("min_cu"), endpoint->place_of("cu"));
  EXPECT_EQ(loaded.manifest.find(address.child("endpoints", "none")), nullptr);
}

struct Value {
  std::string expression;
  std::string result;  // of `tags: {a: …}`, or of the display name
};

TEST(Load, LooksUpEachExpressionOnceAndWithItsType) {
  const std::string head = R"(
variables:
  text: {default: "4"}
  number: {type: number, default: 0.5}
  tricky: {type: string}
  map: {type: map, default: {x: y}}
environments: {dev: {}}
projects: {shop: {display_name: )";
  const LoadOptions options{
      .environment = "dev", .variables = {{"tricky", "${env.name} $${x}"}}, .getenv = {}};
  const std::vector<Value> values = {
      {"${var.text}", "4"},
      {"a-${env.name}-b", "a-dev-b"},
      {"${ var.number }", "0.5"},
      {"x${var.number}y", "x0.5y"},
      {"${var.tricky}", "${env.name} $${x}"},
      {"<${var.tricky}>", "<${env.name} $${x}>"},
      {"$${env.name}", "${env.name}"},
      {"$${${env.name}}", "${dev}"},
      {"$ {x} $$", "$ {x} $$"},
      {"${projects.shop.name}+${projects.shop.branches.production.id}", "projects/shop+production"},
      {"${var.tricky}+${projects.shop.id}", "${env.name} $${x}+shop"},
  };
  for (const Value& value : values) {
    const Loaded loaded = load_text(head + "'" + value.expression + "'}}", options);
    EXPECT_EQ(loaded.said(), "") << value.expression;
    ASSERT_EQ(loaded.manifest.declarations.size(), 1U) << value.expression;
    EXPECT_EQ(text_at(loaded.manifest.declarations[0].fields, "display_name"), value.result);
  }
}

TEST(Load, KeepsTheTypeOfAWholeExpression) {
  const Loaded loaded = load_text(R"(
variables: {cu: {type: number, default: 2}, tags: {type: map, default: {a: b}}}
projects: {shop: {pg_version: "${var.cu}", tags: "${var.tags}"}}
)");

  EXPECT_EQ(loaded.said(), "");
  EXPECT_EQ(listed(loaded.manifest),
            "projects/shop id=shop in= {\"pg_version\":2,\"tags\":{\"a\":\"b\"}}\n");
}

TEST(Load, TakesVariablesInTheOrderOfPrecedence) {
  const std::string text = R"(
variables: {a: {default: 1st}, b: {default: 1st}, c: {default: 1st}, d: {default: 1st}}
environments: {dev: {variables: {b: 2nd, c: 2nd, d: 2nd}}}
projects: {shop: {display_name: "${var.a} ${var.b} ${var.c} ${var.d}"}}
)";
  const LoadOptions options{
      .environment = "dev", .variables = {{"d", "4th"}}, .getenv = [](const std::string& name) {
        const bool is_set = name == "WEIR_VAR_c" || name == "WEIR_VAR_d";
        return is_set ? std::optional<std::string>("3rd") : std::nullopt;
      }};

  const Loaded loaded = load_text(text, options);

  EXPECT_EQ(loaded.said(), "");
  EXPECT_EQ(text_at(loaded.manifest.declarations.at(0).fields, "display_name"), "1st 2nd 3rd 4th");
}

TEST(Load, ChecksVariablesFromTheCommandLine) {
  const LoadOptions options{.variables = {{"count", "many"},
                                          {"list", "{a: b}"},
                                          {"good", "[a, b]"},
                                          {"secret", "x"},
                                          {"cuont", "1"}},
                            .getenv = {}};
  const Loaded loaded = load_text(R"(
variables:
  count: {type: number}
  list: {type: list}
  good: {type: list}
  secret: {secret: true, from: {env: X}}
projects: {}
)",
                                  options);

  EXPECT_EQ(loaded.said(), R"(error[M024] -var secret: a secret is not given as a value
  others can see command lines: put it where `from` of the variable says
error[M020] -var cuont is not declared
  did you mean "count"?
<-var count>:1:1: error[M023] variable count: expected a number; not the text "many"
<-var list>:1:1: error[M023] variable list: expected a list; not a map
  write it as [first, second]
)");
}

TEST(Load, RepeatsMembersAtEveryLevel) {
  const Loaded loaded = load_text(R"(
variables: {names: {type: list, default: [a, b]}}
projects:
  "shop-${each.key}":
    for_each: ${var.names}
    branches:
      dev:
        roles:
          "${each.key}_role":
            for_each: {x: x@example.com, y: y@example.com}
            user: ${each.value}
)");

  EXPECT_EQ(loaded.said(), "");
  std::string roles;
  for (const Declaration& each : loaded.manifest.declarations) {
    if (each.kind->name == "role") roles += each.address.text() + " " + each.id + "\n";
  }
  EXPECT_EQ(roles,
            "projects/shop-a/branches/dev/roles/x_role x@example.com\n"
            "projects/shop-a/branches/dev/roles/y_role y@example.com\n"
            "projects/shop-b/branches/dev/roles/x_role x@example.com\n"
            "projects/shop-b/branches/dev/roles/y_role y@example.com\n");
}

TEST(Load, RefusesAnExpansionThatNoMemoryHolds) {
  Sources sources;
  Diagnostics diagnostics;
  Node root = merged_texts({{"weir.yaml", R"(
"a${each.key}":
  for_each: [1, 2, 3, 4, 5, 6, 7, 8, 9]
  "b${each.key}": {for_each: [1, 2, 3, 4, 5, 6, 7, 8, 9], x: y}
)"}},
                           sources, diagnostics);
  const Variables variables;
  const std::string environment;
  const Scope scope{.variables = variables, .environment = environment};

  EXPECT_FALSE(expand(root, scope, {.nodes = 100}, diagnostics));
  EXPECT_NE(rendered(diagnostics, sources).find("error[M037]"), std::string::npos);
}

TEST(Load, MergesFilesByPathAndNamesBothPlacesOfADouble) {
  const std::string head = "version: weir/v1\nname: shop\n";
  const Loaded loaded = load_texts(
      {{"a.yaml", head + "projects: {shop: {pg_version: 17, tags: {a: x}, branches: {dev: {}}}}"},
       {"b.yaml", head + "projects: {shop: {pg_version: 17, tags: [a], branches: {test: {}}}}"}});

  EXPECT_EQ(loaded.said(),
            "b.yaml:3:31: error[M007] projects.shop.pg_version is set twice: here and at "
            "a.yaml:3:31\n  keep one of them; environments are the way to differ\n"
            "b.yaml:3:41: error[M007] projects.shop.tags is set twice: here and at a.yaml:3:41\n"
            "  one place has a map and the other has not; only maps merge\n");
  EXPECT_NE(listed(loaded.manifest).find("branches/test"), std::string::npos);
}

TEST(Load, PatchesMapsByKeyAndReplacesTheRest) {
  const Loaded loaded = load_text(R"(
environments:
  dev:
    workspace: {profile: dev}
    policy: {max_destroys: 3}
    patch:
      projects:
        shop:
          tags: {b: z, c: w, a: null}
          permissions: [{group: new, level: CAN_USE}]
          branches: {old: null, new: {from: dev, expires: null}}
policy: {deny: [delete_project], max_destroys: 1}
projects:
  shop:
    tags: {a: x, b: y}
    permissions: [{group: one, level: CAN_USE}, {group: two, level: CAN_USE}]
    branches: {old: {}, dev: {}}
)",
                                  {.environment = "dev", .getenv = {}});

  EXPECT_EQ(loaded.said(), "");
  EXPECT_EQ(listed(loaded.manifest),
            R"(projects/shop id=shop in= {"tags":{"b":"z","c":"w"}}
projects/shop/branches/dev id=dev in=projects/shop {}
projects/shop/branches/new id=new in=projects/shop {} from->projects/shop/branches/dev
projects/shop/permissions id= in=projects/shop {"entries":[{"group":"new","level":"CAN_USE"}]}
)");
  EXPECT_EQ(loaded.manifest.workspace.profile, "dev");
  EXPECT_EQ(loaded.manifest.policy.max_destroys, 3);
  EXPECT_EQ(loaded.manifest.policy.deny, std::vector<std::string>{"delete_project"});
}

TEST(Load, KeepsTheNameOfASecretAndNeverLooksForItsValue) {
  bool was_asked = false;
  const LoadOptions options{.getenv = [&](const std::string&) -> std::optional<std::string> {
    was_asked = true;
    return "hunter2";
  }};
  const Loaded loaded = load_text(R"(
variables: {login: {secret: true, from: {env: PASSWORD}}}
projects: {shop: {branches: {dev: {roles: {old: {password: "${var.login}"}}}}}}
)",
                                  options);

  EXPECT_EQ(loaded.said(), "");
  EXPECT_FALSE(was_asked);
  EXPECT_EQ(text_at(loaded.manifest.declarations.at(2).fields, "password"), "${var.login}");
}

TEST(Load, TakesTextsAsTheyAreWritten) {
  const Loaded loaded = load_text(R"(
variables: {v: {default: 1.10}, given: {type: number}}
projects:
  shop:
    display_name: 1.10
    budget_policy: 12345678901234567890123
    tags: {version: 1.10, e: 1e3, h: 0x1F, yes: True, v: "${var.v}", given: "${var.given}"}
)",
                                  {.variables = {{"given", "2.50"}}, .getenv = {}});

  ASSERT_EQ(loaded.manifest.declarations.size(), 1U) << loaded.said();
  const Document& fields = loaded.manifest.declarations[0].fields;
  EXPECT_EQ(fields.at("display_name"), "1.10");
  EXPECT_EQ(fields.at("budget_policy"), "12345678901234567890123");
  EXPECT_EQ(to_text(fields.at("tags")),
            R"({"e":"1e3","given":"2.50","h":"0x1F","v":"1.10","version":"1.10","yes":"True"})");
}

TEST(Load, TakesFullNamesWhereAKeyIsWanted) {
  const Loaded loaded = load_text(R"(
projects:
  shop:
    id: shop-eu
    default_branch: ${projects.shop.branches.production.name}
    branches:
      main: {id: main-eu, from: "${projects.shop.branches.production.name}"}
      dev: {from: "${projects.shop.branches.main.name}"}
)");

  EXPECT_EQ(loaded.said(), "");
  EXPECT_EQ(
      listed(loaded.manifest),
      R"(projects/shop id=shop-eu in= {} default_branch->projects/shop/branches/production(implied)
projects/shop/branches/dev id=dev in=projects/shop-eu {} from->projects/shop/branches/main
projects/shop/branches/main id=main-eu in=projects/shop-eu {} from->projects/shop/branches/production(implied)
)");
}

TEST(Load, DoesNotTakeANameOfAnotherProject) {
  const Loaded loaded = load_text(R"(
projects:
  one: {branches: {dev: {}}}
  two: {branches: {x: {from: "${projects.one.branches.dev.name}"}}}
)");
  EXPECT_NE(loaded.said().find("[M050]"), std::string::npos) << loaded.said();
}

// ---- the example ---------------------------------------------------------------------------

const std::filesystem::path kExample = std::filesystem::path(EXAMPLES_FOLDER) / "slides";

class Example : public testing::TestWithParam<std::string> {};

TEST_P(Example, LoadsWithoutAWord) {
  Sources sources;
  Diagnostics diagnostics;
  const LoadOptions options{.files = {kExample}, .environment = GetParam(), .getenv = {}};

  const Manifest manifest = load_manifest(options, lakebase_catalogue(), sources, diagnostics);
  check_rules(manifest, Limits(manifest.limits), diagnostics);

  EXPECT_EQ(rendered(diagnostics, sources), "");
  EXPECT_EQ(manifest.name, "ai-slides");
  EXPECT_EQ(manifest.outputs.size(), 2U);
  EXPECT_GE(manifest.declarations.size(), 14U);
}

INSTANTIATE_TEST_SUITE_P(Slides, Example, testing::Values("dev", "prod"));

TEST(Environments, OfTheExampleAreListed) {
  Sources sources;
  Diagnostics diagnostics;
  const Node files = read_files({.files = {kExample}, .getenv = {}}, sources, diagnostics);
  EXPECT_EQ(environments_of(files), (std::vector<std::string>{"dev", "prod"}));
}

// ---- order does not matter -----------------------------------------------------------------

void shuffle(Node& node, std::mt19937& random) {
  std::shuffle(node.entries.begin(), node.entries.end(), random);
  for (Entry& entry : node.entries) shuffle(entry.value, random);
}

/// Deals the branches of a document out to several files.
Texts deal(const Document& document, std::mt19937& random) {
  std::vector<Document> parts(3, Document{{"version", "weir/v1"}, {"name", "shop"}});
  for (const auto& [project, body] : document.at("projects").items()) {
    for (const auto& [branch, fields] : body.at("branches").items()) {
      parts[random() % parts.size()]["projects"][project]["branches"][branch] = fields;
    }
  }
  Texts texts;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    Node node = to_node(parts[i], {});
    shuffle(node, random);
    texts.emplace_back(std::to_string(i) + ".yaml", yaml_text(to_document(node)));
  }
  std::shuffle(texts.begin(), texts.end(), random);
  return texts;
}

TEST(Load, DoesNotDependOnTheOrderOfFilesAndKeys) {
  Document document;
  for (const char* project : {"a", "b", "a-b"}) {
    for (const char* branch : {"production", "x", "y", "z"}) {
      Document& body = document["projects"][project]["branches"][branch];
      body = {{"expires", "7d"}, {"on_expiry", "renew"}};
      if (std::string(branch) != "production") body["from"] = "production";
      body["endpoints"]["primary"] = {{"type", "read_write"}, {"min_cu", 1}, {"max_cu", 2}};
      body["roles"]["owner"] = {{"login", false}, {"attributes", {"createrole", "createdb"}}};
      body["databases"]["app"] = {{"owner", "owner"}};
    }
  }
  std::string expected;
  for (unsigned seed = 0; seed < 50; ++seed) {
    std::mt19937 random(seed);
    const Loaded loaded = load_texts(deal(document, random));
    ASSERT_EQ(loaded.said(), "") << "seed " << seed;
    if (expected.empty()) expected = listed(loaded.manifest);
    ASSERT_EQ(listed(loaded.manifest), expected) << "seed " << seed;
  }
}

}  // namespace
}  // namespace weir::test
