#include <fmt/format.h>
#include <gtest/gtest.h>

#include "core/error.h"
#include "tests/convert/converting.h"

namespace weir {
namespace {

using test::converted;

std::string refusal_of(const std::string& name, const std::string& text,
                       const convert::Wish& wish = {}) {
  try {
    converted(name, text, wish);
  } catch (const UsageError& error) {
    return error.what();
  }
  return "";
}

TEST(Recognition, NamesTheChoices) {
  const std::string unknown = refusal_of("a.yaml", "a: b\n");
  EXPECT_NE(unknown.find("a.yaml looks like none of the known formats"), std::string::npos);
  for (const convert::FormatName& format : convert::all_formats()) {
    EXPECT_NE(unknown.find(fmt::format("-from {}", format.name)), std::string::npos) << unknown;
  }
  EXPECT_NE(refusal_of("a.yaml", "bundle: { name: a }\nroles: [{ name: b }]\n")
                .find("looks like more than one format"),
            std::string::npos);
}

TEST(Recognition, KnowsWhatIsNoSource) {
  EXPECT_NE(refusal_of("weir.yaml", "version: weir/v1\nname: a\nprojects: {}\n")
                .find("is a manifest of weir already"),
            std::string::npos);
  EXPECT_NE(refusal_of("terraform.tfstate",
                       R"({"version":4,"terraform_version":"1.9.5","lineage":"x","resources":[]})")
                .find("terraform show -json"),
            std::string::npos);
}

TEST(Recognition, GoesByTheContentAndNotByTheName) {
  EXPECT_EQ(
      converted("x.json", R"({"resources":{"postgres_projects":{"p":{"project_id":"p"}}}})").format,
      "bundle");
  EXPECT_EQ(converted("x.yaml", R"({"format_version":"1.0","values":{"root_module":{}}})").format,
            "terraform");
}

TEST(Destination, IsAnAddress) {
  const std::string roles = "roles: [{ name: web }]\n";
  const auto written_to = [&](const std::string& into) {
    return converted("roles.yaml", roles, {.into = into}).yaml;
  };
  EXPECT_NE(written_to("instances/shop/databases/app").find("instances:\n  shop:"),
            std::string::npos);
  EXPECT_NE(written_to("projects/shop/branches/dev").find("      dev:"), std::string::npos);
  for (const char* wrong :
       {"shop", "projects", "projects/", "projects/shop/roles/web", "projects/shop/branches",
        "projects/shop/branches/dev/databases/", "instances/shop/branches/dev", "instances"}) {
    EXPECT_NE(refusal_of("roles.yaml", roles, {.into = wrong}).find("-in "), std::string::npos)
        << wrong;
  }
}

TEST(HostileSource, IsRefusedWithItsLimit) {
  std::string deep = R"({"format_version":"1.0","values":)";
  for (int i = 0; i < 100; ++i) deep += R"({"a":)";
  EXPECT_NE(converted("deep.json", deep + "1" + std::string(101, '}')).said.find("64 levels"),
            std::string::npos);
  std::string wide = R"({"format_version":"1.0","values":[0)";
  for (int i = 0; i < 1'000'000; ++i) wide += ",0";
  EXPECT_NE(converted("wide.json", wide + "]}").said.find("1000000 values"), std::string::npos);
  EXPECT_EQ(converted("broken.json", R"({"format_version":)").yaml, "");
  EXPECT_EQ(converted("anchors.yaml", "resources: { <<: { a: b } }\n").yaml, "");
  EXPECT_EQ(converted("twice.yaml", "bundle: { name: a }\nbundle: { name: b }\n").yaml, "");
}

TEST(HostileSource, HasReferencesThatLeadNowhere) {
  const auto circle = converted("databricks.yml", R"(resources:
  postgres_projects:
    a: { project_id: "${resources.postgres_projects.b.project_id}" }
    b: { project_id: "${resources.postgres_projects.a.project_id}" }
    c: { project_id: "${resources.}", display_name: "${resources.postgres_projects.a.}" }
    d: { project_id: "${}", display_name: "${", budget_policy_id: "$${var.x}" }
)");
  EXPECT_NE(circle.said.find("references lead in a circle"), std::string::npos) << circle.said;
}

TEST(Secrets, StayWhereTheyAreWhenAFileIsWrong) {
  for (const char* text : {"bundle: { name: a }\npassword: 0815\n", "password: \"0815\nb\n",
                           "roles: [{ name: web, password: 0815, password: 0815 }]\n",
                           "bundle: { name: a }\n? { password: \"0815\" }\n: x\n"}) {
    const auto result = converted("x.yaml", text);
    EXPECT_EQ(result.said.find("0815"), std::string::npos) << result.said;
    EXPECT_EQ(result.yaml, "");
  }
}

TEST(Secrets, OfVariablesComeFromTheEnvironment) {
  const auto result = converted("databricks.yml", R"(bundle: { name: shop }
variables: { db_token: { default: CANARY }, region: { default: eu } }
resources:
  postgres_projects:
    shop: { project_id: shop, display_name: "${var.db_token} in ${var.region}" }
targets: { dev: { variables: { db_token: CANARY, region: us } } }
)");
  EXPECT_EQ((result.yaml + result.said).find("CANARY"), std::string::npos) << result.yaml;
  EXPECT_NE(result.yaml.find("from: { env: DB_TOKEN }"), std::string::npos) << result.yaml;
}

TEST(Bundle, GivesWhatTargetsCallDifferentlyItsLabelAsAKey) {
  const auto result = converted("databricks.yml", R"(bundle: { name: shop }
resources:
  postgres_projects: { shop: { project_id: shop-eu } }
  postgres_branches: { dev: { parent: "${resources.postgres_projects.shop.id}", branch_id: dev } }
targets: { us: { resources: { postgres_projects: { shop: { project_id: shop-us } } } } }
)");
  EXPECT_EQ(result.yaml, R"(version: weir/v1
name: shop

environments:
  us:
    patch:
      projects:
        shop: { id: shop-us }

projects:
  shop:
    id: shop-eu
    branches:
      dev: {}
)");
}

TEST(Secrets, AreHiddenWhereverTheyStand) {
  const auto result = converted("databricks.yml", R"(bundle: { name: shop }
variables: { options: { default: { region: eu, api_token: CANARY } } }
resources:
  postgres_projects:
    shop:
      project_id: shop
      display_name: "${var.options}"
      custom_tags: [{ key: db_password, value: CANARY }, { key: team, value: shop }]
      default_endpoint_settings: { pg_settings: { app.secret: CANARY, work_mem: 4MB } }
)");
  EXPECT_EQ((result.yaml + result.said).find("CANARY"), std::string::npos) << result.yaml;
  EXPECT_NE(result.yaml.find("tags: { team: shop }"), std::string::npos) << result.yaml;
  EXPECT_NE(result.said.find("app.secret: is called like a secret"), std::string::npos);
}

TEST(Terraform, KeepsApartWhatModulesCallAlike) {
  const auto role = [](const std::string& module, const std::string& user) {
    return fmt::format(
        R"({{"address":"{0}.databricks_postgres_role.this","mode":"managed",
            "type":"databricks_postgres_role","name":"this","values":{{"role_id":"{0}",
            "parent":"projects/shop/branches/production",
            "spec":{{"postgres_role":"{1}","identity_type":"USER"}}}}}})",
        module, user);
  };
  const auto result = converted(
      "state.json", R"({"format_version":"1.0","values":{"root_module":{"resources":[)" +
                        role("a", "ana@example.com") + "," + role("b", "bob@example.com") + "]}}}");
  EXPECT_NE(result.yaml.find("this: { user: ana@example.com }"), std::string::npos) << result.yaml;
  EXPECT_NE(result.yaml.find("this_2: { user: bob@example.com }"), std::string::npos);
}

