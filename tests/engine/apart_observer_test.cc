#include "engine/apart_observer.h"

#include <gtest/gtest.h>

#include "core/error.h"
#include "providers/lakebase/kinds.h"

namespace weir {
namespace {

class FakeUnityCatalog : public Lakehouse {
 public:
  std::optional<SourceTable> source_table(const std::string&) override { return std::nullopt; }
  bool has_schema(const std::string&) override { return false; }
  std::optional<std::string> catalog_type(const std::string&) override { return std::nullopt; }
  std::vector<std::string> catalogs() override {
    if (status != 0) throw ApiError("no Unity Catalog here", {.status = status});
    return {"shop", "legacy", "foreign", "secret"};
  }
  std::vector<std::string> copies_in(const std::string& catalog) override {
    return {catalog + ".crm.books"};
  }

  int status = 0;
};

class FakeWorkspace : public Provider {
 public:
  std::vector<Observed> list(const Kind&, const std::string&) override { return {}; }
  std::optional<Observed> get(const Kind& kind, const std::string& name) override {
    if (name.ends_with("/secret")) throw ApiError("not yours", {.status = 403});
    const bool is_there = name == "catalogs/shop" || name == "database_catalogs/legacy" ||
                          name == "synced_tables/shop.crm.books";
    return is_there ? std::optional(Observed{.kind = &kind, .name = name}) : std::nullopt;
  }
  std::string principal_of_app(const std::string&) override { return ""; }
  std::size_t request_count() const override { return 0; }
};

struct Seen {
  std::vector<std::string> names = {};
  std::vector<std::string> left_out = {};
};

Seen see(FakeUnityCatalog& unity) {
  FakeWorkspace workspace;
  Observations observations;
  Seen seen;
  observe_apart(observations, unity, workspace, lakebase_catalogue(),
                {.extent = Extent::kEverything,
                 .parallelism = 3,
                 .leave_out = [&](const auto& why) { seen.left_out.push_back(why); }});
  for (const auto& [name, observed] : observations.all()) seen.names.push_back(name);
  return seen;
}

TEST(ApartObserver, FindsCatalogsAndCopiesOfEitherGeneration) {
  FakeUnityCatalog unity;
  EXPECT_EQ(see(unity).names, (std::vector<std::string>{"catalogs/shop", "database_catalogs/legacy",
                                                        "synced_tables/shop.crm.books"}));
}

TEST(ApartObserver, TellsWhatIsNotOursToSee) {
  FakeUnityCatalog unity;
  EXPECT_EQ(see(unity).left_out, std::vector<std::string>{"secret: not yours"});
}

TEST(ApartObserver, GoesOnWhereThereIsNoUnityCatalog) {
  FakeUnityCatalog unity;
  unity.status = 404;
  const Seen seen = see(unity);
  EXPECT_TRUE(seen.names.empty());
  EXPECT_EQ(seen.left_out,
            std::vector<std::string>{"what is registered in Unity Catalog: no Unity Catalog here"});
}

TEST(ApartObserver, NeverTakesAFailureForAbsence) {
  FakeUnityCatalog unity;
  unity.status = 503;
  EXPECT_THROW(see(unity), ApiError);
}

}  // namespace
}  // namespace weir
