// Lists of privileges in the answer of the snapshot's query.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/document.h"
#include "sql/catalogue.h"

namespace weir::sql {

/// Throws MalformedSnapshot for what is no such list.
class AclReader {
 public:
  /// What nobody knows here is added to `unknown`, in words.
  explicit AclReader(std::set<std::string>& unknown) : unknown_(unknown) {}

  /// What roles give to others, wherever: most of it is the same for many objects.
  void read_items(const Document& rows);
  /// A list of positions among the items.
  Acl at_positions(const Document& positions) const;
  /// A list that has the rows itself.
  Acl read(const Document& rows);

 private:
  AclEntry entry_of(const Document& cells);
  PrivilegeSet privileges_in(std::string_view keywords);

  std::set<std::string>& unknown_;
  std::vector<AclEntry> items_;
};

}  // namespace weir::sql
