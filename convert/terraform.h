// What `terraform show -json` prints: the resources of a state or of a plan.
#pragma once

#include <string>
#include <vector>

#include "convert/formats.h"

namespace weir::convert {

struct TerraformResource {
  std::string type = {};     ///< "postgresql_grant"
  std::string address = {};  ///< "module.app.postgresql_grant.read[\"orders\"]"
  std::string label = {};    ///< the index when it is a word, else the name
  Node values = {};          ///< without what is sensitive; texts are those of a manifest
  bool has_password = false;
};

/// Whether a type is of the provider that knows PostgreSQL and no service.
bool is_of_postgresql(const std::string& type);

/// Declares roles, databases and what is in them, behind what the manifest has already.
void convert_postgresql(const std::vector<TerraformResource>& resources, Conversion& conversion);

}  // namespace weir::convert
