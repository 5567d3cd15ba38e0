// What weir remembers of earlier applies. Losing it changes no create or update of a plan.
#pragma once

#include <map>
#include <string>

#include "core/address.h"
#include "core/document.h"

namespace weir {

/// One resource as it was last applied.
struct Record {
  Address address;
  std::string kind;
  std::string remote_name;
  std::string uid = {};
  Document fields = Document::object();  ///< canonical values that the manifest had
  bool is_protected = false;             ///< `lifecycle.protect` outlives the block that set it
  std::string on_remove = {};            ///< "delete", "keep" or "fail"
  std::string create_time = {};          ///< of the resource; lifetimes count from it
};

using Records = std::map<Address, Record>;

}  // namespace weir
