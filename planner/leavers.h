// Roles that a plan ends, and who gets what they own.
#pragma once

#include <map>
#include <set>
#include <string>

#include "core/databases.h"
#include "planner/draft.h"
#include "sql/catalogue.h"

namespace weir {

bool ends_a_role(const Step& step);

class Leavers {
 public:
  /// Once it is decided what ends. A role that nobody chose stays for now.
  explicit Leavers(const Draft& draft);

  /// Their names inside Postgres.
  const std::set<std::string>& of(const std::string& branch) const;
  /// Who is to own the database, or owns it, when whoever looked can act as it; else that one.
  /// Nobody who is leaving.
  std::string heir_in(const DatabasePlace& place, const sql::Catalogue& catalogue) const;

 private:
  const Draft& draft_;
  std::map<std::string, std::set<std::string>> by_branch_;
};

}  // namespace weir
