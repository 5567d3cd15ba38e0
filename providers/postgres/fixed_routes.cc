#include "providers/postgres/fixed_routes.h"

#include <fmt/format.h>

#include "core/error.h"

namespace weir::postgres {

FixedRoutes::FixedRoutes(const std::map<std::string, Secret>& addresses) {
  for (const auto& [branch, address] : addresses) {
    addresses_.emplace(branch, read_postgres_address(address, "the address of " + branch));
  }
}

const PostgresAddress& FixedRoutes::address_of(const DatabasePlace& place) const {
  const auto found = addresses_.find(place.branch);
  if (found != addresses_.end()) return found->second;
  throw ConfigurationError(
      fmt::format("there is no address for {}; write down where its server is", place.branch));
}

Route FixedRoutes::route_to(const DatabasePlace& place) {
  Route route{.address = address_of(place),
              .login_advice =
                  "Check the role and the password of the address, and that the role "
                  "may log in",
              .trust_advice =
                  "Name the file of the authority that signs it as sslrootcert in the "
                  "address, and the server by the name in its certificate"};
  route.address.keywords["dbname"] = place.database;
  return route;
}

}  // namespace weir::postgres
