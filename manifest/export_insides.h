// What export writes of the inside of databases, from all that was seen.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/document.h"
#include "manifest/export.h"
#include "manifest/inside/export_inside.h"

namespace weir {

class ExportedInsides {
 public:
  /// What was seen must live as long.
  explicit ExportedInsides(const SeenInside& seen) : seen_(seen) {}

  /// Everything is folded before anything is written, as what several schemas have in common gets
  /// a name.
  void fold(const std::function<inside::KeysOfRoles(const std::string& branch)>& keys_of_roles);
  /// Whether the role can log in; nothing when nobody looked.
  std::optional<bool> logs_in(const Observed& role) const;
  /// The name of the role that owns the database; "" when nobody looked.
  std::string owner_of(const Observed& database) const;
  Document profiles() const { return inside::profile_words(profiles_); }
  /// Adds the words of a database, or the memberships of a role.
  void write(Document& fields, const Observed& member, std::vector<std::string>& left_out) const;

 private:
  /// Any database of the branch, as roles are the same in all of them; null when none was seen.
  const sql::Catalogue* catalogue_of(const std::string& branch) const;
  void write_memberships(Document& fields, const Observed& role, inside::LeftOut& left_out) const;

  const SeenInside& seen_;
  std::map<std::string, inside::KeysOfRoles> keys_;  // by branch
  std::map<DatabasePlace, inside::FoldedDatabase> databases_;
  inside::ProfileNames profiles_;
};

}  // namespace weir
