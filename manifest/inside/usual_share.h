// What may be said of all objects of a class in a schema, as most of them give it to somebody.
#pragma once

#include <optional>
#include <vector>

#include "sql/acl_effect.h"
#include "sql/catalogue.h"

namespace weir::inside {

/// Objects of one owner that give the same to somebody.
struct SameGroup {
  const sql::ObjectGroup* group = nullptr;
  sql::Share share = {};
  sql::Share later = {};  ///< what new ones of their owner will give
};

/// The share for all of them that leaves the fewest exceptions; nothing where saying nothing does.
/// Whoever speaks of all speaks of those that come as well, so either nothing that is there lacks
/// it, or what lacks it is an exception among the later ones too. `later` is what other creators'
/// new objects give, `unsaid` what objects give of which nobody says anything.
std::optional<sql::Share> usual_share(const std::vector<SameGroup>& groups,
                                      const std::vector<sql::Share>& later,
                                      const sql::Share& unsaid);

}  // namespace weir::inside
