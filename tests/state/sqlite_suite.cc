#include "tests/state/sqlite_place.h"
#include "tests/state/store_suite.h"

namespace weir::test {

INSTANTIATE_TEST_SUITE_P(Sqlite, StoreSuite, testing::Values([]() -> std::unique_ptr<Place> {
                           return std::make_unique<SqlitePlace>();
                         }));

}  // namespace weir::test
