#include "tests/state/sqlite_place.h"
#include "tests/state/store_suite.h"

namespace weir::test {
namespace {

std::unique_ptr<Place> make() {
  return std::make_unique<SqlitePlace>();
}

}  // namespace

INSTANTIATE_TEST_SUITE_P(Sqlite, StoreSuite, testing::Values(KindOfPlace{"file", make}));

}  // namespace weir::test
