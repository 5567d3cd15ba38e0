// What was wished once and is wished no longer.
#pragma once

#include "sql/catalogue.h"
#include "sql/wishes.h"

namespace weir::sql {

/// Wishes that take back what `before` brought about and `now` says nothing of: privileges,
/// memberships, default privileges, settings. Only where the database still has the roles and
/// objects. Owners, extensions and schemas stay as they are.
Wishes released(const Wishes& before, const Wishes& now, const Catalogue& catalogue);

/// Those of `before` that `now` says nothing of, as they were: for who remembers what is not taken
/// back yet.
Wishes left_over(const Wishes& before, const Wishes& now);

/// Both, as one set of wishes.
Wishes merged(Wishes wishes, Wishes more);

}  // namespace weir::sql
