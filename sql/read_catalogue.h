// From the answer of the snapshot's query to the catalogue.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "sql/catalogue.h"

namespace weir::sql {

struct ReadCatalogue {
  std::optional<Catalogue> catalogue = {};
  std::string problem = {};  ///< why there is none, in words
};

/// Believes nothing: a text of another shape, and a server older than PostgreSQL 14, is a problem.
/// Privileges and classes that only newer servers know are listed as unknown and left alone.
ReadCatalogue read_catalogue(std::string_view json);

}  // namespace weir::sql
