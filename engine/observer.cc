#include "engine/observer.h"

#include <algorithm>
#include <chrono>
#include <exception>
#include <map>
#include <set>
#include <unordered_set>

#include "core/error.h"
#include "engine/bound_observer.h"
#include "engine/inbox.h"
#include "engine/workers.h"
#include "planner/branch_classes.h"
#include "planner/identify.h"

namespace weir {
namespace {

/// Between a collection and a name inside Postgres; no remote name has it.
constexpr const char* kInsidePostgres = "//";

/// Answers are large, and those that wait take up memory.
constexpr std::size_t kMostAtOnce = 64;
constexpr std::chrono::milliseconds kPause{500};

constexpr int kForbidden = 403;
constexpr int kNotReady = 200;  ///< an answer that lacks what is asked for

/// One answer of the workspace, or the failure to get it.
struct Answer {
  const Kind* kind = nullptr;
  std::string parent = {};  ///< of a list
  std::string app = {};     ///< asked for its service principal
  bool is_confirmation = false;
  std::vector<Observed> members = {};
  std::string principal = {};
  std::string withheld = {};  ///< why something that others can do without was not seen
  std::size_t question = 0;   ///< which one it answers, in the order in which they were asked
  std::exception_ptr failure = nullptr;
};

class Observing {
 public:
  Observing(Manifest& manifest, const Records& records, Provider& provider,
            const Catalogue& catalogue, const ObserveOptions& options)
      : manifest_(manifest),
        records_(records),
        provider_(provider),
        catalogue_(catalogue),
        options_(options),
        workers_(options.parallelism) {}

  Observations run_inside(const Plan& plan, Observations observations) {
    observations_ = std::move(observations);
    for (const Step& step : plan.steps) {
      if (step.is_destructive()) ask_for_all_inside(step.remote_name);
    }
    wait();
    resolve_roles();
    for (Observed& observed : seen_) observations_.add(std::move(observed));
    return std::move(observations_);
  }

  Observations run() {
    note_what_is_wanted();
    ask_for_apps();
    if (!wanted_.empty() || is_everything()) ask_for_members(nullptr, "");
    ask_for_what_no_list_has();
    wait();
    ask_for_sources();
    ask_about_databases();
    wait();
    // What a confirmation finds may have members, of which some may be missing again.
    while (confirm_absences()) wait();
    resolve_roles();
    for (Observed& observed : seen_) observations_.add(std::move(observed));
    return std::move(observations_);
  }

 private:
  bool is_everything() const { return options_.extent == Extent::kEverything; }

  /// Names of resources whose members are to be seen: all that are declared or recorded, with
  /// everything above them.
  void note_what_is_wanted() {
    for (const Declaration& declaration : manifest_.declarations) {
      want(declaration.remote_name());
      want(declaration.remote_parent);
      if (declaration.kind->identity == Identity::kSingleton) {
        wanted_.insert(declaration.remote_parent + "/" + std::string(declaration.kind->name_key()));
      }
    }
    for (const auto& [address, record] : records_) want(record.remote_name);
  }

  void want(std::string name) {
    while (!name.empty() && wanted_.insert(name).second) name = parent_of_name(name);
  }

  /// Does `call` on a worker; its answer arrives in the inbox.
  template <typename Call>
  void ask(Answer answer, Call call) {
    ++open_;
    answer.question = ++asked_;
    workers_.post([this, answer = std::move(answer), call]() mutable {
      try {
        call(answer);
      } catch (...) {
        answer.failure = std::current_exception();
      }
      inbox_.put(std::move(answer));
    });
  }

  /// Lists the members of every kind in `parent`, which is of the kind `kind`; null at the top.
  void ask_for_members(const Kind* kind, const std::string& parent) {
    for (const Kind* member : catalogue_.kinds()) {
      if (member->parent != (kind == nullptr ? "" : kind->name)) continue;
      if (member->is_unlisted && !(kind == nullptr && is_everything())) continue;
      const bool is_singleton = member->identity == Identity::kSingleton;
      const std::string name = parent + "/" + std::string(member->name_key());
      if (is_singleton && !is_everything() && !wanted_.contains(name)) continue;
      if (kind == nullptr && !is_everything() && !is_wanted_of(*member)) continue;
      if (observations_.is_listed(*member, parent)) continue;
      ask({.kind = member, .parent = parent}, [this](Answer& answer) { list(answer); });
    }
  }