TEST(HostileSource, HasNamesThatLeadDeep) {
  std::string name = "projects/a";
  for (int i = 0; i < 20'000; ++i) name += "/branches/a";
  const auto result =
      converted("x.yaml", "resources: { postgres_branches: { b: { branch_id: b, parent: " + name +
                              " } } }\n");
  EXPECT_NE(result.said.find("not known here"), std::string::npos) << result.said;
}

/// What is implied is put into the tree while something else is being written.
TEST(Bundle, DeclaresWhatIsOnlyNamed) {
  std::string bundle = "resources:\n  postgres_branches:\n";
  for (int i = 0; i < 20; ++i) {
    bundle += fmt::format(
        "    b{0}: {{ parent: projects/p0, branch_id: b{0}, "
        "source_branch: projects/p{0}/branches/x }}\n",
        i);
  }
  bundle +=
      "  postgres_projects:\n    p: { project_id: p, default_branch: projects/q/branches/y }\n";
  const auto result = converted("databricks.yml", bundle);
  EXPECT_NE(result.yaml.find("default_branch: y"), std::string::npos) << result.yaml;
  EXPECT_NE(result.said.find("names projects/q, which is not declared there"), std::string::npos);
}

TEST(Bundle, TellsWhatTwoFilesSay) {
  const std::string first =
      "bundle: { name: a }\nresources: { postgres_projects: { p: { project_id: p } } }\n";
  const std::string second = "resources: { postgres_projects: { p: { project_id: q } } }\n";
  EXPECT_NE(converted({{"a.yml", first}, {"b.yml", second}}).said.find("is said in two files"),
            std::string::npos);
}

/// Each label names the one before many times: without a limit, that is more than there are atoms.
TEST(HostileSource, HasReferencesThatMultiply) {
  std::string bundle = "resources:\n  postgres_projects:\n    a0: { project_id: a, x: \"\" }\n";
  for (int i = 1; i < 16; ++i) {
    std::string text;
    for (int k = 0; k < 40; ++k)
      text += fmt::format("${{resources.postgres_projects.a{}.x}}", i - 1);
    bundle += fmt::format("    a{}: {{ project_id: a{}, x: \"{}\" }}\n", i, i, text);
  }
  EXPECT_NE(converted("databricks.yml", bundle).said.find("too"), std::string::npos);
}

TEST(HostileSource, HasProfilesThatMultiply) {
  std::string grants;
  for (int i = 0; i < 1'000; ++i) grants += "{ privileges: [SELECT], object: { type: table } },";
  std::string schemas;
  for (int i = 0; i < 1'000; ++i) schemas += fmt::format("{{ name: s{}, profiles: [p] }},", i);
  const auto result = converted(
      "roles.yaml", "profiles: { p: { grants: [" + grants + "] } }\nschemas: [" + schemas + "]\n");
  EXPECT_NE(result.said.find("makes more grants than can be written"), std::string::npos);
}

TEST(HostileSource, HasValuesOfOtherForms) {
  for (const char* text :
       {"resources: { postgres_projects: [1] }\nbundle: 3\n",
        "resources: { postgres_branches: { a: 1, b: { branch_id: [x], parent: { y: z } } } }\n",
        "bundle: { name: [a] }\ntargets: { a: 1, b: null }\nvariables: [x]\n",
        "environments: { a: { lakebase: 1 }, b: 2, c: { lakebase: { database_name: [x] } } }\n",
        "roles: [1, null, [x], { name: { a: b } }]\ngrants: [2]\nschemas: [3]\nmemberships: [{}]\n",
        "profiles: 1\nschemas: [{ name: a, profiles: [b, { c: d }] }]\nretirements: [{}]\n"}) {
    EXPECT_NO_THROW(converted("x.yaml", text)) << text;
  }
  for (const char* values :
       {"3", "{}", R"({"root_module":[]})", R"({"root_module":{"resources":{"a":1}}})",
        R"({"root_module":{"resources":[1,{"type":"postgresql_role","values":{"name":["x"]}}]}})",
        R"({"root_module":{"resources":[{"type":"postgresql_grant","values":{"privileges":"x",
            "role":"a","object_type":"table"}},{"type":"databricks_postgres_branch",
            "values":{"branch_id":5,"parent":"projects/../branches//x"}}]}})"}) {
    EXPECT_NO_THROW(
        converted("x.json", fmt::format(R"({{"format_version":"1.0","values":{}}})", values)))
        << values;
  }
}

}  // namespace
}  // namespace weir
