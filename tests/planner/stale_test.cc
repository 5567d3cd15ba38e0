// What somebody else does between a plan and its apply, and whether it matters.
#include <functional>
#include <set>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/support/worlds.h"

namespace weir::test {
namespace {

const std::string kShop = "projects/shop";
const std::string kProduction = "projects/shop/branches/production";
const std::string kDev = "projects/shop/branches/dev";
const std::string kOld = "projects/shop/branches/old";

Manifest before() {
  return a_manifest({a_project("shop").with("display_name", "a").with("tags", {{"a", "1"}}),
                     a_branch("dev").with("expires", "20d"), a_branch("old"),
                     an_endpoint("primary").with("max_cu", 2), a_role("anna").with("login", false),
                     a_role("berta").with("login", false),
                     a_database("orders").with("owner", kDev + "/roles/anna")});
}

/// Updates the project, a branch, an endpoint and a database; makes a branch and a role; deletes a
/// branch.
Manifest after() {
  return a_manifest({a_project("shop").with("display_name", "b").with("tags", {{"a", "1"}}),
                     a_branch("dev").with("expires", "15d"), a_branch("new").with("from", kDev),
                     an_endpoint("primary").with("max_cu", 4), a_role("anna").with("login", false),
                     a_role("berta").with("login", false), a_role("clara").with("login", false),
                     a_database("orders").with("owner", kDev + "/roles/berta")});
}

World applied() {
  World world;
  world.apply(world.plan(before()), before());
  return world;
}

struct Edit {
  const char* name;
  std::function<void(World&)> make;
  std::string address;  ///< of the only step that is stale; "" for none
  std::string what = {};
};

Observed& of(World& world, const std::string& name) {
  return world.resources.at(name);
}

Edit set(const char* name, const std::string& resource, const char* field, const Document& value,
         std::string address, std::string what = {}) {
  return {name,
          [resource, field, value](World& world) { of(world, resource).fields[field] = value; },
          std::move(address), std::move(what)};
}

Edit touch(const char* name, const std::string& resource, std::string address) {
  return {name,
          [resource](World& world) { of(world, resource).update_time = "2026-05-02T00:00:00Z"; },
          std::move(address), "update_time was"};
}

Edit add(const char* name, const Kind& kind, const std::string& resource, const Document& fields,
         std::string address) {
  return {
      name,
      [&kind, resource, fields](World& world) { world.add(an_observed(kind, resource, fields)); },
      std::move(address)};
}

Edit erase(const char* name, const std::string& resource, std::string address,
           std::string what = {}) {
  return {name, [resource](World& world) { world.resources.erase(resource); }, std::move(address),
          std::move(what)};
}

std::vector<Edit> related_edits() {
  const std::string endpoint = kDev + "/endpoints/primary";
  const std::string database = kDev + "/databases/orders";
  return {
      set("display name", kShop, "display_name", "c", kShop, "display_name was a and is c"),
      set("expiry", kDev, "expires", {{"never", true}}, kDev, "expires was 20d and is never"),
      set("capacity", endpoint, "max_cu", 8, endpoint, "max_cu was 2 and is 8"),
      set("owner", database, "owner", "dora", database, "owner was anna and is dora"),
      touch("the project moved", kShop, kShop),
      touch("the branch moved", kDev, kDev),
      touch("the endpoint moved", endpoint, endpoint),
      touch("the database moved", database, database),
      touch("what is to go moved", kOld, kOld),
      {"another old branch", [](World& world) { of(world, kOld).uid = "x"; }, kOld, "uid was"},
      {"deleted softly", [](World& world) { of(world, kOld).delete_time = "2026-05-02T00:00:00Z"; },
       kOld, kOld + " was deleted at 2026-05-02T00:00:00Z"},
      erase("the endpoint went", endpoint, endpoint),
      erase("the database went", database, database),
      erase("the new owner went", kDev + "/roles/berta", database, kDev + "/roles/berta is gone"),
      erase("what is to go went", kOld, kOld),
      add("a role of that id", kRole, kDev + "/roles/clara", {{"postgres_role", "x"}},
          kDev + "/roles/clara"),
      add("a role of that name", kRole, kDev + "/roles/role-77", {{"postgres_role", "clara"}},
          kDev + "/roles/clara"),
      add("a branch of that id", kBranch, kShop + "/branches/new", {}, kShop + "/branches/new"),
      add("a database to be lost", kDatabase, kOld + "/databases/precious",
          {{"postgres_database", "precious"}}, kOld),
      add("a role to be lost", kRole, kOld + "/roles/somebody", {{"postgres_role", "somebody"}},
          kOld),
      add("an endpoint to be lost", kEndpoint, kOld + "/endpoints/reader", {}, kOld),
  };
}

std::vector<Edit> unrelated_edits() {
  return {
      set("tags", kShop, "tags", {{"b", "2"}}, ""),
      set("retention", kShop, "history_retention", "172800s", ""),
      set("default branch", kShop, "default_branch", kDev, ""),
      set("protection of another", kProduction, "protected", true, ""),
      set("suspension", kDev + "/endpoints/primary", "suspend_after", "300s", ""),
      set("disabled", kDev + "/endpoints/primary", "disabled", true, ""),
      set("attributes of a role", kDev + "/roles/anna", "attributes", Document::array({"createdb"}),
          ""),
      set("permissions", kShop + "/permissions", "entries",
          Document::array({{{"group", "g"}, {"level", "CAN_USE"}}}), ""),
      touch("production moved", kProduction, ""),
      touch("a role moved", kDev + "/roles/berta", ""),
      touch("another endpoint moved", kProduction + "/endpoints/primary", ""),
      add("another project", kProject, "projects/other", {}, ""),
      add("another branch", kBranch, kShop + "/branches/other", {}, ""),
      add("another role", kRole, kDev + "/roles/dora", {{"postgres_role", "dora"}}, ""),
      add("another database", kDatabase, kDev + "/databases/more", {{"postgres_database", "more"}},
          ""),
      add("another endpoint", kEndpoint, kDev + "/endpoints/reader", {}, ""),
      erase("the old owner went", kDev + "/roles/anna", ""),
      erase("an endpoint elsewhere went", kProduction + "/endpoints/primary", ""),
  };
}

std::vector<Stale> stale_after(const Plan& plan, World world, const Edit& edit) {
  edit.make(world);
  return find_stale(plan, world.seen());
}

TEST(Stale, IsExactlyTheStepThatARelatedEditTouches) {
  const World world = applied();
  const Plan plan = world.plan(after());
  ASSERT_EQ(plan.steps.size(), 7U);
  EXPECT_TRUE(find_stale(plan, world.seen()).empty());
  for (const Edit& edit : related_edits()) {
    SCOPED_TRACE(edit.name);
    const std::vector<Stale> stale = stale_after(plan, world, edit);
    ASSERT_EQ(stale.size(), 1U);
    EXPECT_EQ(plan.steps[stale[0].step].remote_name, edit.address);
    EXPECT_TRUE(stale[0].what.starts_with(edit.what)) << stale[0].what;
    EXPECT_FALSE(stale[0].what.empty());
  }
}

TEST(Stale, IsNothingAfterAnUnrelatedEdit) {
  const World world = applied();
  const Plan plan = world.plan(after());
  for (const Edit& edit : unrelated_edits()) {
    SCOPED_TRACE(edit.name);
    EXPECT_TRUE(stale_after(plan, world, edit).empty());
  }
}

std::vector<HistoryEntry> written(const std::string& address) {
  return {{.serial = 9, .address = Address::parse(address).value()}};
}

TEST(Stale, IsWhatAnotherApplyHasChangedSince) {
  const Plan plan = applied().plan(after());
  for (const std::string& touched : {kDev, kOld, kOld + "/databases/orders"}) {
    const std::vector<Stale> stale = find_overtaken(plan, written(touched));
    ASSERT_EQ(stale.size(), 1U) << touched;
    EXPECT_EQ(plan.steps[stale[0].step].address.text(), touched == kDev ? kDev : kOld);
    EXPECT_EQ(stale[0].what, "another apply has changed " + touched + " since the plan (serial 9)");
  }
  EXPECT_TRUE(find_overtaken(plan, written(kDev + "/databases/more")).empty());
  EXPECT_TRUE(find_overtaken(plan, {}).empty());
}

TEST(Stale, RemembersNothingThatAnotherApplyHasRememberedSince) {
  Plan plan;
  plan.adoptions = {
      Record{.address = Address::parse(kDev).value(), .kind = "branch", .remote_name = kDev},
      Record{.address = Address::parse(kOld).value(), .kind = "branch", .remote_name = kOld}};
  plan.steps.push_back({.brings = plan.adoptions});
  forget_overtaken(plan, written(kDev));
  ASSERT_EQ(plan.adoptions.size(), 1U);
  EXPECT_EQ(plan.adoptions[0].address.text(), kOld);
  EXPECT_EQ(plan.steps[0].brings, plan.adoptions);
}

/// The steps that an edit makes stale, sorted by address.
std::string stale_names(const World& world, const Plan& plan, const Edit& edit) {
  std::set<std::string> names;
  for (const Stale& stale : stale_after(plan, world, edit)) {
    names.insert(plan.steps[stale.step].address.text());
  }
  return fmt::format("{}", fmt::join(names, " "));
}

TEST(Stale, AreAllStepsThatNeedABranchThatWentOrIsAnother) {
  const World world = applied();
  const Plan plan = world.plan(after());
  // The branch itself, what stands in it, and what is made of it.
  const std::string all = fmt::format(
      "{0} {0}/databases/orders {0}/endpoints/primary "
      "{0}/roles/clara {1}/branches/new",
      kDev, kShop);
  EXPECT_EQ(stale_names(world, plan, erase("went", kDev, "")), all);
  EXPECT_EQ(stale_names(world, plan, {"is another", [](World& it) { of(it, kDev).uid = "x"; }, ""}),
            all);
}

TEST(Stale, AreAllStepsInAProjectThatIsAnother) {
  const World world = applied();
  const Plan plan = world.plan(after());
  EXPECT_EQ(
      stale_names(world, plan, {"is another", [](World& it) { of(it, kShop).uid = "x"; }, ""}),
      fmt::format("{0} {0}/branches/dev {0}/branches/new", kShop));
}

}  // namespace
}  // namespace weir::test
