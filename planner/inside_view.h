// What one run has seen inside of databases, and what there is to see.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/address.h"
#include "core/databases.h"
#include "core/kind.h"
#include "core/observations.h"
#include "core/store.h"
#include "manifest/manifest.h"
#include "sql/catalogue.h"

namespace weir {

/// What was seen for one `Inside`.
struct InsideView {
  DatabasePlace place = {};  ///< where it was seen
  std::optional<sql::Catalogue> catalogue = {};
  std::string withheld = {};  ///< why nothing was seen, in words; "" when there is nothing to see
  bool has_failed = false;    ///< somebody tried to look, and could not
  bool is_forbidden = false;  ///< because it is not ours to look
  /// Roles inside Postgres that cannot log in with the passwords that they should have.
  std::set<std::string> locked_out = {};
  /// Those of whom something else than the password decided, in words.
  std::map<std::string, std::string> untried = {};
};

/// By the address of the inside; what is missing there does not exist yet.
using InsideViews = std::map<Address, InsideView>;

/// Whether sleeping endpoints are woken to look into their databases.
enum class Wake : std::uint8_t {
  kNever,
  kAuto,  ///< where something else is wanted than what was applied last
  kAlways
};

/// One database to look into.
struct InsideQuestion {
  Address inside = {};
  DatabasePlace place =
      {};                   ///< of the database itself, or of what a new branch begins as a copy of
  std::string asleep = {};  ///< why it is left alone; "" when it is not
  bool may_fail = false;    ///< what it would show can be done without
};

/// What showed a database, whatever it was looked into for; null when nobody looked.
const InsideView* view_of(const InsideViews& views, const DatabasePlace& place);

/// Adds what was applied inside of something that is still declared, and is declared no longer.
void add_undeclared(Manifest& manifest, const Records& records);

/// What to look into, given what the service has shown.
std::vector<InsideQuestion> questions_about(const Manifest& manifest, const Records& records,
                                            const Observations& observations,
                                            const Catalogue& catalogue, Wake wake);

/// What to look into to see everything, whatever anybody declares. Only kAlways wakes endpoints.
std::vector<InsideQuestion> questions_about_all(const Observations& observations,
                                                const Catalogue& catalogue, Wake wake);

/// Of steps and records about the inside of a database; no manifest declares one.
const Kind& inside_kind();
/// "projects/shop/branches/dev/databases/app/sql"
Address address_of_inside(const Inside& inside);

/// Of the inside of a database or of a branch's roles: "projects/shop/branches/dev/sql"
std::string name_of_inside(const std::string& container);
/// Why nobody would answer there without being woken; "" when somebody would.
std::string sleep_of(const std::string& branch, const Observations& observations,
                     const Catalogue& catalogue);

/// The database in which the wishes are carried out; of a branch's roles any will do.
std::string database_of(const Inside& inside, const Manifest& manifest);
/// What an alias is called inside Postgres.
std::string role_name(const Inside& inside, const Manifest& manifest, const std::string& alias);
/// The wishes with roles by their names inside Postgres.
sql::Wishes named_wishes(const Inside& inside, const Manifest& manifest);
/// What is remembered of it once it is applied.
Document fields_of_inside(const Inside& inside, const sql::Wishes& named);

}  // namespace weir
