// Pages of lists: their size, their tokens, and the order in which they go on.
#pragma once

#include <string>

#include "emulator/api/world.h"

namespace emulator {

/// The longest page of a list that has no limit of its own.
inline constexpr std::size_t kLargestPage = 1000;

/// What a list shows, and how long its pages may be.
struct ListRequest {
  std::string kind;
  std::string parent;
  std::string prefix;  ///< of the names of its rows, in front of their last part
  std::string plural;  ///< the key of the elements
  const char* size_parameter = "page_size";
  std::size_t maximum_size = kLargestPage;
  bool with_deleted = false;
};

/// The page that `call` asks for, as JSON text: its documents are never parsed.
std::string list_page(World& world, const Call& call, const ListRequest& list);

}  // namespace emulator
