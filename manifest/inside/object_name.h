// Names of objects inside a database, as grants write them: "app.orders", "app.add(integer, text)".
#pragma once

#include <string>
#include <string_view>

#include "sql/catalogue.h"

namespace weir::inside {

struct ObjectName {
  std::string schema = {};
  std::string name = {};     ///< of a routine with its argument types, as the catalogue shows them
  std::string problem = {};  ///< why the text is no such name; "" when it is one
};

/// A name behind its schema. It is as it stands: capitals stay; what has a dot in it is put in
/// quotation marks.
ObjectName read_object_name(std::string_view text);
/// The same with the types of the arguments, of which some have short names: int is integer.
ObjectName read_routine_name(std::string_view text);

/// The text that reads as the object, routines with their arguments; "" when there is none.
std::string written_object_name(const sql::Catalogue& catalogue, sql::ObjectClass object_class,
                                const std::string& schema, const std::string& name);

}  // namespace weir::inside