  /// Of branches that nobody declares only what their class has demands on.
  void ask_for_members_by_class(const Observed& branch) {
    if (branch.kind->name != "branch") return;
    const BranchClass* branch_class = class_of_branch(manifest_, branch.name);
    if (branch_class == nullptr || branch_class->undeclared != BranchClass::Undeclared::kEnforce) {
      return;
    }
    std::set<const Kind*> kinds;
    for (const Declaration& each : branch_class->members) kinds.insert(each.kind);
    kinds.erase(branch.kind);
    for (const Kind* kind : kinds) {
      ask({.kind = kind, .parent = branch.name}, [this](Answer& answer) { list(answer); });
    }
  }

  /// What is declared or was applied is asked for by its name, once each.
  void ask_for_what_no_list_has() {
    std::map<std::string, const Kind*> names;
    for (const Declaration& declaration : manifest_.declarations) {
      const Kind& kind = *declaration.kind;
      const bool is_at_top = kind.is_apart || (kind.is_unlisted && kind.parent.empty());
      if (is_at_top) names[declaration.remote_name()] = declaration.kind;
    }
    for (const auto& [address, record] : records_) {
      const Kind* kind = catalogue_.find(record.kind);
      if (kind != nullptr && kind->is_unlisted) names[record.remote_name] = kind;
    }
    for (const auto& [name, kind] : names) {
      asked_for_.insert(name);
      ask_for(*kind, name);
    }
  }

  void ask_for_only_members(const Kind& kind, const std::string& name) {
    for (const Kind* member : catalogue_.kinds()) {
      const bool is_only = member->identity == Identity::kOnly && !member->is_apart;
      if (!is_only || member->container() != kind.name) continue;
      if (!member->has_id()) {
        ask_for(*member, collection_of(*member, name));
      } else {
        // Each schema has one at most, and a list shows those of all.
        ask({.kind = member, .parent = name}, [this](Answer& answer) { list(answer); });
      }
    }
  }

  /// What no list has inside of databases, whose names the lists have told by now.
  void ask_about_databases() {
    std::map<std::string, const Kind*> names;
    for (const Declaration& declaration : manifest_.declarations) {
      const Kind& kind = *declaration.kind;
      if (!kind.is_unlisted || kind.is_apart || kind.parent.empty()) continue;
      const std::string database = database_of(declaration);
      if (database.empty()) continue;
      names[collection_of(kind, database) + (kind.has_id() ? "/" + declaration.id : "")] = &kind;
    }
    for (const auto& [name, kind] : names) {
      if (asked_for_.insert(name).second) ask_for(*kind, name);
    }
  }

  /// The remote name of the database around a declaration; "" when it is not there.
  std::string database_of(const Declaration& declaration) {
    const Declaration* database = nullptr;
    for (Address above = declaration.address.parent(); !above.is_root() && database == nullptr;
         above = above.parent()) {
      database = manifest_.find(above);
    }
    if (database == nullptr) return "";
    if (databases_.empty()) {
      for (const Observed& observed : seen_) {
        const std::string collection = observed.name.substr(0, observed.name.rfind('/') + 1);
        if (!observed.postgres_name.empty()) {
          databases_.emplace(collection + observed.postgres_name, observed.name);
        }
      }
    }
    const auto found = databases_.find(collection_of(*database->kind, database->remote_parent) +
                                       "/" + database->id);
    return found == databases_.end() ? "" : found->second;
  }

  void ask_for(const Kind& kind, const std::string& name) {
    ask({.kind = &kind, .is_confirmation = true}, [this, name](Answer& answer) {
      if (auto found = provider_.get(*answer.kind, name)) {
        answer.members.push_back(*std::move(found));
      }
    });
  }

  /// Who declares no instances is not made to wait for their list.
  bool is_wanted_of(const Kind& kind) const {
    const std::string prefix = std::string(kind.name_key()) + "/";
    return std::ranges::any_of(wanted_,
                               [&](const std::string& name) { return name.starts_with(prefix); });
  }

  void ask_for_all_inside(const std::string& name) {
    const auto& all = observations_.all();
    for (auto entry = all.lower_bound(name); entry != all.end(); ++entry) {
      if (!entry->first.starts_with(name)) break;
      const bool is_inside = entry->first == name || entry->first.starts_with(name + "/");
      if (is_inside && !entry->second.is_deleted()) {
        ask_for_members(entry->second.kind, entry->first);
      }
    }
  }

  /// One project whose permissions are not ours to see, or a workspace without apps, does not hide
  /// everything else.
  void list(Answer& answer) {
    try {
      answer.members = provider_.list(*answer.kind, answer.parent);
    } catch (const ApiError& error) {
      const bool is_absent = answer.kind->is_foreign && error.is_missing();
      const bool is_forbidden = error.facts().status == kForbidden || is_absent;
      const bool is_extra =
          answer.kind->identity == Identity::kSingleton || answer.kind->is_foreign;
      if (!is_forbidden || !is_extra || !is_everything() || !options_.leave_out) throw;
      answer.withheld = error.what();
    }
  }

