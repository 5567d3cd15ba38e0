// Lifetimes: when something ends, and what that means while it is still declared.
#pragma once

#include <optional>
#include <string>

#include "core/kind.h"
#include "core/units.h"
#include "planner/identify.h"

namespace weir {

enum class OnExpiry {
  kForget,    ///< it was meant to go
  kRecreate,  ///< it is made anew
  kRenew,     ///< every apply extends it in time
};
OnExpiry on_expiry(const Declaration& declaration);

/// When a resource with this canonical expiry ends; nothing when never or unknown.
std::optional<Instant> end_of(const Document& expiry, const std::string& create_time);

/// When a declared resource that is not there any more ended, by what was recorded, by what the
/// workspace still shows of it, or by the date that the manifest itself has.
std::optional<Instant> known_end(const Wish& wish);

/// Whether the wanted expiry needs no change. A lifetime that is renewed holds while between half
/// and all of it is left, so that two plans in a row never differ.
bool is_expiry_in_force(const Field& field, const Wish& wish, const Document& observed,
                        Instant now);

/// Whether the time that passes, and nobody's change, explains what is left of a lifetime.
bool is_explained_by_time(const Document& wanted, const Document& observed, Instant now);

/// What to send for a lifetime that is renewed: its full length from now on, in whole seconds.
Document renewed(const Document& wanted, Instant now);

/// "expires in 5 h, at 2026-…", when that is soon: in less than a day or a tenth of the lifetime.
std::string soon_text(const Observed& observed, Instant now);

}  // namespace weir
