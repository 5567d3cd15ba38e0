// Three ways, field by field: what the manifest wants, what was last applied, what is there.
#pragma once

#include <string>
#include <vector>

#include "planner/change.h"
#include "planner/identify.h"

namespace weir {

struct Difference {
  std::vector<FieldChange> changes = {};
  /// Fields that were applied, are declared no longer, and cannot be reset: they stay.
  std::vector<const Field*> released = {};

  bool needs_replacement() const;
};

/// Compares a wish with a resource that exists.
Difference diff(const Wish& wish, const Observed& observed, Instant now);

/// What a resource gets that does not exist yet.
std::vector<FieldChange> initial_changes(const Wish& wish);

/// What the service would not make like that by itself, of a resource that it makes together with
/// its parent.
std::vector<FieldChange> changes_to_implied(const Wish& wish);

/// What differs from what was last applied, whoever changed it. The wish may be null.
std::vector<FieldChange> drift(const Record& record, const Observed& observed, const Wish* wish,
                               Instant now);

/// The list of permissions that results: others are left alone, those that were applied and are
/// declared no longer go.
Document merged_permissions(const Document& wanted, const Document& applied,
                            const Document& observed);

/// What the manifest would have to say to mean what exists: all fields that show a value.
Document wanted_fields_of(const Observed& observed);

}  // namespace weir
