#include "engine/observer.h"

#include <algorithm>
#include <exception>
#include <map>
#include <unordered_set>

#include "engine/inbox.h"
#include "engine/workers.h"

namespace weir {
namespace {

/// One answer of the workspace, or the failure to get it.
struct Answer {
  const Kind* kind = nullptr;
  std::string parent = {};  ///< of a list
  std::string app = {};     ///< asked for its service principal
  bool is_confirmation = false;
  std::vector<Observed> members = {};
  std::string principal = {};
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

  Observations run() {
    note_what_is_wanted();
    ask_for_apps();
    if (!wanted_.empty() || is_everything()) ask_for_members(nullptr, "");
    wait();
    confirm_absences();
    wait();
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
        wanted_.insert(declaration.remote_parent + "/" + std::string(declaration.kind->collection));
      }
    }
    for (const auto& [address, record] : records_) want(record.remote_name);
  }

  void want(std::string name) {
    while (!name.empty() && wanted_.insert(name).second) {
      const std::size_t key = name.rfind('/');
      const std::size_t collection = key == std::string::npos ? key : name.rfind('/', key - 1);
      name.resize(collection == std::string::npos ? 0 : collection);
    }
  }

  /// Does `call` on a worker; its answer arrives in the inbox.
  template <typename Call>
  void ask(Answer answer, Call call) {
    ++open_;
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
      const bool is_singleton = member->identity == Identity::kSingleton;
      const std::string name = parent + "/" + std::string(member->collection);
      if (is_singleton && !is_everything() && !wanted_.contains(name)) continue;
      ask({.kind = member, .parent = parent},
          [this](Answer& answer) { answer.members = provider_.list(*answer.kind, answer.parent); });
    }
  }

  void ask_for_apps() {
    for (Declaration& declaration : manifest_.declarations) {
      const std::string app = text_at(declaration.fields, "app");
      if (!app.empty()) roles_of_apps_[app].push_back(&declaration);
    }
    for (const auto& [app, roles] : roles_of_apps_) {
      ask({.app = app},
          [this](Answer& answer) { answer.principal = provider_.principal_of_app(answer.app); });
    }
  }

  /// A list may be behind the world: what was applied and is missing is asked for by its name.
  void confirm_absences() {
    std::unordered_set<std::string> present;
    for (const Observed& observed : seen_) present.insert(observed.name);
    for (const auto& [address, record] : records_) {
      const Kind* kind = catalogue_.find(record.kind);
      if (kind == nullptr || present.contains(record.remote_name)) continue;
      if (!observations_.is_listed(*kind, parent_name(record.remote_name))) continue;
      ask({.kind = kind, .is_confirmation = true},
          [this, name = record.remote_name](Answer& answer) {
            if (auto found = provider_.get(*answer.kind, name)) {
              answer.members.push_back(*std::move(found));
            }
          });
    }
  }

  static std::string parent_name(const std::string& name) {
    const std::size_t key = name.rfind('/');
    const std::size_t collection =
        key == std::string::npos || key == 0 ? std::string::npos : name.rfind('/', key - 1);
    return collection == std::string::npos ? "" : name.substr(0, collection);
  }

  void wait() {
    std::exception_ptr failure;
    while (open_ > 0) {
      for (Answer& answer : inbox_.take()) {
        --open_;
        if (answer.failure && !failure) failure = answer.failure;
        // After a failure what is under way is awaited, and nothing new begins.
        if (!failure) take(std::move(answer));
      }
    }
    if (failure) std::rethrow_exception(failure);
  }

  void take(Answer answer) {
    if (!answer.app.empty()) return name_roles(answer.app, answer.principal);
    if (!answer.is_confirmation) observations_.set_listed(*answer.kind, answer.parent);
    for (Observed& member : answer.members) {
      // Other people's projects are none of our business; what stands beside ours is reported.
      const bool is_wanted = is_everything() || wanted_.contains(member.name);
      if (answer.kind->parent.empty() && !is_wanted) continue;
      if (is_wanted && !member.is_deleted()) ask_for_members(answer.kind, member.name);
      seen_.push_back(std::move(member));
    }
  }

  void name_roles(const std::string& app, const std::string& principal) {
    for (Declaration* role : roles_of_apps_.at(app)) {
      role->id = principal;
      role->fields["postgres_role"] = principal;
    }
  }

  /// Owners show as names of resources; wishes name roles as Postgres does.
  void resolve_roles() {
    std::map<std::string, std::string> roles;
    for (const Observed& observed : seen_) {
      if (observed.kind->name == "role") roles[observed.name] = observed.postgres_name;
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
  Observations observations_;
  std::size_t open_ = 0;
  Inbox<Answer> inbox_;
  Workers workers_;  // last: its threads use the members above
};

}  // namespace

Observations observe(Manifest& manifest, const Records& records, Provider& provider,
                     const Catalogue& catalogue, const ObserveOptions& options) {
  return Observing(manifest, records, provider, catalogue, options).run();
}

}  // namespace weir
