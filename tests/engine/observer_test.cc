#include "engine/observer.h"

#include <algorithm>
#include <atomic>
#include <functional>
#include <latch>
#include <map>
#include <mutex>
#include <set>

#include <gtest/gtest.h>

#include "core/error.h"
#include "providers/lakebase/kinds.h"

namespace weir {
namespace {

/// A workspace in memory that notes what it is asked.
class FakeProvider : public Provider {
 public:
  std::vector<Observed> list(const Kind& kind, const std::string& parent) override {
    if (before_list) before_list(kind);
    const std::lock_guard lock(mutex_);
    asked.insert("list " + parent + "/" + std::string(kind.collection));
    if (kind.name == failing_kind)
      throw ApiError("no", {.status = 403, .code = "PERMISSION_DENIED"});
    const auto found = lists.find(parent + "/" + std::string(kind.collection));
    return found == lists.end() ? std::vector<Observed>() : found->second;
  }
  std::optional<Observed> get(const Kind& kind, const std::string& name) override {
    if (before_get) before_get();
    const std::lock_guard lock(mutex_);
    asked.insert("get " + name);
    if (!hidden.contains(name)) return std::nullopt;
    return Observed{.kind = &kind, .name = name};
  }
  std::string principal_of_app(const std::string& app) override {
    const std::lock_guard lock(mutex_);
    asked.insert("app " + app);
    if (app == missing_app) throw ApiError("there is no app", {.status = 404});
    return "principal of " + app;
  }
  std::size_t request_count() const override { return asked.size(); }

  void add(const Kind& kind, const std::string& parent, Observed observed) {
    observed.kind = &kind;
    lists[parent + "/" + std::string(kind.collection)].push_back(std::move(observed));
  }

  std::map<std::string, std::vector<Observed>> lists;
  std::set<std::string> hidden;  ///< exist though no list shows them
  std::multiset<std::string> asked;
  std::string failing_kind;
  std::string missing_app;
  std::function<void(const Kind&)> before_list;
  std::function<void()> before_get;

