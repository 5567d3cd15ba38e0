#include "planner/branch_classes.h"

#include <gtest/gtest.h>

#include "planner/expiry.h"
#include "tests/support/worlds.h"

namespace weir::test {
namespace {

using namespace std::chrono_literals;
using Undeclared = BranchClass::Undeclared;

BranchClass a_class(const std::string& match, Undeclared undeclared) {
  const Declaration branch = a_branch("preview").with("expires", "14d");
  return {.address = *Address::parse("projects/shop/branch_classes/preview"),
          .match = match,
          .lifetime = 7 * 24h,
          .longest = 14 * 24h,
          .undeclared = undeclared,
          .members = {branch}};
}

Manifest shop_with(std::vector<BranchClass> classes) {
  Manifest manifest = a_manifest({a_project("shop")});
  manifest.branch_classes = std::move(classes);
  return manifest;
}

Observed& add_branch(World& world, const std::string& id, const Document& expires = {}) {
  Document fields = {{"from", "projects/shop/branches/production"}};
  fields["expires"] = expires.is_null() ? Document{{"never", true}} : expires;
  Observed branch = an_observed(kBranch, "projects/shop/branches/" + id, fields);
  branch.create_time = timestamp_text(world.now);
  branch.uid = "uid of " + id;
  return world.add(branch);
}

World world_with_a_shop() {
  World world;
  world.apply(world.plan(a_manifest({a_project("shop")})), a_manifest({a_project("shop")}));
  return world;
}

Plan planned(const World& world, Manifest manifest) {
  enforce_classes(manifest, world.records, world.seen(), world.now);
  return world.plan(manifest);
}

void apply_classes(World& world, const Manifest& manifest) {
  for (const Step& step : planned(world, manifest).steps) world.carry_out(step);
}

std::optional<Instant> end_of(const Observed& branch) {
  return weir::end_of(branch.fields.at("expires"), branch.create_time);
}

/// What the service does by itself: what has come to its end goes.
void expire(World& world) {
  std::erase_if(world.resources, [&](const auto& entry) {
    if (entry.second.kind != &kBranch) return false;
    const auto end = end_of(entry.second);
    return end && *end <= world.now;
  });
}

TEST(BranchClasses, LetNoBranchOfTwoHundredGrowOlderThanTheyAllow) {
  const Manifest manifest = shop_with({a_class("pr-*", Undeclared::kEnforce)});
  World world = world_with_a_shop();
  for (int day = 0; day < 60; ++day) {
    for (int number = 0; day < 20 && number < 10; ++number) {
      const std::string id = "pr-" + std::to_string(10 * day + number);
      const int lifetime = 86'400 * (1 + (7 * number + day) % 30);
      add_branch(world, id,
                 number % 3 == 0 ? Document() : Document{{"ttl", std::to_string(lifetime) + "s"}});
    }
    apply_classes(world, manifest);
    EXPECT_TRUE(planned(world, manifest).is_empty()) << "day " << day;
    world.now += 24h;
    expire(world);
    for (const auto& [name, branch] : world.resources) {
      if (!name.starts_with("projects/shop/branches/pr-") || branch.kind != &kBranch) continue;
      EXPECT_LE(world.now - *parse_timestamp(branch.create_time), 14 * 24h) << name;
    }
  }
  const auto previews = std::ranges::count_if(world.resources, [](const auto& entry) {
    return entry.first.starts_with("projects/shop/branches/pr-");
  });
  EXPECT_EQ(previews, 0);
}

TEST(BranchClasses, GiveOneThatHasOutlivedThemADay) {
  const Manifest manifest = shop_with({a_class("pr-*", Undeclared::kEnforce)});
  World world = world_with_a_shop();
  Observed& old = add_branch(world, "pr-1");
  old.create_time = timestamp_text(world.now - 100 * 24h);
  apply_classes(world, manifest);
  const Observed& branch = world.resources.at("projects/shop/branches/pr-1");
  EXPECT_EQ(end_of(branch), world.now + 24h);
  world.now += 5min;
  EXPECT_TRUE(planned(world, manifest).is_empty()) << "its last day does not begin again";
}

TEST(BranchClasses, RememberNothingOfWhatTheyChange) {
  World world = world_with_a_shop();
  add_branch(world, "pr-1");
  const Plan plan = planned(world, shop_with({a_class("pr-*", Undeclared::kEnforce)}));
  ASSERT_EQ(plan.steps.size(), 1U);
  EXPECT_FALSE(plan.steps.front().record.has_value());
  EXPECT_TRUE(plan.adoptions.empty());
  EXPECT_EQ(plan.adopted, 0U);
}

TEST(BranchClasses, LeaveAloneWhatMayNotExpire) {
  World world = world_with_a_shop();
  add_branch(world, "pr-protected").fields["protected"] = true;
  add_branch(world, "pr-parent");
  add_branch(world, "pr-child", {{"ttl", "86400s"}}).fields["from"] =
      "projects/shop/branches/pr-parent";
  add_branch(world, "pr-default");
  world.resources.at("projects/shop").fields["default_branch"] =
      "projects/shop/branches/pr-default";
  const Manifest manifest = shop_with({a_class("*", Undeclared::kEnforce)});
  EXPECT_TRUE(planned(world, manifest).is_empty());
}

TEST(BranchClasses, LeaveToRemovalsWhatWasDeclaredBefore) {
  World world = world_with_a_shop();
  const Manifest before = a_manifest({a_project("shop"), a_branch("pr-1")});
  world.apply(world.plan(before), before);
  const Plan plan = planned(world, shop_with({a_class("pr-*", Undeclared::kEnforce)}));
  ASSERT_EQ(plan.steps.size(), 1U);
  EXPECT_EQ(plan.steps.front().action, Action::kDelete);
}

TEST(BranchClasses, ReportOrIgnoreWhatBreaksThem) {
  World world = world_with_a_shop();
  add_branch(world, "pr-1");
  add_branch(world, "pr-2", {{"ttl", "86400s"}});
  const Plan reported = planned(world, shop_with({a_class("pr-*", Undeclared::kReport)}));
  EXPECT_TRUE(reported.is_empty());
  ASSERT_EQ(reported.notices.size(), 1U);
  EXPECT_EQ(reported.notices.front().address.text(), "projects/shop/branches/pr-1");
  EXPECT_EQ(reported.notices.front().text, "never expires, and branch class preview allows 14d");
  const Plan ignored = planned(world, shop_with({a_class("pr-*", Undeclared::kIgnore)}));
  EXPECT_TRUE(ignored.is_empty());
  EXPECT_TRUE(ignored.notices.empty());
  for (const Plan* plan : {&reported, &ignored}) {
    for (const Unmanaged& each : plan->unmanaged)
      EXPECT_EQ(each.name.find("pr-"), std::string::npos);
  }
}

TEST(BranchClasses, OfOneProjectSayNothingAboutAnother) {
  Manifest manifest = shop_with({a_class("pr-*", Undeclared::kEnforce)});
  EXPECT_NE(class_of_branch(manifest, "projects/shop/branches/pr-1"), nullptr);
  EXPECT_EQ(class_of_branch(manifest, "projects/shop/branches/dev"), nullptr);
  EXPECT_EQ(class_of_branch(manifest, "projects/other/branches/pr-1"), nullptr);
}

TEST(BranchClasses, KeepWhatACommandWantsWithinWhatTheyAllow) {
  World world = world_with_a_shop();
  add_branch(world, "pr-1", {{"ttl", "604800s"}});
  const Instant creation = world.now;
  const auto kept = [&](const Document& expires, const std::set<std::string>& replaced) {
    Manifest manifest = shop_with({a_class("pr-*", Undeclared::kReport)});
    auto branch = branch_of_class(manifest.branch_classes.front(), "pr-1", expires);
    branch.front().is_of_class = true;
    declare_branch(manifest, branch);
    keep_to_classes(manifest, world.seen(), replaced);
    const auto* declared = manifest.find(*Address::parse("projects/shop/branches/pr-1"));
    const auto found = declared->fields.find("expires");
    return found == declared->fields.end() ? Document() : *found;
  };
  EXPECT_EQ(kept({{"ttl", "86400s"}}, {}), Document()) << "nothing is made shorter";
  EXPECT_EQ(kept({{"ttl", "86400s"}}, {"projects/shop/branches/pr-1"}),
            Document({{"ttl", "86400s"}}));
  EXPECT_EQ(kept({{"ttl", "691200s"}}, {}), Document({{"ttl", "691200s"}}));
  EXPECT_EQ(kept({{"expire_time", timestamp_text(creation + 20 * 24h)}}, {}),
            Document({{"expire_time", timestamp_text(creation + 14 * 24h)}}));
}

}  // namespace
}  // namespace weir::test
