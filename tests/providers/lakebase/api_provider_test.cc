#include "providers/lakebase/api_provider.h"

#include <gtest/gtest.h>

#include "core/error.h"
#include "providers/lakebase/kinds.h"
#include "tests/support/fake_timing.h"
#include "tests/support/loopback_server.h"

namespace weir {
namespace {

using test::answer;
using test::LoopbackServer;
using test::Script;

/// A provider before a server that answers by a script.
struct Stage {
  explicit Stage(std::vector<std::string> answers) : script(std::move(answers)) {}

  std::string request(std::size_t number) {
    const std::string text = script.requests().at(number);
    return text.substr(0, text.find(" HTTP/1.1"));
  }

  Script script;
  LoopbackServer server{std::ref(script)};
  test::FakeTiming time;
  http::Workspace workspace{http::resolve_configuration({{"host", server.url()}, {"token", "dapi"}},
                                                        [](const std::string&) { return ""; }),
                            time.timing()};
  ApiProvider provider{workspace, {.page_size = 2, .most_pages = 5}};
};

template <typename Call>
ApiError error_of(Call call) {
  try {
    call();
  } catch (const ApiError& error) {
    return error;
  }
  return {"no error", {}};
}

TEST(ApiProvider, FindsCatalogsThatMayBeDatabasesAndTheCopiesInThem) {
  Stage stage({answer(200, R"({"catalogs": [{"name": "main", "catalog_type": "MANAGED_CATALOG"},
                                            {"name": "shop", "catalog_type": "MANAGED_ONLINE_CATALOG"}],
                               "next_page_token": "t"})"),
               answer(200, R"({"catalogs": [{"name": "odd", "catalog_type": "NEW_CATALOG"}]})"),
               answer(200, R"({"schemas": [{"name": "crm"}]})"),
               answer(200, R"({"tables": [{"full_name": "shop.crm.books", "pipeline_id": "5c1f"},
                                          {"full_name": "shop.crm.others"}]})")});
  EXPECT_EQ(stage.provider.catalogs(), (std::vector<std::string>{"shop", "odd"}));
  EXPECT_EQ(stage.provider.copies_in("shop"), std::vector<std::string>{"shop.crm.books"});
  EXPECT_EQ(stage.request(1), "GET /api/2.1/unity-catalog/catalogs?page_token=t");
  EXPECT_EQ(stage.request(3),
            "GET /api/2.1/unity-catalog/tables?catalog_name=shop&schema_name=crm");
}

TEST(ApiProvider, ListsOfUnityCatalogThatDoNotEndAreRefused) {
  const std::string page = answer(200, R"({"catalogs": [], "next_page_token": "again"})");
  Stage stage({page, page, page});
  const ApiError error = error_of([&] { stage.provider.catalogs(); });
  EXPECT_EQ(std::string(error.what()),
            "the list of catalogs of Unity Catalog does not end: a page leads back to an earlier "
            "one, or it has more than 5 pages");
}

TEST(ApiProvider, GoesOnWhileThereIsAToken) {
  Stage stage(
      {answer(200, R"({"branches": [{"name": "projects/shop/branches/a", "status": {}}],
                               "next_page_token": "t 1"})"),
       answer(200, R"({"next_page_token": "t2"})"),
       answer(200, R"({"branches": [{"name": "projects/shop/branches/b", "status": {}}]})")});
  const auto branches = stage.provider.list(kBranch, "projects/shop");
  ASSERT_EQ(branches.size(), 2U);
  EXPECT_EQ(branches[1].name, "projects/shop/branches/b");
  EXPECT_EQ(stage.request(0),
            "GET /api/2.0/postgres/projects/shop/branches?page_size=2&show_deleted=true");
  EXPECT_EQ(stage.request(1),
            "GET /api/2.0/postgres/projects/shop/branches?page_size=2&page_token=t%201&"
            "show_deleted=true");
  EXPECT_EQ(stage.provider.request_count(), 3U);
}

TEST(ApiProvider, AsksForDeletedThingsOnlyWhereTheyComeBack) {
  Stage stage({answer(200, "{}")});
  EXPECT_TRUE(stage.provider.list(kRole, "projects/shop/branches/a").empty());
  EXPECT_EQ(stage.request(0), "GET /api/2.0/postgres/projects/shop/branches/a/roles?page_size=2");
}

TEST(ApiProvider, APageThatLeadsBackIsAnError) {
  Stage stage({answer(200, R"({"next_page_token": "a"})"),
               answer(200, R"({"next_page_token": "b"})"),
               answer(200, R"({"next_page_token": "a"})")});
  const ApiError error = error_of([&] { stage.provider.list(kProject, ""); });
  EXPECT_NE(std::string(error.what()).find("leads back"), std::string::npos);
}

