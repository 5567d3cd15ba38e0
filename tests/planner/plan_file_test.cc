#include "planner/plan_file.h"

#include <gtest/gtest.h>

#include "core/digest.h"
#include "tests/planner/insides.h"

namespace weir::test {
namespace {

/// A plan with something in every list.
Plan a_plan() {
  const Manifest before =
      a_manifest({a_project("shop").with("pg_version", 16).with("display_name", "a"),
                  a_branch("dev").with("expires", "7d"), a_project("till")});
  World world;
  world.apply(world.plan(before), before);
  world.add(an_observed(kBranch, "projects/till/branches/theirs"));
  world.resources.at("projects/shop").fields["display_name"] = "drifted";
  Plan plan = world.plan(
      a_manifest({a_project("shop").with("pg_version", 17).with("default_endpoint.min_cu", 0.5),
                  a_branch("dev").with("expires", "7d").at({.file = 1, .line = 2, .column = 3}),
                  a_project("till")}));
  plan.host = "https://workspace.example";
  plan.requests = 7;
  plan.notices.push_back({.type = Notice::Type::kPolicy, .text = "a \"quoted\" text\n"});
  return plan;
}

std::string failure_of(const std::string& text) {
  try {
    load_plan(text, lakebase_catalogue());
  } catch (const PlanFileError& error) {
    return error.what();
  }
  return "";
}

std::string resealed(const std::string& content) {
  return R"({"format_version":"1.0","sha256":")" + digest(content) + R"(","plan":)" + content +
         "}\n";
}

TEST(PlanFile, KeepsEverything) {
  const Plan plan = a_plan();
  EXPECT_FALSE(plan.steps.empty() || plan.drift.empty() || plan.unmanaged.empty() ||
               plan.refusals.empty());
  const std::string saved = save_plan(plan);
  const Plan loaded = load_plan(saved, lakebase_catalogue());
  EXPECT_EQ(save_plan(loaded), saved);
  EXPECT_EQ(loaded.made_at, plan.made_at);
  EXPECT_EQ(loaded.steps.size(), plan.steps.size());
  EXPECT_EQ(loaded.steps[1].request->body, plan.steps[1].request->body);
  EXPECT_EQ(loaded.steps[1].after, plan.steps[1].after);
  EXPECT_EQ(loaded.steps[0].changes[0].field, plan.steps[0].changes[0].field);
}

/// A plan with statements that drifted, that are predicted, and that set a password.
Plan a_plan_with_scripts() {
  Manifest manifest = a_shop_with({inside(kDev).knows("reader").with_password("reader", "login"),
                                   inside().with_schema("main").with_schema("other")});
  manifest.secrets["login"] = {.type = "env", .name = "LOGIN"};
  InsideView locked_out = seen_in(orders());
  locked_out.locked_out = {"reader"};
  InsideViews views = views_of(locked_out, kDev);
  views.merge(views_of(seen_in(orders().with_schema("main"))));
  Plan plan = plan_of(applied_with_insides(manifest), manifest, views);
  plan.steps.back().script->predicted_from = "roles that are made first";
  plan.queries = 3;
  return plan;
}

TEST(PlanFile, KeepsScripts) {
  const Plan plan = a_plan_with_scripts();
  ASSERT_EQ(plan.steps.size(), 2U);
  ASSERT_EQ(plan.drift.size(), 2U);
  const std::string saved = save_plan(plan);
  const Plan loaded = load_plan(saved, lakebase_catalogue());
  EXPECT_EQ(save_plan(loaded), saved);
  const Script& roles = *loaded.steps[0].script;
  EXPECT_EQ(roles.place, plan.steps[0].script->place);
  EXPECT_EQ(roles.passwords.at(0).secret.name, "LOGIN");
  EXPECT_EQ(roles.statements.at(0).statement, plan.steps[0].script->statements.at(0).statement);
  EXPECT_EQ(roles.statements.at(0).reason, Reason::kDrift);
  EXPECT_TRUE(roles.statements.at(0).statement.secret_at);
  EXPECT_EQ(loaded.steps[1].script->wishes, plan.steps[1].script->wishes);
  EXPECT_EQ(loaded.steps[1].script->predicted_from, "roles that are made first");
  EXPECT_EQ(loaded.steps[1].record, plan.steps[1].record);
  EXPECT_EQ(loaded.drift[1].statements.at(0).statement, plan.drift[1].statements.at(0).statement);
}

TEST(PlanFile, DistrustsScripts) {
  for (const auto& [path, value] : std::vector<std::pair<const char*, Document>>{
           {"/steps/0/script", Document::array()},
           {"/steps/0/script/statements", 7},
           {"/steps/0/script/statements/0/secret_at", 1000},
           {"/steps/0/script/statements/0/reason", "whim"},
           {"/steps/0/script/statements/0/colour", "red"},
           {"/steps/0/script/statements/0/tags", Document::array({7})},
           {"/steps/0/script/passwords/0/name", nullptr},
           {"/steps/0/script/branch", "projects/other/branches/dev"},
           {"/steps/0/script", nullptr},
           {"/steps/0/kind", "database"},
           {"/steps/0/action", "create"},
           {"/drift/0/statements", nullptr}}) {
    Document document = plan_document(a_plan_with_scripts());
    document[Document::json_pointer(path)] = value;
    EXPECT_EQ(failure_of(resealed(to_text(document))).find("the plan file cannot be used: "), 0U)
        << path;
  }
}

TEST(PlanFile, RefusesEveryFlippedByte) {
  const std::string saved = save_plan(a_plan());
  for (std::size_t index = 0; index < saved.size(); ++index) {
    std::string flipped = saved;
    flipped[index] = static_cast<char>(flipped[index] ^ (1 << (index % 7)));
    EXPECT_NE(failure_of(flipped), "") << index;
  }
}

TEST(PlanFile, SaysWhatIsWrongWithIt) {
  EXPECT_EQ(failure_of("hello"),
            "this is not a plan file: it is no JSON object; make one with plan -out");
  EXPECT_EQ(
      failure_of(R"({"format_version":"2.0"})"),
      "the plan file has the format \"2.0\", and this version of weir reads \"1.0\": plan again");
  std::string edited = save_plan(a_plan());
  edited.replace(edited.find("workspace.example"), 9, "elsewhere");
  EXPECT_EQ(failure_of(edited).substr(0, 44), "the plan file was changed after it was made:");
}

TEST(PlanFile, DistrustsWhatIsSealedProperly) {
  const auto with = [](const char* path, const Document& value) {
    Document document = plan_document(a_plan());
    document[Document::json_pointer(path)] = value;
    return failure_of(resealed(to_text(document)));
  };
  EXPECT_EQ(with("/steps/0/action", "explode"),
            "the plan file cannot be used: plan.steps[0].action is \"explode\", which this version "
            "of weir does not know; plan again");
  EXPECT_EQ(with("/steps/0/precondition/uid", 7),
            "the plan file cannot be used: plan.steps[0].precondition.uid is 7, not a text; plan "
            "again");
  EXPECT_EQ(with("/steps/1/after", Document::array({-1})),
            "the plan file cannot be used: plan.steps[1].after[0] is -1, not an earlier step; plan "
            "again");
  for (const auto& [path, value] :
       std::vector<std::pair<const char*, Document>>{{"/steps/0/kind", "planet"},
                                                     {"/steps/0/after", Document::array({0})},
                                                     {"/steps/1/after", Document::array({-1})},
                                                     {"/steps/0/address", "//"},
                                                     {"/steps/0/changes/0/field", "colour"},
                                                     {"/steps/0/changes/0/reason", 7},
                                                     {"/steps/0/precondition/fields", "x"},
                                                     {"/steps/0/request", Document::array()},
                                                     {"/steps", Document::object()},
                                                     {"/made_at", "yesterday"},
                                                     {"/declared", -1},
                                                     {"/notices/0/type", ""},
                                                     {"/refusals/0/severity", "fatal"}}) {
    EXPECT_EQ(with(path, value).find("the plan file cannot be used: plan."), 0U) << path;
  }
  EXPECT_EQ(failure_of(resealed("{}")),
            "the plan file cannot be used: plan.made_at is missing; plan again");
  EXPECT_EQ(failure_of(resealed("[]")),
            "the plan file cannot be used: plan is not an object; plan again");
}

TEST(PlanFile, PassesNothingOver) {
  const auto with = [](const char* path, const Document& value) {
    Document document = plan_document(a_plan());
    document[Document::json_pointer(path)] = value;
    return failure_of(resealed(to_text(document)));
  };
  EXPECT_EQ(with("/steps/0/colour", "red"),
            "the plan file cannot be used: plan/steps/0/colour is not as weir writes it; plan "
            "again");
  EXPECT_NE(with("/steps/0/place/line", 4'294'967'296), "") << "cut to 32 bits";
  EXPECT_NE(with("/expires_at", "2030-01-01T00:00:00Z"), "");
}

TEST(PlanFile, IsGoodForADay) {
  const Plan plan = a_plan();
  EXPECT_FALSE(is_outdated(plan, plan.made_at + std::chrono::hours(24)));
  EXPECT_TRUE(is_outdated(plan, plan.made_at + std::chrono::hours(25)));
}

TEST(Digest, IsSha256) {
  EXPECT_EQ(digest("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

}  // namespace
}  // namespace weir::test
