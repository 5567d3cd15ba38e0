// Wishes in one line.
#pragma once

#include <string>

#include "sql/wishes.h"

namespace weir::test {

inline sql::AccessWish wished(const std::string& role, sql::Target target,
                              sql::PrivilegeSet privileges, const std::string& tag = "") {
  return {
      .tag = tag, .grantee = {.role = role}, .target = std::move(target), .privileges = privileges};
}

inline sql::AccessWish wished_with_option(const std::string& role, sql::Target target,
                                          sql::PrivilegeSet privileges) {
  sql::AccessWish wish = wished(role, std::move(target), privileges);
  wish.is_grantable = true;
  return wish;
}

inline sql::AccessWish wished_for_public(sql::Target target, sql::PrivilegeSet privileges) {
  sql::AccessWish wish = wished("", std::move(target), privileges);
  wish.grantee.is_public = true;
  return wish;
}

inline sql::Target a_table(const std::string& schema, const std::string& name) {
  return sql::one_object(sql::ObjectClass::kTable, schema, name);
}

}  // namespace weir::test
