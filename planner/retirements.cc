#include "planner/retirements.h"

#include <map>
#include <set>

#include <fmt/format.h>

#include "planner/leavers.h"
#include "planner/predict.h"
#include "planner/script.h"
#include "sql/wishes_document.h"

namespace weir {
namespace {

/// The databases of a role's branch.
std::vector<const Observed*> databases_of(const Observations& observations,
                                          const Catalogue& catalogue, const Step& role) {
  return observations.children(*catalogue.find("database"), parent_of_name(role.remote_name));
}

/// The remote names of branches inside which something is declared or was applied.
std::set<std::string> branches_with_insides(const Manifest& manifest) {
  std::set<std::string> names;
  for (const Inside& inside : manifest.insides) {
    const Declaration* declaration = manifest.find(inside.address);
    if (declaration == nullptr) continue;
    const bool is_branch = declaration->kind->holds_databases;
    names.insert(is_branch ? declaration->remote_name() : declaration->remote_parent);
  }
  return names;
}

/// The service gives an app that is bound rights in a database, and leaves them when it no longer
/// is: whoever declares what is inside, and whoever has bound it.
bool may_be_of_an_app(const Observations& observations, const Step& end) {
  const Observed* role = observations.find(end.remote_name);
  return role != nullptr && text_at(role->fields, "identity") == "service_principal";
}

class Retiring {
 public:
  explicit Retiring(Draft& draft) : draft_(draft), leavers_(draft) {}

  std::vector<Step> steps() {
    for (const Step& end : draft_.plan.steps) {
      const Observed* role = ends_a_role(end) ? draft_.observations.find(end.remote_name) : nullptr;
      if (role == nullptr || role->postgres_name.empty()) continue;
      for (const Observed* database : databases_of(draft_.observations, draft_.catalogue, end)) {
        if (draft_.ending.contains(database->name)) continue;
        ends_[database->name][end.address.child("databases", database->postgres_name)] = {&end,
                                                                                          role};
      }
    }
    for (const auto& [name, ends] : ends_) retire_in(*draft_.observations.find(name), ends);
    return std::move(steps_);
  }

 private:
  struct End {
    const Step* step = nullptr;
    const Observed* role = nullptr;
  };
  /// In the order of the steps that they come to, as each is made on what the one before leaves.
  using Ends = std::map<Address, End>;

  void retire_in(const Observed& database, const Ends& ends) {
    const DatabasePlace place = {.branch = parent_of_name(database.name),
                                 .database = database.postgres_name};
    const InsideView* view = view_of(draft_.insides, place);
    if (view == nullptr) return;
    if (!view->catalogue) {
      for (const auto& [address, end] : ends) leave_unseen(address, *end.step, view->withheld);
      return;
    }
    sql::Catalogue world = *view->catalogue;
    const std::string heir = leavers_.heir_in(place, world);
    for (const auto& [address, end] : ends) {
      note_stays(end, world);
      retire(address, end, database, heir, world);
      weir::retire(world, end.role->postgres_name, heir);
    }
  }

  void retire(const Address& address, const End& end, const Observed& database,
              const std::string& heir, const sql::Catalogue& world) {
    const Step& step = *end.step;
    const sql::Wishes wishes = {
        .retirements = {
            {.tag = step.address.text(), .role = end.role->postgres_name, .heir = heir}}};
    const sql::Difference difference = sql::difference(world, wishes);
    if (const std::string problem = error_in(difference); !problem.empty()) {
      draft_.refuse("P014", step.address, step.place,
                    fmt::format("in database {}: {}", database.postgres_name, problem),
                    "let somebody apply who may act as both roles, or take from the role there "
                    "what it owns and has");
    } else if (!difference.statements.empty()) {
      add_step(address, step, database, wishes, difference);
    }
  }

  /// The service lists neither templates nor databases of its own.
  void note_stays(const End& end, const sql::Catalogue& world) {
    const sql::Role* role = world.role_named(end.role->postgres_name);
    if (role == nullptr) return;
    std::set<std::string> known;
    for (const Observed* each : databases_of(draft_.observations, draft_.catalogue, *end.step)) {
      known.insert(each->postgres_name);
    }
    for (const sql::Stay& stay : world.stays) {
      if (stay.role != role->id || known.contains(stay.database)) continue;
      if (!noted_.insert({end.role->name, stay.database}).second) continue;
      draft_.plan.notices.push_back(
          {.type = Notice::Type::kNotSeen,
           .address = end.step->address,
           .text = fmt::format("has something in database {}, which is not listed, so that nothing "
                               "is taken from it there; that may keep it from being deleted",
                               stay.database),
           .place = end.step->place});
    }
  }

  void leave_unseen(const Address& address, const Step& end, const std::string& why) {
    draft_.plan.notices.push_back(
        {.type = Notice::Type::kNotSeen,
         .address = address,
         .text = fmt::format("was not looked into: {}. What the role has there keeps it from being "
                             "deleted",
                             why),
         .place = end.place});
  }

  void add_step(const Address& address, const Step& end, const Observed& database,
                const sql::Wishes& wishes, const sql::Difference& difference) {
    const std::string branch = parent_of_name(database.name);
    Script script = {.place = {.branch = branch, .database = database.postgres_name},
                     .wishes = sql::document_of(wishes)};
    for (const sql::Statement& statement : difference.statements) {
      script.statements.push_back({.statement = statement, .reason = Reason::kNoLongerDeclared});
    }
    steps_.push_back({.action = Action::kExecute,
                      .address = address,
                      .kind = &inside_kind(),
                      .remote_name = name_of_inside(database.name),
                      .why = "before the role ends",
                      .script = std::move(script),
                      .lock = name_of_inside(branch),
                      .place = end.place});
  }

  Draft& draft_;
  const Leavers leavers_;
  std::map<std::string, Ends> ends_;                     // by the remote name of the database
  std::set<std::pair<std::string, std::string>> noted_;  // roles and databases
  std::vector<Step> steps_;
};

}  // namespace

std::vector<InsideQuestion> questions_about_retirements(const Manifest& manifest, const Plan& plan,
                                                        const Observations& observations,
                                                        const Catalogue& catalogue,
                                                        const InsideViews& seen, Wake wake) {
  const std::set<std::string> known = branches_with_insides(manifest);
  std::map<DatabasePlace, InsideQuestion> questions;
  for (const Step& step : plan.steps) {
    if (!ends_a_role(step)) continue;
    const bool is_vital = wake == Wake::kAlways || known.contains(parent_of_name(step.remote_name));
    if (!is_vital && !may_be_of_an_app(observations, step)) continue;
    for (const Observed* database : databases_of(observations, catalogue, step)) {
      const DatabasePlace place = {.branch = parent_of_name(database->name),
                                   .database = database->postgres_name};
      const InsideView* view = view_of(seen, place);
      if (view != nullptr && view->catalogue) continue;
      const std::string asleep =
          wake == Wake::kNever ? sleep_of(place.branch, observations, catalogue) : "";
      questions[place] = {.inside = step.address.child("databases", place.database),
                          .place = place,
                          .asleep = asleep,
                          .may_fail = !is_vital};
    }
  }
  std::vector<InsideQuestion> list;
  list.reserve(questions.size());
  for (auto& [place, question] : questions) list.push_back(std::move(question));
  return list;
}

void decide_retirements(Draft& draft) {
  for (Step& step : Retiring(draft).steps()) draft.plan.steps.push_back(std::move(step));
}

}  // namespace weir
