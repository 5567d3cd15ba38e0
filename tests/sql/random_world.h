// Random databases with hostile names, and what PostgreSQL itself says about privileges there.
#pragma once

#include <functional>
#include <random>
#include <string>
#include <vector>

#include "sql/wishes.h"
#include "tests/sql/server.h"

namespace weir::test {

/// Runs the check in so many worlds as WEIR_WORLDS says, from the seed WEIR_SEED on.
void for_each_seed(int worlds, const std::function<void(std::mt19937&)>& check);

bool is_likely(std::mt19937& random, int percent);
template <typename T>
const T& one_of(std::mt19937& random, const std::vector<T>& values) {
  return values[random() % values.size()];
}

/// What a test made, in its own words.
struct RandomWorld {
  std::vector<std::string> roles = {};
  std::vector<std::string> schemas = {};
  std::vector<sql::Target> objects = {};  ///< all of them, columns as well
};

/// Makes roles, memberships, schemas, objects, privileges given on and default privileges.
/// What nobody else owns is given to `owner`, if there is one.
RandomWorld make_world(Session& session, std::mt19937& random, const std::string& owner = "");

/// Privileges for grantees on objects and on all objects of a schema.
sql::Wishes random_access(const RandomWorld& world, std::mt19937& random);

/// Gives or takes one privilege, as the owner would. Returns the statement.
std::string random_meddling(Session& session, const RandomWorld& world, std::mt19937& random);

}  // namespace weir::test
