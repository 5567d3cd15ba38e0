// A registered database and tables that are copied into it, for tests of plans.
#pragma once

#include <string>

#include "tests/planner/insides.h"

namespace weir::test {

inline DeclarationBuilder a_catalog(const std::string& name = "shop_pg") {
  DeclarationBuilder catalog(kCatalog, "", kOrders);
  catalog.called(name).with("name", name).with("branch", kDev).with("database", "orders");
  return catalog;
}

inline DeclarationBuilder a_synced_table(const std::string& source = "main.shop.books",
                                         const std::string& catalog = "shop_pg",
                                         const std::string& key = "books") {
  DeclarationBuilder table(kSyncedTable, key, kOrders + "/schemas/crm");
  table.called(catalog + ".crm." + key).with("from", source).with("mode", "snapshot");
  table.with("primary_key", Document::array({"id"}));
  table.with("branch", kDev).with("database", "orders");
  return table;
}

}  // namespace weir::test