  /// A branch that is not there yet will bring along what its source has, which matters when it
  /// declares roles or databases.
  void ask_for_sources() {
    note_what_is_present();
    std::map<std::string, std::string> sources;  // of branches that are not there
    for (const Declaration& declaration : manifest_.declarations) {
      const std::string name = declaration.remote_name();
      if (declaration.kind->name == "branch" && !present_.contains(name)) {
        sources[name] = source_of(declaration);
      }
    }
    for (const Declaration& declaration : manifest_.declarations) {
      if (has_postgres_name(*declaration.kind)) ask_for_source(declaration.remote_parent, sources);
    }
  }

  void ask_for_source(std::string branch, const std::map<std::string, std::string>& sources) {
    const bool is_there = !sources.contains(branch);
    for (std::size_t hop = 0; hop < sources.size() && sources.contains(branch); ++hop) {
      branch = sources.at(branch);
    }
    if (is_there || !present_.contains(branch) || !wanted_.insert(branch).second) return;
    ask_for_members(catalogue_.find("branch"), branch);
  }

  std::string source_of(const Declaration& branch) const {
    for (const Reference& reference : branch.references) {
      if (reference.field != "from") continue;
      return collection_of(*branch.kind, branch.remote_parent) + "/" + reference.target.key();
    }
    const auto project = std::ranges::find(seen_, branch.remote_parent, &Observed::name);
    return project == seen_.end() ? "" : text_at(project->fields, "default_branch");
  }

  void ask_for_apps() {
    for (Declaration& declaration : manifest_.declarations) {
      const std::string app = text_at(declaration.fields, "app");
      if (!app.empty()) roles_of_apps_[app].push_back(&declaration);
    }
    for (const auto& [app, roles] : roles_of_apps_) {
      ask({.app = app}, [this](Answer& answer) { find_principal(answer); });
    }
  }

  /// An app that is not there, or that nobody lets us see, is the business of its roles alone.
  void find_principal(Answer& answer) {
    try {
      answer.principal = provider_.principal_of_app(answer.app);
    } catch (const ApiError& error) {
      const int status = error.facts().status;
      if (!error.is_missing() && status != kNotReady && status != kForbidden) throw;
      answer.withheld = error.what();
    }
  }

  /// A list may be behind the world: what was applied and is missing is asked for by its name,
  /// once. Answers whether there was something to ask for.
  bool confirm_absences() {
    note_what_is_present();
    const std::size_t asked_before = confirmed_.size();
    for (const auto& [address, record] : records_) {
      const Kind* kind = catalogue_.find(record.kind);
      if (kind == nullptr || is_there_otherwise(*kind, record)) continue;
      confirm_absence(*kind, record.remote_name);
    }
    if (options_.confirm == Confirm::kDeclared) confirm_declared();
    return confirmed_.size() > asked_before;
  }

  bool is_there_otherwise(const Kind& kind, const Record& record) const {
    const std::string collection = collection_of(kind, parent_of_name(record.remote_name));
    return has_guessed_id(record) &&
           present_.contains(collection + kInsidePostgres + record.address.key());
  }

  void confirm_declared() {
    for (const Declaration& declaration : manifest_.declarations) {
      const Kind& kind = *declaration.kind;
      if (kind.identity == Identity::kSingleton || declaration.id.empty()) continue;
      const std::string collection = collection_of(kind, declaration.remote_parent);
      // The service names roles and databases by rules of its own, so it may be there otherwise.
      if (present_.contains(collection + kInsidePostgres + declaration.id)) continue;
      const bool has_own_name = !has_postgres_name(kind);
      confirm_absence(
          kind, has_own_name ? declaration.remote_name()
                             : collection + "/" + id_for(kind, declaration.fields, declaration.id));
    }
  }

  void confirm_absence(const Kind& kind, const std::string& name) {
    if (present_.contains(name) || !observations_.is_listed(kind, parent_of_name(name))) return;
    if (!confirmed_.insert(name).second) return;
    ask_for(kind, name);
  }

  void note_what_is_present() {
    for (const Observed& observed : seen_) {
      present_.insert(observed.name);
      if (observed.postgres_name.empty()) continue;
      const std::string collection = observed.name.substr(0, observed.name.rfind('/'));
      present_.insert(collection + kInsidePostgres + observed.postgres_name);
    }
  }

