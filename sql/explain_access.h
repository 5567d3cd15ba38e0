// Why a role can or cannot do something with an object.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "sql/catalogue.h"
#include "sql/wishes.h"

namespace weir::sql {

enum class AccessSource : std::uint8_t {
  kSuperuser,   ///< nothing is checked
  kOwnership,   ///< of the object, by itself or through a membership: it may give itself anything
  kGrant,       ///< to itself or to a role that it is a member of
  kEverybody,   ///< PUBLIC has it
  kPredefined,  ///< a role of PostgreSQL that covers all objects, as pg_read_all_data
  kDefault,     ///< of objects that are made later
};

/// One way by which privileges come to a role.
struct AccessWay {
  AccessSource source = AccessSource::kGrant;
  PrivilegeSet privileges = {};
  PrivilegeSet grantable = {};
  /// From the role to the one that holds them, both included.
  std::vector<std::string> path = {};
  bool needs_set_role = false;  ///< a membership on the path is not inherited
  std::string text = {};        ///< the whole way in a sentence

  bool operator==(const AccessWay&) const = default;
};

struct AccessExplanation {
  PrivilegeSet has = {};    ///< without SET ROLE
  PrivilegeSet lacks = {};  ///< of all that exist for the class
  std::vector<AccessWay> ways = {};
  /// What else stands between the role and the object, in words: the schema, the database.
  std::vector<std::string> obstacles = {};
  std::string problem = {};  ///< there is no such role or object
};

/// For one object; for all of a class in a schema only what later objects will give.
AccessExplanation explain_access(const Catalogue& catalogue, std::string_view role,
                                 const Target& target);

}  // namespace weir::sql
