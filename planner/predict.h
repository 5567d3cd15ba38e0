// What a database will hold that cannot be seen yet.
#pragma once

#include <string>
#include <vector>

#include "sql/catalogue.h"

namespace weir {

/// A database right after it was made, as far as anybody knows before: nobody has anything in it.
sql::Catalogue new_database(const std::string& name);
/// Another database of the same branch, of which nothing but the roles holds for a new one.
void empty(sql::Catalogue& catalogue, const std::string& name);
/// A role is gone: its heir has what it owned, and nothing is left of what it might do.
void retire(sql::Catalogue& catalogue, const std::string& role, const std::string& heir);
/// The roles are there, and whoever reads the catalogue may make itself a member of them.
void expect_roles(sql::Catalogue& catalogue, const std::vector<std::string>& names);

}  // namespace weir
