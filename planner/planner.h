// From wishes, memory and the world to a plan: pure functions.
#pragma once

#include <set>
#include <string>

#include "core/observations.h"
#include "core/store.h"
#include "manifest/manifest.h"
#include "planner/inside_view.h"
#include "planner/plan.h"

namespace weir {

/// What the command line allows and chooses.
struct PlanOptions {
  Instant now = {};
  bool may_prune = true;                     ///< delete what was applied and is no longer declared
  bool is_destroy = false;                   ///< plan the end of everything declared
  std::set<std::string> allow_destroy = {};  ///< addresses, or "*": the consent to destroy them
  std::set<std::string> replace = {};        ///< addresses to make anew, whatever they are like
  std::optional<std::int64_t> max_destroys = {};
  std::vector<std::string> only = {};  ///< globs of addresses
  std::vector<std::string> except = {};
  bool is_approved = true;  ///< false: nobody but who makes the plan reads it before it is done
};

/// Compares and orders. Gives the same plan for the same input, whatever the order of its parts.
Plan make_plan(const Manifest& manifest, const Records& records, const Observations& observations,
               const Catalogue& catalogue, const PlanOptions& options,
               const InsideViews& insides = {});

/// The steps of a saved plan that no longer fit the world, each with what moved.
struct Stale {
  std::size_t step = 0;
  std::string what;  ///< "update_time was … and is …"
};
std::vector<Stale> find_stale(const Plan& plan, const Observations& observations);
/// Those about what other applies have changed since, as `history` after the plan's serial says.
std::vector<Stale> find_overtaken(const Plan& plan, const std::vector<HistoryEntry>& history);
/// What such a plan would remember of the same is older than what is remembered.
void forget_overtaken(Plan& plan, const std::vector<HistoryEntry>& history);

/// What to look into again, by the addresses of the steps: what could only be predicted cannot be
/// seen.
std::vector<InsideQuestion> questions_about_scripts(const Plan& plan);
/// The scripts that are others by what their databases hold.
std::vector<Stale> find_stale_scripts(const Plan& plan, const InsideViews& seen);

/// What of a record shows otherwise in what was perhaps made for it, "its pg_version is 16 instead
/// of 17"; "" when nothing does.
std::string made_otherwise(const Record& wanted, const Observed& observed);
/// Whether a resource shows everything that the record has, so that nothing is left to change.
bool is_as_recorded(const Record& record, const Observed& observed);

/// Whether the plan has seen what the step is about, and it must still be so.
bool is_pinned(const Step& step);
/// Whether a request of the step may have had its effect already.
enum class WasSent : std::uint8_t { kNo, kMaybe };
/// What moved under a pinned step since the plan, seen right before its request leaves; "" when
/// nothing that matters did. Fields that the step leaves alone may have changed, unless it ends
/// the resource and comes first: what came before it in the same apply may have touched it.
std::string moved_since(const Step& step, const Observed* now, WasSent was_sent);

}  // namespace weir
