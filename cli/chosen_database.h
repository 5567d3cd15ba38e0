// Which database of a manifest a command means.
#pragma once

#include <string>

#include "core/address.h"
#include "core/databases.h"
#include "manifest/manifest.h"

namespace weir {

struct ChosenDatabase {
  Address branch = {};
  Address address = {};  ///< of the database, whether it is declared or not
  DatabasePlace place = {};
};

/// `said` is the address or the key of a database or of a branch; "" will do where there is just
/// one. A branch has the database that each branch has when it declares none. One that nobody
/// declares is meant by its address, or by its key where there is just one project. Throws
/// UsageError, which calls it `flag`.
ChosenDatabase chosen_database(const Manifest& manifest, const std::string& said,
                               std::string_view flag);

/// Every database that the manifest speaks of.
std::vector<ChosenDatabase> databases_in(const Manifest& manifest);

}  // namespace weir
