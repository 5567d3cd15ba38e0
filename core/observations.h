// What exists in the workspace, as one run has seen it.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/document.h"
#include "core/kind.h"
#include "core/units.h"

namespace weir {

/// A resource that exists, or that was deleted softly and can come back.
struct Observed {
  const Kind* kind = nullptr;
  std::string name;                ///< remote, "projects/shop/branches/dev"
  std::string postgres_name = {};  ///< of roles and databases
  std::string uid = {};            ///< empty where the service gives none
  std::string create_time = {};
  std::string update_time = {};
  std::string delete_time = {};  ///< not empty: deleted softly
  std::string purge_time = {};
  Document fields = Document::object();  ///< canonical values by field name; absent: not shown
  Document facts = Document::object();   ///< for people: state, size, last activity, owner, hosts

  bool is_deleted() const { return !delete_time.empty(); }
};

/// In which state it would stay, whatever it waits for; "" when nothing is wrong.
std::string failure_of(const Observed& observed);

/// Everything that the lists of one run showed. A parent whose children were not asked for is not
/// the same as one without children.
class Observations {
 public:
  void add(Observed observed);
  /// Notes that the members of `kind` in `parent` (a remote name, "" at the top) were listed.
  void set_listed(const Kind& kind, const std::string& parent);
  bool is_listed(const Kind& kind, const std::string& parent) const;

  const Observed* find(const std::string& name) const;
  /// By name inside Postgres, for roles and databases of a branch.
  const Observed* find_postgres(const Kind& kind, const std::string& parent,
                                const std::string& postgres_name) const;
  /// Members of `kind` in `parent`, by name.
  std::vector<const Observed*> children(const Kind& kind, const std::string& parent) const;
  const std::map<std::string, Observed>& all() const { return all_; }

 private:
  std::map<std::string, Observed> all_;
  std::map<std::string, std::string> by_postgres_name_;  // "<collection name>/<postgres name>"
  std::map<std::string, bool> listed_;                   // "projects/shop/branches"
};

}  // namespace weir
