// A plan while it is made: what is known, what was decided about each wish, the steps so far.
#pragma once

#include <map>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "core/value.h"
#include "planner/diff.h"
#include "planner/identify.h"
#include "planner/planner.h"

namespace weir {

/// What the plan means for a wish and, with it, for what it contains.
enum class Fate {
  kStays,      ///< exists, and is changed at most
  kMade,       ///< comes into being, so nothing inside it exists yet
  kUndeleted,  ///< comes back, and nobody knows with what inside
  kLeft,       ///< expired or refused: neither it nor its members are touched
};

struct Draft {
  const Manifest& manifest;
  const Records& records;
  const Observations& observations;
  const Catalogue& catalogue;
  const PlanOptions& options;
  const InsideViews& insides;
  Wishes wishes;
  std::unordered_set<std::string> recorded = {};            ///< remote names of the records
  std::unordered_map<std::string, Address> addresses = {};  ///< of the records, by remote name
  std::vector<Fate> fates = {};  ///< of the wishes that were decided, in their order
  /// Of wishes that are replaced or whose parent is: they exist now, and will not when their turn
  /// comes.
  std::unordered_set<std::string> doomed = {};
  std::unordered_set<std::string> ending = {};     ///< what destructive steps end
  std::unordered_set<std::string> consented = {};  ///< ends that the manifest itself asks for
  /// A branch that is made, and a member of its source that it inherits or not, by what the plan
  /// does to it first.
  std::vector<std::pair<std::string, std::string>> inherited = {};
  Plan plan = {};

  NameOf name_of(const std::string& parent) const;
  void notice(Notice::Type type, const Declaration& declaration, std::string text);
  void refuse(std::string rule, const Address& address, const Place& place, std::string message,
              std::string hint);
  /// A step about a wish, with what all its kinds have in common.
  Step& add_step(Action action, const Wish& wish, std::string why);
};

/// What a resource that stands apart is about, nearest first: the catalog that it is in, and what
/// contains it in the manifest, by their remote names. Nothing for other resources.
std::vector<std::string> surroundings_of(const Draft& draft, const Kind& kind,
                                         const Address& address, const std::string& remote_name);

/// Where the resource of a step stands before it: what stands apart may be declared elsewhere now.
Address address_before(const Draft& draft, const Step& step);

/// The branch whose roles, databases and endpoints change one at a time; "" for other kinds.
std::string lock_of(const Kind& kind, const std::string& remote_name);
/// What must still hold of `observed` when `changes` are made.
Precondition precondition_of(const Observed& observed, const std::vector<FieldChange>& changes);
/// Whether the service makes the member together with its parent.
bool is_implied(const Kind& kind, const std::string& key);
/// What the changes may do to running sessions.
std::string disruption_of(const std::vector<FieldChange>& changes);

/// Whether it goes with something above it that this plan deletes or replaces.
bool goes_with_another(const Draft& draft, const std::string& remote_name);

/// Whether nobody knows what the role is called, as its app is not there. Refuses it where it is
/// chosen, or something inside a database that names it.
bool is_nameless(Draft& draft, const Wish& wish);
/// What becomes of something that other tools make: entries of its lists change at most.
Fate decide_bound(Draft& draft, const Wish& wish);
/// Decides about each wish in turn, parents first.
void decide(Draft& draft);
/// Decides about what was applied and is declared no longer, or about everything when it is to end.
void decide_removals(Draft& draft);
/// Decides about what is inside of databases.
void decide_insides(Draft& draft);
/// Decides what the roles that end leave behind in databases, and to whom.
void decide_retirements(Draft& draft);
/// Notes what differs from what was applied, and what nobody declares.
void survey(Draft& draft);
/// Puts the steps in order and joins them.
void order_steps(Draft& draft);
/// Whether it is something that other tools make and that is neither declared nor was applied.
bool is_of_others(const Draft& draft, const Observed& observed);
/// Notes which apps that nobody declares are bound to what ends.
void note_bound_apps(Draft& draft);
/// Notes for each step what must be there for it.
void note_needs(Draft& draft);
/// Refuses to end what something that stays refers to, and to refer to what is not there.
void check_references(Draft& draft);
/// Notes what will be remembered.
void remember(Draft& draft);
/// Checks protection, policies and consent.
void check_safety(Draft& draft);

}  // namespace weir
