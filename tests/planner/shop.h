// A small estate for tests of plans, and plans in one line a step.
#pragma once

#include <string>
#include <vector>

#include "tests/support/worlds.h"

namespace weir::test {

inline const std::string kShop = "projects/shop";
inline const std::string kDev = "projects/shop/branches/dev";

/// "create projects/shop", one line a step.
inline std::vector<std::string> steps_of(const Plan& plan) {
  std::vector<std::string> steps;
  steps.reserve(plan.steps.size());
  for (const Step& step : plan.steps) {
    steps.push_back(std::string(text_of(step.action)) + " " + step.address.text());
  }
  return steps;
}
using Steps = std::vector<std::string>;

inline Manifest a_shop() {
  return a_manifest({a_project("shop").with("pg_version", 17),
                     a_branch("dev").with("expires", "7d"),
                     a_role("app_owner").with("login", false),
                     a_database("orders").with("owner", kDev + "/roles/app_owner")});
}

inline World applied(const Manifest& manifest) {
  World world;
  world.apply(world.plan(manifest), manifest);
  return world;
}

/// production and a copy of a copy of it, with the same role and database on both ends.
inline Manifest a_chain(const Document& version) {
  const std::string production = kShop + "/branches/production";
  return a_manifest({a_project("shop").with("pg_version", version), a_branch("production"),
                     a_role("app").in(production).with("login", true),
                     a_database("orders").in(production).with("owner", production + "/roles/app"),
                     a_branch("copy").with("from", production),
                     a_branch("dev").with("from", kShop + "/branches/copy"),
                     a_role("app").with("login", true).with("attributes", {"createdb"}),
                     a_database("orders").with("owner", kDev + "/roles/app")});
}

}  // namespace weir::test
