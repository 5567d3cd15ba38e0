// Servers without a workspace: each branch has an address that somebody wrote down.
#pragma once

#include <map>

#include "providers/postgres/route.h"

namespace weir::postgres {

class FixedRoutes : public Routes {
 public:
  /// By the branch of a place. The database that an address names gives way to that of the place.
  /// Throws ConfigurationError for what is no address.
  explicit FixedRoutes(const std::map<std::string, Secret>& addresses);

  Route route_to(const DatabasePlace& place) override;
  Key key_to(const DatabasePlace& place) override { return {address_of(place).password}; }
  void doubt(const DatabasePlace& /*place*/) override {}
  bool renew(const DatabasePlace& /*place*/, const Secret& /*refused*/) override { return false; }
  Duration patience() const override { return std::chrono::seconds(10); }

 private:
  const PostgresAddress& address_of(const DatabasePlace& place) const;

  std::map<std::string, PostgresAddress> addresses_;
};

}  // namespace weir::postgres
