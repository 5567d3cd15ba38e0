// A plan on disk: sealed, so that what is applied is what was read.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "core/error.h"
#include "planner/plan.h"

namespace weir {

/// A saved plan cannot be used; says why and what to do.
class PlanFileError : public Error {
 public:
  using Error::Error;
};

inline constexpr std::string_view kPlanFormat = "1.0";
/// Plans that are older are not applied.
inline constexpr std::chrono::hours kPlanLifetime{24};

/// The plan as JSON without its seal, for people's programs too.
Document plan_document(const Plan& plan);
/// The plan and its SHA-256; the same plan gives the same bytes.
std::string save_plan(const Plan& plan);
/// Reads what `save_plan` wrote, byte by byte. Throws PlanFileError.
Plan load_plan(std::string_view text, const Catalogue& catalogue);
bool is_outdated(const Plan& plan, Instant now);

/// The inverse of plan_document. Throws PlanFileError, which names the value that is wrong.
Plan read_plan(const Document& document, const Catalogue& catalogue);

}  // namespace weir
