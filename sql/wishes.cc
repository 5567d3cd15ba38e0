#include "sql/wishes.h"

namespace weir::sql {

Target the_database(std::string name) {
  return {.object_class = ObjectClass::kDatabase, .name = std::move(name)};
}

Target the_schema(std::string name) {
  return {.object_class = ObjectClass::kSchema, .name = std::move(name)};
}

Target all_in_schema(ObjectClass object_class, std::string schema) {
  return {.object_class = object_class, .schema = std::move(schema)};
}

Target one_object(ObjectClass object_class, std::string schema, std::string name) {
  return {.object_class = object_class, .schema = std::move(schema), .name = std::move(name)};
}

Target one_column(std::string schema, std::string table, std::string column) {
  return {.object_class = ObjectClass::kColumn,
          .schema = std::move(schema),
          .table = std::move(table),
          .name = std::move(column)};
}

}  // namespace weir::sql
