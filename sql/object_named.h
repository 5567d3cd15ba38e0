// What people mean when they write the name of an object.
#pragma once

#include <string_view>
#include <vector>

#include "sql/catalogue.h"
#include "sql/wishes.h"

namespace weir::sql {

/// All objects that are called so: "app.orders", "app.orders.total", "app.f(integer)", a schema or
/// the database by its name alone; each name may be in quotation marks. A column stands for itself
/// only when nothing else is called so.
std::vector<Target> objects_named(const Catalogue& catalogue, std::string_view name);

}  // namespace weir::sql
