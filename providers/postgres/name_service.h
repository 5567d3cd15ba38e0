// Looks the names of servers up before libpq does, which gives up on some that are long.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "postgres/address.h"

namespace weir::postgres {

struct Addresses {
  std::vector<std::string> numeric = {};
  std::string problem = {};  ///< why there are none
};
using LookUp = std::function<Addresses(const std::string& name)>;

/// Asks the system.
Addresses look_up(const std::string& name);

/// Gives libpq the addresses beside the name that the server's certificate must bear. What is said
/// already stays, and so do addresses and sockets. Answers what is wrong, "" for nothing.
std::string add_addresses(PostgresKeywords& keywords, const LookUp& look_up);

}  // namespace weir::postgres
