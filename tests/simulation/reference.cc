#include "tests/simulation/reference.h"

#include <array>
#include <stdexcept>
#include <string>

namespace weir::test {
namespace {

const std::string kProduction = "projects/shop/branches/production";
const std::string kDev = "projects/shop/branches/dev";

/// Enough for a few looks at each operation.
constexpr std::chrono::milliseconds kLongestWork{400};

struct Choice {
  bool has_dev = true;
  bool has_reports = false;
  bool is_larger = false;
  bool is_replaced = false;
};

Manifest reference(const Choice& choice) {
  auto dev = a_branch("dev");
  dev.with("from", kProduction);
  if (choice.is_replaced) dev.with("at", "2026-04-01T00:00:00Z");
  auto primary = an_endpoint("primary").in(kProduction);
  primary.with("min_cu", 1).with("max_cu", choice.is_larger ? 4 : 2);
  auto app = a_role("app").in(kProduction);
  app.with("login", true);
  if (choice.is_larger) app.with("attributes", Document::array({"createdb"}));
  auto shop = a_project("shop");
  shop.with("pg_version", 17).with("display_name", choice.is_larger ? "Large shop" : "Shop");
  std::vector<Declaration> all = {shop, a_branch("production"), primary, app};
  all.push_back(a_database("orders").in(kProduction).with("owner", kProduction + "/roles/app"));
  if (choice.has_reports) {
    all.push_back(a_role("reports").in(kProduction).with("login", true));
  }
  if (!choice.has_dev) return a_manifest(std::move(all));
  all.push_back(dev);
  all.push_back(an_endpoint("primary").in(kDev));
  all.push_back(a_role("app").in(kDev).with("login", true));
  all.push_back(a_role("tester").in(kDev).with("login", true));
  all.push_back(a_database("orders").in(kDev).with("owner", kDev + "/roles/app"));
  all.push_back(a_database("trial").in(kDev).with("owner", kDev + "/roles/tester"));
  return a_manifest(std::move(all));
}

}  // namespace

std::string_view text_of(Way way) {
  constexpr std::array<std::string_view, 5> kTexts = {"create", "update", "replace", "delete",
                                                      "mixed"};
  return kTexts.at(static_cast<std::size_t>(way));
}

Manifest reference_before(Way way) {
  if (way == Way::kCreate) return a_manifest({});
  return reference({.has_reports = way == Way::kMixed});
}

Manifest reference_after(Way way) {
  switch (way) {
    case Way::kCreate:
      return reference({});
    case Way::kUpdate:
      return reference({.is_larger = true});
    case Way::kReplace:
      return reference({.is_replaced = true});
    case Way::kDelete:
      return reference({.has_dev = false});
    case Way::kMixed:
      return reference({.is_larger = true, .is_replaced = true});
  }
  return {};
}

ReferenceWorld::ReferenceWorld(Way way) : wanted_(reference_after(way)) {
  Simulation simulation(1, Luck(std::vector<Strike>()));
  auto disk = std::make_unique<MemoryDisk>();
  const MemoryDisk& kept = *disk;
  simulation.disk = std::move(disk);
  const Manifest before = reference_before(way);
  if (!before.declarations.empty()) simulation.expect_convergence(before, {}, 0);
  if (!simulation.findings().empty()) throw std::logic_error(simulation.findings());
  simulation.workspace.ledger.clear();
  simulation.workspace.trace.clear();
  workspace_ = simulation.workspace;
  disk_ = kept.content();
}

std::unique_ptr<Simulation> ReferenceWorld::begin(Luck luck) const {
  auto simulation = std::make_unique<Simulation>(2, std::move(luck));
  simulation->workspace = workspace_;
  simulation->workspace.longest_work = kLongestWork;
  simulation->disk = std::make_unique<MemoryDisk>(disk_);
  return simulation;
}

}  // namespace weir::test
