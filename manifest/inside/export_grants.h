// What no profile says: the items of `grants` and `default_privileges`, exact.
#pragma once

#include <string>

#include "manifest/inside/export_inside.h"

namespace weir::inside {

class GrantWriter {
 public:
  GrantWriter(const FoldedDatabase& database, LeftOut& left_out)
      : database_(database), left_out_(left_out) {}

  /// What somebody has on the database or a schema itself.
  void add_place(sql::RoleId grantee, sql::ObjectClass object_class, const std::string& name,
                 const sql::Share& share);
  void add_all(sql::RoleId grantee, sql::ObjectClass object_class, const std::string& schema,
               const sql::Share& share);
  /// One object; of a large object the schema is "".
  void add_object(sql::RoleId grantee, sql::ObjectClass object_class, const std::string& schema,
                  const std::string& name, const sql::Share& share);
  void add_columns(sql::RoleId grantee, const std::string& schema, const ColumnHolding& columns);
  /// `schema` is "" where all are meant.
  void add_default(sql::RoleId creator, const std::string& schema, sql::ObjectClass object_class,
                   sql::RoleId grantee, const sql::Share& share);

  Document grants = Document::array();
  /// What was given of those, those of schemas first.
  Document sorted_defaults();

 private:
  void add(sql::RoleId grantee, Document on, const sql::Share& share);

  const FoldedDatabase& database_;
  LeftOut& left_out_;
  Document default_privileges_ = Document::array();
};

}  // namespace weir::inside
