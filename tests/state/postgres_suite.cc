#include "tests/state/postgres_place.h"
#include "tests/state/store_suite.h"

namespace weir::test {
namespace {

template <PostgresServers::Way kWay>
std::unique_ptr<Place> make() {
  return std::make_unique<PostgresPlace>(kWay);
}

}  // namespace

INSTANTIATE_TEST_SUITE_P(Postgres, StoreSuite,
                         testing::Values(KindOfPlace{"direct", make<PostgresServers::Way::kDirect>},
                                         KindOfPlace{"pooled",
                                                     make<PostgresServers::Way::kPooled>}));

}  // namespace weir::test