TEST(ApiProvider, PagesWithoutEndAreAnError) {
  constexpr int kPages = 10;
  std::vector<std::string> answers;
  answers.reserve(kPages);
  for (int i = 0; i < kPages; ++i) {
    answers.push_back(answer(200, R"({"next_page_token": ")" + std::to_string(i) + R"("})"));
  }
  Stage stage(answers);
  const ApiError error = error_of([&] { stage.provider.list(kProject, ""); });
  EXPECT_NE(std::string(error.what()).find("more than 5 pages"), std::string::npos);
}

TEST(ApiProvider, APageTokenThatIsNoTextIsAnError) {
  Stage stage({answer(200, R"({"branches": [], "next_page_token": 5})")});
  const ApiError error = error_of([&] { stage.provider.list(kBranch, "projects/shop"); });
  EXPECT_NE(std::string(error.what())
                .find("the token of the next page is 5, not a text; the "
                      "answer cannot be trusted"),
            std::string::npos)
      << error.what();
}

TEST(ApiProvider, PagesThatBringNothingNewAreAnErrorSoon) {
  std::vector<std::string> answers;
  answers.reserve(30);
  for (int i = 0; i < 30; ++i) {
    answers.push_back(answer(200, R"({"projects": [{"name": "projects/a", "status": {}}],
                                      "next_page_token": "t)" +
                                      std::to_string(i) + R"("})"));
  }
  Stage stage(answers);
  ApiProvider provider(stage.workspace);
  const ApiError error = error_of([&] { provider.list(kProject, ""); });
  EXPECT_NE(std::string(error.what()).find("20 pages in a row bring nothing new"),
            std::string::npos)
      << error.what();
  EXPECT_EQ(provider.request_count(), 21U);  // the first page brought something
}

TEST(ApiProvider, ValuesOfAnotherTypeAreAnError) {
  const std::string branch =
      R"({"name": "projects/shop/branches/a", "status": {"source_branch": 5}})";
  Stage stage({answer(200, R"({"branches": [)" + branch + "]}"), answer(200, branch)});
  const std::string wanted =
      "from of projects/shop/branches/a is 5, not a text; the answer cannot be trusted";
  const ApiError listed = error_of([&] { stage.provider.list(kBranch, "projects/shop"); });
  EXPECT_NE(std::string(listed.what()).find(wanted), std::string::npos) << listed.what();
  const ApiError got = error_of([&] { stage.provider.get(kBranch, "projects/shop/branches/a"); });
  EXPECT_NE(std::string(got.what()).find(wanted), std::string::npos) << got.what();
}

TEST(ApiProvider, ABranchWithoutStatusIsNotOneWithoutSettings) {
  const std::string branch = R"({"name": "projects/shop/branches/a", "spec": {}})";
  Stage stage({answer(200, R"({"branches": [)" + branch + "]}"), answer(200, branch)});
  const ApiError listed = error_of([&] { stage.provider.list(kBranch, "projects/shop"); });
  EXPECT_NE(std::string(listed.what()).find("a branch has no status"), std::string::npos);
  const ApiError got = error_of([&] { stage.provider.get(kBranch, "projects/shop/branches/a"); });
  EXPECT_NE(std::string(got.what()).find("a branch has no status"), std::string::npos);
}

TEST(ApiProvider, MembersOfSomethingElseAreAnError) {
  for (const char* member :
       {R"({"name": "projects/other/branches/a", "status": {}})", R"({"status": {}})", "7",
        R"({"name": "projects/shop/branches/a/endpoints/b", "status": {}})"}) {
    Stage stage({answer(200, std::string(R"({"branches": [)") + member + "]}")});
    const ApiError error = error_of([&] { stage.provider.list(kBranch, "projects/shop"); });
    EXPECT_NE(std::string(error.what()).find("cannot be trusted"), std::string::npos) << member;
  }
}

TEST(ApiProvider, GivesNothingForWhatDoesNotExist) {
  Stage stage({answer(404, R"({"error_code": "NOT_FOUND", "message": "branch id not found"})")});
  EXPECT_EQ(stage.provider.get(kBranch, "projects/shop/branches/a").has_value(), false);
  EXPECT_EQ(stage.request(0), "GET /api/2.0/postgres/projects/shop/branches/a");
}

