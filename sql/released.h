// What was wished once and is wished no longer.
#pragma once

#include "sql/catalogue.h"
#include "sql/wishes.h"

namespace weir::sql {

/// Wishes that take back what `before` brought about and `now` says nothing of: privileges,
/// memberships, default privileges, settings, indexes. Only where the database still has the roles
/// and objects. Owners, extensions and schemas stay as they are.
Wishes released(const Wishes& before, const Wishes& now, const Catalogue& catalogue);

/// What `before` wishes about something that `now` says nothing of, with schemas as well.
Wishes dropped(const Wishes& before, const Wishes& now);

/// Both, as one set of wishes.
Wishes merged(Wishes wishes, Wishes more);

}  // namespace weir::sql