  static std::string collection_of(const Kind& kind, const std::string& parent) {
    return (parent.empty() ? "" : parent + "/") + std::string(kind.name_key());
  }

  void wait() {
    std::exception_ptr failure;
    std::size_t failed = 0;
    while (open_ > 0) {
      const auto soon = std::chrono::steady_clock::now() + kPause;
      std::vector<Answer> answers = inbox_.take(enough(), soon);
      if (options_.meanwhile) options_.meanwhile();
      for (Answer& answer : answers) {
        --open_;
        // Of several failures the first question's is told, whichever arrives first.
        if (answer.failure && (!failure || answer.question < failed)) {
          failed = answer.question;
          failure = answer.failure;
        }
        // After a failure what is under way is awaited, and nothing new begins.
        if (!failure) take(std::move(answer));
      }
    }
    if (failure) std::rethrow_exception(failure);
  }

  /// So many answers that the workers have still enough to do when they are looked at.
  std::size_t enough() const {
    const std::size_t busy = 2 * options_.parallelism;
    return open_ > busy ? std::min(open_ - busy, kMostAtOnce) : 1;
  }

  void take(Answer answer) {
    if (!answer.app.empty()) return name_roles(answer);
    if (!answer.withheld.empty()) return options_.leave_out(answer.withheld);
    if (!answer.is_confirmation) observations_.set_listed(*answer.kind, answer.parent);
    for (Observed& member : answer.members) {
      // Other people's projects are none of our business; what stands beside ours is reported.
      const bool is_wanted = is_everything() || wanted_.contains(member.name);
      if (answer.kind->parent.empty() && !is_wanted) continue;
      if (is_wanted && !member.is_deleted()) ask_for_members(answer.kind, member.name);
      if (!is_wanted && !member.is_deleted()) ask_for_members_by_class(member);
      if (is_everything() && !member.is_deleted()) ask_for_only_members(*answer.kind, member.name);
      seen_.push_back(std::move(member));
    }
  }

  void name_roles(const Answer& answer) {
    for (Declaration* role : roles_of_apps_.at(answer.app)) {
      role->nameless = answer.withheld;
      const std::string name =
          answer.withheld.empty() ? answer.principal : applied_name(role->address);
      if (name.empty()) continue;
      role->id = name;
      role->fields["postgres_role"] = name;
    }
  }

  /// What a role was called when it was applied last.
  std::string applied_name(const Address& address) const {
    const auto record = records_.find(address);
    return record == records_.end() ? "" : text_at(record->second.fields, "postgres_role");
  }

  /// Owners show as names of resources; wishes name roles as Postgres does.
  void resolve_roles() {
    std::map<std::string, std::string> roles;
    for (const Observed& observed : seen_) {
      if (observed.kind->is_a("role")) roles[observed.name] = observed.postgres_name;
    }
    for (Observed& observed : seen_) {
      for (const Field& field : observed.kind->fields) {
        if (field.refers_to != "role") continue;
        const auto value = observed.fields.find(field.name);
        if (value == observed.fields.end() || !value->is_string()) continue;
        const auto role = roles.find(value->get<std::string>());
        if (role != roles.end()) *value = role->second;
      }
    }
  }

  Manifest& manifest_;
  const Records& records_;
  Provider& provider_;
  const Catalogue& catalogue_;
  const ObserveOptions& options_;
  std::unordered_set<std::string> wanted_;
  std::map<std::string, std::vector<Declaration*>> roles_of_apps_;
  std::vector<Observed> seen_;
  std::unordered_set<std::string> present_;  ///< names, and collections with names inside Postgres
  std::unordered_set<std::string> confirmed_;
  Observations observations_;
  std::set<std::string> asked_for_ = {};               // by name, as no list has it
  std::map<std::string, std::string> databases_ = {};  // by collection and name inside Postgres
  std::size_t open_ = 0;
  std::size_t asked_ = 0;
  Inbox<Answer> inbox_;
  Workers workers_;  // last: its threads use the members above
};

}  // namespace

Observations observe(Manifest& manifest, const Records& records, Provider& provider,
                     const Catalogue& catalogue, const ObserveOptions& options) {
  return Observing(manifest, records, provider, catalogue, options).run();
}

Observations look_into(const Plan& plan, Observations observations, Provider& provider,
                       const Catalogue& catalogue, const ObserveOptions& options) {
  Manifest nothing;
  const Records none;
  observations = Observing(nothing, none, provider, catalogue, options)
                     .run_inside(plan, std::move(observations));
  observe_bound(plan, observations, provider, catalogue, options);
  return observations;
}

}  // namespace weir
