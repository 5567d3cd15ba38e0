// What Unity Catalog shows of the tables that are copied into Postgres, and of catalogs.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

namespace weir {

struct SourceTable {
  std::set<std::string> columns = {};
  bool has_change_feed = false;
};

class Lakehouse {
 public:
  Lakehouse() = default;
  Lakehouse(const Lakehouse&) = delete;
  Lakehouse& operator=(const Lakehouse&) = delete;
  virtual ~Lakehouse() = default;

  /// "main.crm.customers"; nothing when there is no such table. Throws ApiError.
  virtual std::optional<SourceTable> source_table(const std::string& name) = 0;
  /// Of "main.pipelines". Throws ApiError.
  virtual bool has_schema(const std::string& name) = 0;
  /// "MANAGED_CATALOG"; nothing when there is no such catalog. Throws ApiError.
  virtual std::optional<std::string> catalog_type(const std::string& name) = 0;
  /// The names of those that may be registered databases: which type those have is inferred, so
  /// that only what surely is something else is left out. Throws ApiError.
  virtual std::vector<std::string> catalogs() = 0;
  /// The full names of the tables in a catalog that a pipeline fills. Throws ApiError.
  virtual std::vector<std::string> copies_in(const std::string& catalog) = 0;
};

}  // namespace weir