 private:
  std::mutex mutex_;
};

const std::string kShop = "projects/shop";
const std::string kDev = "projects/shop/branches/dev";

Declaration a_branch() {
  return {.address = Address().child("projects", "shop").child("branches", "dev"),
          .kind = &kBranch,
          .id = "dev",
          .remote_parent = kShop};
}

void fill(FakeProvider& provider) {
  provider.add(kProject, "", {.name = kShop});
  provider.add(kProject, "", {.name = "projects/theirs"});
  provider.add(kBranch, kShop, {.name = kDev});
  provider.add(kBranch, kShop, {.name = kShop + "/branches/other"});
  provider.add(kRole, kDev, {.name = kDev + "/roles/ana", .postgres_name = "ana@example.com"});
  provider.add(kDatabase, kDev,
               {.name = kDev + "/databases/app",
                .postgres_name = "app",
                .fields = {{"owner", kDev + "/roles/ana"}}});
}

Manifest a_manifest(std::vector<Declaration> declarations) {
  Manifest manifest;
  manifest.declarations = std::move(declarations);
  return manifest;
}

TEST(Observer, ListsEachParentOnceAndNothingBesideWhatIsDeclared) {
  FakeProvider provider;
  fill(provider);
  Manifest manifest = a_manifest({a_branch()});
  const Observations seen = observe(manifest, {}, provider, lakebase_catalogue(), {});
  const std::multiset<std::string> wanted = {
      "list /projects", "list projects/shop/branches", "list projects/shop/branches/dev/databases",
      "list projects/shop/branches/dev/endpoints", "list projects/shop/branches/dev/roles"};
  EXPECT_EQ(provider.asked, wanted);
  EXPECT_NE(seen.find(kDev), nullptr);
  EXPECT_NE(seen.find(kShop + "/branches/other"), nullptr);
  EXPECT_EQ(seen.find("projects/theirs"), nullptr);
  EXPECT_TRUE(seen.is_listed(kRole, kDev));
}

TEST(Observer, LooksAtWhatABranchThatIsNotThereWillBringAlong) {
  FakeProvider provider;
  fill(provider);
  Declaration copy = a_branch();
  copy.address = copy.address.parent().child("branches", "copy");
  copy.id = "copy";
  copy.references.push_back(
      {.field = "from", .target = copy.address.parent().child("branches", "other")});
  Manifest manifest = a_manifest({copy});
  observe(manifest, {}, provider, lakebase_catalogue(), {});
  const std::string roles = "list projects/shop/branches/other/roles";
  EXPECT_FALSE(provider.asked.contains(roles)) << "nothing inside it is declared";

  manifest.declarations.push_back({.address = copy.address.child("roles", "ana"),
                                   .kind = &kRole,
                                   .id = "ana@example.com",
                                   .remote_parent = kShop + "/branches/copy"});
  observe(manifest, {}, provider, lakebase_catalogue(), {});
  EXPECT_TRUE(provider.asked.contains(roles));
  EXPECT_FALSE(provider.asked.contains("list projects/shop/branches/dev/roles"));
}

TEST(Observer, LooksIntoWhatAPlanEnds) {
  FakeProvider provider;
  fill(provider);
  Manifest manifest = a_manifest({a_branch()});
  Observations seen = observe(manifest, {}, provider, lakebase_catalogue(), {});
  provider.asked.clear();
  const Plan plan = {
      .steps = {{.action = Action::kPurge, .kind = &kProject, .remote_name = kShop}}};
  seen = look_into(plan, std::move(seen), provider, lakebase_catalogue(), {.parallelism = 2});
  const std::multiset<std::string> wanted = {
      "list /apps", "list projects/shop/branches/other/databases",
      "list projects/shop/branches/other/endpoints", "list projects/shop/branches/other/roles"};
  EXPECT_EQ(provider.asked, wanted);
  EXPECT_NE(seen.find(kDev + "/roles/ana"), nullptr);
}

TEST(Observer, SeesTheAppsOfOthersWhereSomethingEndsThatTheyMayBeBoundTo) {
  FakeProvider provider;
  provider.add(kApp, "", {.name = "apps/theirs", .fields = {{"bind", "listed"}}});
  provider.add(kApp, "", {.name = "apps/ours", .fields = {{"bind", "listed"}}});
  Observations seen;
  seen.add({.kind = &kApp, .name = "apps/ours", .fields = {{"bind", "asked for"}}});
  Plan plan = {.steps = {{.action = Action::kDelete, .kind = &kRole, .remote_name = "r"}}};
  seen = look_into(plan, std::move(seen), provider, lakebase_catalogue(), {});
  EXPECT_TRUE(provider.asked.empty());
  plan.steps.push_back({.action = Action::kDelete, .kind = &kDatabase, .remote_name = "d"});
  seen = look_into(plan, std::move(seen), provider, lakebase_catalogue(), {});
  EXPECT_NE(seen.find("apps/theirs"), nullptr);
  EXPECT_EQ(text_at(seen.find("apps/ours")->fields, "bind"), "asked for");
  provider.failing_kind = "app";
  EXPECT_NO_THROW(look_into(plan, {}, provider, lakebase_catalogue(), {}));
}

TEST(Observer, AsksForNothingWhenNothingIsDeclared) {
  FakeProvider provider;
  fill(provider);
  Manifest manifest;
  const Observations seen = observe(manifest, {}, provider, lakebase_catalogue(), {});
  EXPECT_TRUE(provider.asked.empty());
  EXPECT_TRUE(seen.all().empty());
}

TEST(Observer, NamesOwnersAsPostgresDoes) {
  FakeProvider provider;
  fill(provider);
  Manifest manifest = a_manifest({a_branch()});
  const Observations seen = observe(manifest, {}, provider, lakebase_catalogue(), {});
  EXPECT_EQ(text_at(seen.find(kDev + "/databases/app")->fields, "owner"), "ana@example.com");
}

TEST(Observer, SeesEverythingForAnExport) {
  FakeProvider provider;
  fill(provider);
  Manifest manifest;
  const Observations seen =
      observe(manifest, {}, provider, lakebase_catalogue(), {.extent = Extent::kEverything});
  EXPECT_NE(seen.find("projects/theirs"), nullptr);
  EXPECT_TRUE(provider.asked.contains("list projects/theirs/permissions"));
}

TEST(Observer, DoesNotLookIntoWhatIsDeleted) {
  FakeProvider provider;
  provider.add(kProject, "", {.name = kShop, .delete_time = "2026-01-01T00:00:00Z"});
  Manifest manifest = a_manifest({a_branch()});
  const Observations seen = observe(manifest, {}, provider, lakebase_catalogue(), {});
  EXPECT_EQ(provider.asked, std::multiset<std::string>{"list /projects"});
  EXPECT_NE(seen.find(kShop), nullptr);
}

TEST(Observer, BelievesThatSomethingIsGoneOnlyWhenItsNameSaysSoToo) {
  FakeProvider provider;
  fill(provider);
  const std::string hidden = kDev + "/endpoints/hidden";
  const std::string gone = kDev + "/endpoints/gone";
  provider.hidden = {hidden};
  Manifest manifest = a_manifest({a_branch()});
  const Address branch = manifest.declarations[0].address;
  const Records records = {
      {branch.child("endpoints", "hidden"),
       {.address = branch.child("endpoints", "hidden"), .kind = "endpoint", .remote_name = hidden}},
      {branch.child("endpoints", "gone"),
       {.address = branch.child("endpoints", "gone"), .kind = "endpoint", .remote_name = gone}}};
  const Observations seen = observe(manifest, records, provider, lakebase_catalogue(), {});
  EXPECT_NE(seen.find(hidden), nullptr);
  EXPECT_EQ(seen.find(gone), nullptr);
  EXPECT_TRUE(provider.asked.contains("get " + gone));
}

Declaration a_member(const Kind& kind, const char* key) {
  return {.address = a_branch().address.child(std::string(kind.collection), key),
          .kind = &kind,
          .id = key,
          .remote_parent = kDev};
}

TEST(Observer, AsksForWhatIsDeclaredAndMissingWhenToldTo) {
  FakeProvider provider;
  fill(provider);
  provider.hidden = {kDev + "/endpoints/hidden", kDev + "/roles/late"};
  Manifest manifest =
      a_manifest({a_branch(), a_member(kEndpoint, "hidden"), a_member(kEndpoint, "gone"),
                  a_member(kRole, "late"), a_member(kRole, "ana@example.com"),
                  a_member(kDatabase, "app"), a_member(kDatabase, "absent")});
  const Observations seen =
      observe(manifest, {}, provider, lakebase_catalogue(), {.confirm = Confirm::kDeclared});
  EXPECT_NE(seen.find(kDev + "/endpoints/hidden"), nullptr);
  EXPECT_NE(seen.find(kDev + "/roles/late"), nullptr);
  std::multiset<std::string> gets;
  for (const std::string& asked : provider.asked) {
    if (asked.starts_with("get ")) gets.insert(asked);
  }
  EXPECT_EQ(gets, (std::multiset<std::string>{
                      "get " + kDev + "/databases/absent", "get " + kDev + "/endpoints/gone",
                      "get " + kDev + "/endpoints/hidden", "get " + kDev + "/roles/late"}));
}

TEST(Observer, AsksForNoRoleByAnIdThatAnApplyOnlyGuessed) {
  FakeProvider provider;
  fill(provider);
  Manifest manifest = a_manifest({a_branch(), a_member(kRole, "ana@example.com")});
  const Address address = Address::parse(kDev).value().child("roles", "ana@example.com");
  const Records records = {{address,
                            {.address = address,
                             .kind = "role",
                             .remote_name = kDev + "/roles/guessed",
                             .fields = {{"auth_method", "no_login"}}}}};
  observe(manifest, records, provider, lakebase_catalogue(), {});
  for (const std::string& asked : provider.asked) EXPECT_FALSE(asked.starts_with("get ")) << asked;
}

TEST(Observer, LooksIntoWhatAConfirmationFinds) {
  FakeProvider provider;
  provider.add(kProject, "", {.name = kShop});
  provider.hidden = {kDev, kDev + "/endpoints/hidden"};
  Manifest manifest = a_manifest({a_branch(), a_member(kEndpoint, "hidden")});
  const Observations seen =
      observe(manifest, {}, provider, lakebase_catalogue(), {.confirm = Confirm::kDeclared});
  EXPECT_NE(seen.find(kDev), nullptr);
  EXPECT_NE(seen.find(kDev + "/endpoints/hidden"), nullptr);
}

TEST(Observer, AsksForNoSingleThingForAPlan) {
  FakeProvider provider;
  fill(provider);
  Manifest manifest = a_manifest({a_branch(), a_member(kEndpoint, "new")});
  observe(manifest, {}, provider, lakebase_catalogue(), {});
  EXPECT_FALSE(provider.asked.contains("get " + kDev + "/endpoints/new"));
}

TEST(Observer, AsksOnceForEachOfAThousandSyncedTablesAsManyAtOnceAsItMay) {
  constexpr std::size_t kTables = 1000;
  constexpr std::ptrdiff_t kAtOnce = 8;
  const Address database =
      Address().child("projects", "shop").child("branches", "dev").child("databases", "app");
  std::vector<Declaration> declarations = {a_branch()};
  for (std::size_t number = 0; number < kTables; ++number) {
    const std::string key = "t" + std::to_string(number);
    declarations.push_back({.address = database.child("schemas", "crm").child("synced_tables", key),
                            .kind = &kSyncedTable,
                            .id = "shop.crm." + key});
  }
  Manifest manifest = a_manifest(std::move(declarations));
  FakeProvider provider;
  fill(provider);
  std::latch together(kAtOnce);
  std::atomic<std::ptrdiff_t> begun = 0;
  provider.before_get = [&] {
    if (begun++ < kAtOnce) together.arrive_and_wait();
  };
  observe(manifest, {}, provider, lakebase_catalogue(), {.parallelism = kAtOnce});
  const std::set<std::string> names(provider.asked.begin(), provider.asked.end());
  EXPECT_EQ(names.size(), provider.asked.size()) << "something was asked for twice";
  const auto gets = std::ranges::count_if(
      names, [](const auto& name) { return name.starts_with("get synced_tables/"); });
  EXPECT_EQ(static_cast<std::size_t>(gets), kTables);
  EXPECT_EQ(names.size(), kTables + 5) << "besides the five lists around them";
}

TEST(Observer, LeavesPermissionsOutOfAnExportThatAreNotOursToSee) {
  FakeProvider provider;
  fill(provider);
  provider.failing_kind = "permissions";
  Manifest manifest;
  std::vector<std::string> left_out;
  const Observations seen =
      observe(manifest, {}, provider, lakebase_catalogue(),
              {.extent = Extent::kEverything,
               .leave_out = [&](const std::string& why) { left_out.push_back(why); }});
  EXPECT_EQ(left_out, (std::vector<std::string>{"no", "no"}));
  EXPECT_NE(seen.find(kDev), nullptr);
  EXPECT_THROW(
      observe(manifest, {}, provider, lakebase_catalogue(), {.extent = Extent::kEverything}),
      ApiError);
}

TEST(Observer, GivesTheRoleOfAnAppTheNameOfItsPrincipal) {
  FakeProvider provider;
  fill(provider);
  Manifest manifest = a_manifest({a_branch()});
  for (const char* key : {"one", "two"}) {
    manifest.declarations.push_back({.address = a_branch().address.child("roles", key),
                                     .kind = &kRole,
                                     .remote_parent = kDev,
                                     .fields = {{"app", "shop-app"}}});
  }
  observe(manifest, {}, provider, lakebase_catalogue(), {});
  EXPECT_EQ(provider.asked.count("app shop-app"), 1U);
  EXPECT_EQ(manifest.declarations[2].id, "principal of shop-app");
  EXPECT_EQ(text_at(manifest.declarations[2].fields, "postgres_role"), "principal of shop-app");
}

TEST(Observer, LeavesTheRoleOfAnAppThatIsGoneTheNameThatItHad) {
  FakeProvider provider;
  fill(provider);
  provider.missing_app = "shop-app";
  Manifest manifest = a_manifest({a_branch()});
  for (const char* key : {"known", "new"}) {
    manifest.declarations.push_back({.address = a_branch().address.child("roles", key),
                                     .kind = &kRole,
                                     .remote_parent = kDev,
                                     .fields = {{"app", "shop-app"}}});
  }
  const Address known = manifest.declarations[1].address;
  const Records records = {{known,
                            {.address = known,
                             .kind = "role",
                             .remote_name = kDev + "/roles/sp-1",
                             .fields = {{"postgres_role", "1"}}}}};
  observe(manifest, records, provider, lakebase_catalogue(), {});
  EXPECT_EQ(manifest.declarations[1].nameless, "there is no app");
  EXPECT_EQ(manifest.declarations[1].id, "1");
  EXPECT_EQ(manifest.declarations[2].nameless, "there is no app");
  EXPECT_EQ(manifest.declarations[2].id, "");
}

TEST(Observer, FailsWhenOneListFailsAndNeverTakesAForbiddenListForAnEmptyOne) {
  FakeProvider provider;
  fill(provider);
  provider.failing_kind = "role";
  Manifest manifest = a_manifest({a_branch()});
  EXPECT_THROW(observe(manifest, {}, provider, lakebase_catalogue(), {}), ApiError);
}

TEST(Observer, TellsOfSeveralFailuresThatOfTheFirstQuestionWhicheverComesFirst) {
  FakeProvider provider;
  std::latch second_failed{1};
  provider.before_list = [&](const Kind& kind) {
    if (kind.name == "project") {
      second_failed.wait();
      throw ApiError("of projects", {.status = 503});
    }
    if (kind.name == "instance") second_failed.count_down();
    throw ApiError("of instances", {.status = 503});
  };
  Manifest manifest;
  try {
    static_cast<void>(observe(manifest, {}, provider, lakebase_catalogue(),
                              {.extent = Extent::kEverything, .parallelism = 2}));
    FAIL() << "nothing was thrown";
  } catch (const ApiError& error) {
    EXPECT_STREQ(error.what(), "of projects");
  }
}

}  // namespace
}  // namespace weir
