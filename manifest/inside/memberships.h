// `member_of`: which roles a role is a member of.
#pragma once

#include "manifest/inside/reading.h"

namespace weir::inside {

/// Reads the memberships of one role of the branch.
void read_memberships(const Node& member_of, const Part& role, Reading& reading);

/// Reports roles of the branch that are members of each other in a circle, which PostgreSQL
/// refuses. Looks at what was read.
void check_circles(const Reading& reading, const Subject& branch);

}  // namespace weir::inside