TEST(ApiProvider, AForbiddenThingIsNotGone) {
  Stage stage({answer(403, R"({"error_code": "PERMISSION_DENIED", "message": "no"})")});
  const ApiError error = error_of([&] { stage.provider.get(kBranch, "projects/shop/branches/a"); });
  EXPECT_EQ(error.facts().status, 403);
}

TEST(ApiProvider, EncodesNamesAndRefusesToClimb) {
  Stage stage({answer(404, "")});
  stage.provider.get(kRole, "projects/shop/branches/a/roles/b?c d");
  EXPECT_EQ(stage.request(0), "GET /api/2.0/postgres/projects/shop/branches/a/roles/b%3Fc%20d");
  EXPECT_THROW(stage.provider.get(kBranch, "projects/../branches/a"), Error);
  EXPECT_THROW(stage.provider.list(kBranch, "projects//"), Error);
  EXPECT_THROW(stage.provider.principal_of_app(".."), Error);
}

TEST(ApiProvider, ReadsPermissionsByTheBareProject) {
  Stage stage({answer(200, R"({"access_control_list": [{"group_name": "analysts",
      "all_permissions": [{"permission_level": "CAN_USE", "inherited": false}]}]})")});
  const auto permissions = stage.provider.list(kPermissionsOfProject, "projects/shop");
  ASSERT_EQ(permissions.size(), 1U);
  EXPECT_EQ(permissions[0].name, "projects/shop/permissions");
  EXPECT_EQ(stage.request(0), "GET /api/2.0/permissions/database-projects/shop");
  EXPECT_TRUE(stage.provider.get(kPermissionsOfProject, "projects/shop/permissions").has_value());
}

TEST(ApiProvider, FollowsTheUpdateOfAnAppByTheNameOfTheApp) {
  Stage stage({answer(200, R"({"status": {"state": "IN_PROGRESS"}})"),
               answer(200, R"({"status": {"state": "IN_PROGRESS"}})"),
               answer(200, R"({"status": {"state": "SUCCEEDED"}})"),
               answer(200, R"({"status": {"state": "FAILED", "message": "no role"}})"),
               answer(200, R"({"status": {"state": "NOT_UPDATED"}})")});
  const Operation begun = stage.provider.start(
      {.method = "POST", .target = "/api/2.0/apps/site/update", .body = {}}, [] { return true; });
  EXPECT_EQ(begun.name, "apps/site/update");
  EXPECT_FALSE(begun.is_done);
  EXPECT_FALSE(stage.provider.poll(begun.name).is_done);
  EXPECT_EQ(stage.request(1), "GET /api/2.0/apps/site/update");
  EXPECT_TRUE(stage.provider.poll(begun.name).is_done);
  const Operation failed = stage.provider.poll(begun.name);
  EXPECT_TRUE(failed.has_failed());
  EXPECT_EQ(failed.error, "no role");
  EXPECT_TRUE(error_of([&] { stage.provider.poll(begun.name); }).is_missing());
  EXPECT_TRUE(error_of([&] { stage.provider.poll("apps/../update"); }).is_missing());
}

TEST(ApiProvider, ReadsAnAppWithItsListAsItStands) {
  const std::string list =
      R"([{"name":"s","secret":{"key":"k"}},{"name":"p","postgres":{"branch":"projects/a/branches/b","permission":"P"}}])";
  Stage stage(
      {answer(200, R"({"name": "site", "url": "https://x.example", "resources": )" + list + "}")});
  const auto app = stage.provider.get(kApp, "apps/site");
  ASSERT_TRUE(app);
  EXPECT_EQ(app->name, "apps/site");
  EXPECT_EQ(to_text(app->facts.at("resources")), list);
  EXPECT_EQ(text_at(app->facts, "url"), "https://x.example");
  EXPECT_EQ(app->fields.at("bind").size(), 2U);
}

TEST(ApiProvider, FindsThePrincipalOfAnApp) {
  Stage stage({answer(200, R"({"service_principal_client_id": "1111"})"), answer(200, "{}"),
               answer(404, R"({"error_code": "RESOURCE_DOES_NOT_EXIST", "message": "no"})")});
  EXPECT_EQ(stage.provider.principal_of_app("my app"), "1111");
  EXPECT_EQ(stage.request(0), "GET /api/2.0/apps/my%20app");
  const ApiError unfinished = error_of([&] { stage.provider.principal_of_app("half"); });
  EXPECT_NE(std::string(unfinished.what()).find("no service principal yet"), std::string::npos);
  const ApiError absent = error_of([&] { stage.provider.principal_of_app("gone"); });
  EXPECT_NE(std::string(absent.what()).find("there is no app \"gone\""), std::string::npos);
}

}  // namespace
}  // namespace weir
