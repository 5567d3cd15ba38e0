#include "engine/source_observer.h"

#include <atomic>

#include <gtest/gtest.h>

#include "core/error.h"

namespace weir {
namespace {

/// Unity Catalog in memory, which fails for some names.
class FakeLakehouse : public Lakehouse {
 public:
  std::optional<SourceTable> source_table(const std::string& name) override {
    ++asked;
    if (name == "secret.t") throw ApiError("not yours", {.status = 403});
    if (name == "none.t") throw ApiError("no API", {.status = 404, .code = "ENDPOINT_NOT_FOUND"});
    if (name == "lost.t") throw ApiError("lost", {.status = 503});
    if (name == "odd.t") throw Error("no name at all");
    if (name == "gone.t") return std::nullopt;
    return SourceTable{.columns = {"id"}};
  }
  bool has_schema(const std::string& name) override { return ++asked, name == "main.there"; }
  std::optional<std::string> catalog_type(const std::string&) override {
    return ++asked, std::optional<std::string>("MANAGED_CATALOG");
  }
  std::vector<std::string> catalogs() override { return {}; }
  std::vector<std::string> copies_in(const std::string&) override { return {}; }

  std::atomic<int> asked = 0;
};

TEST(SourceObserver, AsksForEachNameOnce) {
  FakeLakehouse lakehouse;
  const SourceAnswers answers = look_up({.tables = {"main.t", "gone.t", "secret.t"},
                                         .catalogs = {"main"},
                                         .schemas = {"main.there", "main.not"}},
                                        lakehouse, 4);
  EXPECT_EQ(lakehouse.asked, 6);
  EXPECT_TRUE(answers.tables.at("main.t"));
  EXPECT_FALSE(answers.tables.at("gone.t"));
  EXPECT_EQ(answers.catalog_types.at("main"), "MANAGED_CATALOG");
  EXPECT_TRUE(answers.schemas.at("main.there"));
  EXPECT_FALSE(answers.schemas.at("main.not"));
  EXPECT_EQ(answers.unseen, (std::map<std::string, std::string>{{"secret.t", "not yours"}}));
}

TEST(SourceObserver, NeverTakesAWorkspaceWithoutUnityCatalogForOneWithoutTables) {
  FakeLakehouse lakehouse;
  const SourceAnswers answers = look_up({.tables = {"none.t"}}, lakehouse, 1);
  EXPECT_TRUE(answers.tables.empty());
  EXPECT_EQ(answers.unseen, (std::map<std::string, std::string>{{"none.t", "no API"}}));
}

TEST(SourceObserver, AsksNobodyForNothing) {
  FakeLakehouse lakehouse;
  look_up({}, lakehouse, 4, [] { FAIL() << "there is nothing to wait for"; });
  EXPECT_EQ(lakehouse.asked, 0);
}

TEST(SourceObserver, TellsTheFirstNamesFailureWhateverItIs) {
  FakeLakehouse lakehouse;
  EXPECT_THROW(look_up({.tables = {"lost.t", "main.t"}}, lakehouse, 2), ApiError);
  EXPECT_THROW(look_up({.tables = {"main.t", "odd.t"}}, lakehouse, 2), Error);
}

TEST(SourceObserver, IsEndedByWhatIsDoneMeanwhile) {
  FakeLakehouse lakehouse;
  const auto stop = [] { throw Error("the lease is lost"); };
  EXPECT_THROW(look_up({.tables = {"main.t"}}, lakehouse, 2, stop), Error);
}

}  // namespace
}  // namespace weir
