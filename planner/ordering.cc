// After what you refer to; after your parent; delete after those that refer to you; the old before
// the new of the same name.
#include <algorithm>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "planner/bindings.h"
#include "planner/dependency_graph.h"
#include "planner/draft.h"
#include "planner/formers.h"
#include "planner/leavers.h"
#include "planner/selection.h"
#include "planner/synced_tables.h"

namespace weir {
namespace {

/// The steps as a graph, with the steps that make and end each resource by its name.
class Joining {
 public:
  explicit Joining(Draft& draft) : draft_(draft), steps_(draft.plan.steps), edges_(steps_.size()) {
    for (std::size_t index = 0; index < steps_.size(); ++index) {
      const Step& step = steps_[index];
      if (step.is_destructive()) ends_[step.remote_name] = index;
      if (ends_a_role(step)) role_ends_[step.address] = index;
      const bool makes = step.action == Action::kCreate || step.action == Action::kUndelete;
      if (makes) makers_[step.remote_name] = index;
      if (makes) creations_.emplace(step.address, index);
      if (step.action != Action::kForget) touches_[step.remote_name].push_back(index);
    }
  }

  Edges run() {
    for (std::size_t index = 0; index < steps_.size(); ++index) {
      if (steps_[index].action == Action::kForget) continue;
      if (steps_[index].is_destructive()) {
        join_end(index);
      } else {
        join_change(index);
      }
    }
    for (const auto& [branch, member] : draft_.inherited) join_copy(branch, member);
    join_scripts();
    join_protection();
    for (auto& firsts : edges_) {
      std::sort(firsts.begin(), firsts.end());
      firsts.erase(std::unique(firsts.begin(), firsts.end()), firsts.end());
    }
    return std::move(edges_);
  }

 private:
  using Index = std::unordered_map<std::string, std::size_t>;
  using Scripts = std::unordered_map<std::string, std::vector<std::size_t>>;  // by branch

  void add(std::size_t step, std::size_t first) {
    if (step != first) edges_[step].push_back(first);
  }

  /// After whatever makes `name`, or the nearest thing around it that is made.
  void after_maker(std::size_t step, std::string name) {
    for (; !name.empty(); name = parent_of_name(name)) {
      const auto maker = makers_.find(name);
      if (maker == makers_.end() || maker->second == step) continue;
      return add(step, maker->second);
    }
  }

  std::vector<std::string> surroundings(const Step& step, const Address& address) const {
    return surroundings_of(draft_, *step.kind, address, step.remote_name);
  }

  std::string name_of(const Step& step, const FieldChange& change, const Document& value) const {
    if (change.field->type != Type::kReference || !value.is_string()) return "";
    return draft_.wishes.name_of(*change.field, value.get<std::string>(),
                                 parent_of_name(step.remote_name));
  }

  void join_change(std::size_t index) {
    const Step& step = steps_[index];
    after_maker(index, step.remote_name);
    for (std::string& name : surroundings(step, step.address)) after_maker(index, std::move(name));
    const auto end = ends_.find(step.remote_name);
    if (end != ends_.end()) add(index, end->second);
    after_namesake(index);
    for (const FieldChange& change : step.changes) {
      if (change.field->type == Type::kBindings) join_bound(index, change);
      after_maker(index, change.is_open ? open_at(change) : name_of(step, change, change.after));
      // What is no longer referred to can go only then.
      const auto old = ends_.find(name_of(step, change, change.before));
      if (old != ends_.end()) add(old->second, index);
    }
    join_defaults(index);
  }

  /// What an app is bound to is there before, and goes only when it is bound no more.
  void join_bound(std::size_t index, const FieldChange& change) {
    for (const std::string& target : targets_of(change.after)) {
      after_maker(index, target);
      after_role_of_app(index, target);
    }
    for (const std::string& target : targets_of(change.before)) {
      for (std::string name = target; !name.empty(); name = parent_of_name(name)) {
        const auto end = ends_.find(name);
        if (end != ends_.end()) add(end->second, index);
      }
    }
  }

  /// The service makes the role of the app's service principal where it is missing; a declared one
  /// has more to it.
  void after_role_of_app(std::size_t index, const std::string& target) {
    const bool is_database = target.find("/databases/") != std::string::npos;
    const std::string home = is_database ? parent_of_name(target) : target;
    for (std::size_t other = 0; other < steps_.size(); ++other) {
      const Step& role = steps_[other];
      const bool is_there = role.kind->is_a("role") && role.action == Action::kCreate &&
                            parent_of_name(role.remote_name) == home;
      if (!is_there) continue;
      const Wish* wish = draft_.wishes.find(role.address);
      const bool is_its = wish != nullptr && text_at(wish->declaration->fields, "app") ==
                                                 last_of(steps_[index].remote_name);
      if (is_its) add(index, other);
    }
  }

  static std::string last_of(const std::string& name) {
    return unescape_segment(name.substr(name.rfind('/') + 1));
  }

  /// Statements come after the roles and databases that they name are as they should be, and after
  /// what they do not name any more is gone.
  void join_scripts() {
    Scripts scripts;
    for (std::size_t index = 0; index < steps_.size(); ++index) {
      // Before a role ends by a statement only its retirements come.
      if (steps_[index].action != Action::kExecute) continue;
      scripts[steps_[index].script->place.branch].push_back(index);
    }
    for (const auto& [branch, of_branch] : scripts) {
      for (const std::size_t script : of_branch) {
        role_end(steps_[script]) ? join_retirement(script) : after_roles(script, of_branch);
      }
    }
    for (std::size_t index = 0; index < steps_.size(); ++index) {
      join_copy_of_scripts(index, scripts);
      join_member_with_scripts(index, scripts);
    }
    join_what_is_about_schemas(scripts);
  }

  using ByDatabase = std::unordered_map<Address, std::vector<std::size_t>>;

  /// What is about schemas ends before their statements and begins after them: interfaces, feeds,
  /// and copies of tables, which get what others may do with them when they are there.
  void join_what_is_about_schemas(const Scripts& scripts) {
    ByDatabase of_databases;
    for (const auto& [branch, of_branch] : scripts) {
      for (const std::size_t script : of_branch) {
        of_databases[steps_[script].address.parent()].push_back(script);
      }
    }
    for (const auto& [database, all] : of_databases) join_after_sync(all);
    for (std::size_t index = 0; index < steps_.size(); ++index) {
      if (!is_about_schemas(steps_[index])) continue;
      join_forgetting(index);
      const auto of_database = of_databases.find(database_around(steps_[index]));
      if (of_database == of_databases.end()) continue;
      for (const std::size_t script : of_database->second) join_with_script(index, script);
    }
  }

  void join_after_sync(const std::vector<std::size_t>& of_database) {
    for (const std::size_t last : of_database) {
      if (!is_after_sync(steps_[last])) continue;
      for (const std::size_t first : of_database) {
        if (!is_after_sync(steps_[first])) add(last, first);
      }
    }
  }

  /// What nobody chose is no reason to wait, nor to go as well.
  bool is_about_schemas(const Step& step) const {
    return step.kind->is_unlisted && !step.kind->is_a("catalog") &&
           is_selected(draft_.options, step.address);
  }

  Address database_around(const Step& step) const {
    const Address address = step.is_destructive() ? address_before(draft_, step) : step.address;
    const bool is_in_schema = !step.kind->way_down().empty();
    return is_in_schema ? address.parent().parent() : address.parent();
  }

  /// What a copy leaves is forgotten last.
  void join_forgetting(std::size_t index) {
    if (steps_[index].action != Action::kForget) return;
    const auto end = ends_.find(steps_[index].remote_name);
    if (end != ends_.end()) add(index, end->second);
  }

  void join_with_script(std::size_t index, std::size_t script) {
    const Step& step = steps_[index];
    if (!is_after_sync(steps_[script]) && !step.is_destructive()) {
      add(index, script);
    } else if (step.action != Action::kForget) {
      add(script, index);
    }
  }

  /// The end of the role that a script prepares.
  std::optional<std::size_t> role_end(const Step& script) const {
    const auto end = role_ends_.find(script.address.parent());
    return end == role_ends_.end() ? std::nullopt : std::optional(end->second);
  }

  void join_retirement(std::size_t index) {
    add(*role_end(steps_[index]), index);
    for (const std::size_t touch : touches_[parent_of_name(steps_[index].remote_name)]) {
      add(index, touch);
    }
    // Each was worked out for what the one before leaves.
    const auto [before, is_first] = retired_in_.emplace(steps_[index].remote_name, index);
    if (!is_first) add(index, std::exchange(before->second, index));
  }

  /// A branch begins with what its source has by then.
  void join_copy_of_scripts(std::size_t index, const Scripts& scripts) {
    const auto of_source = scripts.find(source_of(steps_[index]));
    if (of_source == scripts.end()) return;
    for (const std::size_t script : of_source->second) add(index, script);
  }

  void join_member_with_scripts(std::size_t index, const Scripts& scripts) {
    const Step& step = steps_[index];
    if (!stands_in_postgres(*step.kind) || step.action == Action::kForget) return;
    const auto of_branch = scripts.find(parent_of_name(step.remote_name));
    if (of_branch == scripts.end()) return;
    for (const std::size_t script : of_branch->second) {
      if (!concerns(step, steps_[script])) continue;
      // Without an endpoint nothing could be executed.
      const bool is_last = step.is_destructive() && step.kind->name == "endpoint";
      is_last ? add(index, script) : add(script, index);
    }
  }

  /// Of databases a script waits for its own alone; before a role ends nothing else needs it.
  bool concerns(const Step& member, const Step& script) const {
    if (member.kind->name == "endpoint") return true;
    if (role_end(script)) return false;
    // A role that stays for now is no reason to wait, nor to go as well.
    if (role_ends_.contains(member.address) && !is_selected(draft_.options, member.address)) {
      return false;
    }
    return !member.kind->is_a("database") ||
           parent_of_name(script.remote_name) == member.remote_name;
  }

  /// Memberships and passwords come before the databases of the branch.
  void after_roles(std::size_t script, const std::vector<std::size_t>& of_branch) {
    for (const std::size_t other : of_branch) {
      if (is_of_roles(steps_[other])) add(script, other);
    }
  }

  static bool is_of_roles(const Step& step) {
    return step.remote_name == name_of_inside(step.script->place.branch);
  }

  /// Whether members of the kind stand in a branch or an instance.
  bool stands_in_postgres(const Kind& kind) const {
    const Kind* container = draft_.catalogue.find(kind.parent);
    return container != nullptr && container->holds_databases;
  }

  /// The branch or instance that a step's own is made as a copy of; "" for other steps.
  static std::string source_of(const Step& step) {
    if (step.action != Action::kCreate || !step.kind->holds_databases) return "";
    for (const FieldChange& change : step.changes) {
      if (change.field->name == "from" && change.after.is_string()) {
        return change.after.get<std::string>();
      }
    }
    return "";
  }

  /// Endpoints that are made take the defaults of their project.
  void join_defaults(std::size_t index) {
    const Step& step = steps_[index];
    if (step.action != Action::kCreate || step.kind->name != "endpoint") return;
    const auto project = touches_.find(parent_of_name(parent_of_name(step.remote_name)));
    if (project == touches_.end()) return;
    for (const std::size_t touch : project->second) {
      const auto& changes = steps_[touch].changes;
      const bool sets_defaults =
          std::any_of(changes.begin(), changes.end(), [](const FieldChange& change) {
            return change.field->name.starts_with("default_endpoint.");
          });
      if (sets_defaults && steps_[touch].action == Action::kUpdate) add(index, touch);
    }
  }

  /// Both generations share the names of Unity Catalog.
  void after_namesake(std::size_t index) {
    const Step& step = steps_[index];
    if (!step.kind->is_apart || step.action != Action::kCreate) return;
    const std::string id = step.remote_name.substr(step.kind->name_key().size());
    for (const Kind* kind : draft_.catalogue.kinds()) {
      if (!kind->is_a(step.kind->sort()) || kind == step.kind) continue;
      const auto end = ends_.find(std::string(kind->name_key()) + id);
      if (end != ends_.end()) add(index, end->second);
    }
  }

  /// What stands apart goes before what it is about, and before another one takes its place.
  void join_end_apart(std::size_t index) {
    const Step& step = steps_[index];
    for (std::string above : surroundings(step, address_before(draft_, step))) {
      for (; !above.empty(); above = parent_of_name(above)) {
        const auto end = ends_.find(above);
        if (end != ends_.end()) add(end->second, index);
      }
    }
    const auto successor = step.kind->is_apart ? successor_of(step.address) : std::nullopt;
    const auto taker = successor ? creations_.find(*successor) : creations_.end();
    if (taker != creations_.end()) add(taker->second, index);
  }

  void join_end(std::size_t index) {
    join_end_apart(index);
    const Step& step = steps_[index];
    const Observed* observed = draft_.observations.find(step.remote_name);
    if (observed == nullptr) return;
    for (const Field& field : observed->kind->fields) {
      if (field.type != Type::kReference) continue;
      const Document& value = value_of(observed->fields, field);
      if (!value.is_string()) continue;
      const auto target = ends_.find(
          draft_.wishes.name_of(field, value.get<std::string>(), parent_of_name(step.remote_name)));
      if (target != ends_.end()) add(target->second, index);
    }
    for (std::string above = parent_of_name(step.remote_name); !above.empty();
         above = parent_of_name(above)) {
      const auto end = ends_.find(above);
      if (end != ends_.end()) add(end->second, index);
    }
  }

  /// A branch that is made shows what its source has by then.
  void join_copy(const std::string& branch, const std::string& member) {
    const auto maker = makers_.find(branch);
    const auto touches = touches_.find(member);
    if (maker == makers_.end() || touches == touches_.end()) return;
    for (const std::size_t touch : touches->second) add(maker->second, touch);
  }

  /// Few branches of a project may be protected: what gives that up comes first.
  void join_protection() {
    std::unordered_map<std::string, std::vector<std::size_t>> givers;
    std::vector<std::size_t> takers;
    for (std::size_t index = 0; index < steps_.size(); ++index) {
      for (const FieldChange& change : steps_[index].changes) {
        if (change.field->name != "protected") continue;
        if (change.after == true) takers.push_back(index);
        if (change.before == true)
          givers[parent_of_name(steps_[index].remote_name)].push_back(index);
      }
    }
    for (const std::size_t taker : takers) {
      for (const std::size_t giver : givers[parent_of_name(steps_[taker].remote_name)]) {
        add(taker, giver);
      }
    }
  }

  Draft& draft_;
  const std::vector<Step>& steps_;
  Edges edges_;
  Index makers_;
  std::unordered_map<Address, std::size_t> creations_;
  Index ends_;
  std::unordered_map<Address, std::size_t> role_ends_;
  Index retired_in_;
  std::unordered_map<std::string, std::vector<std::size_t>> touches_;
};

void sort_steps(std::vector<Step>& steps) {
  std::stable_sort(steps.begin(), steps.end(), [](const Step& left, const Step& right) {
    if (left.address != right.address) return left.address < right.address;
    return left.is_destructive() && !right.is_destructive();
  });
}

void refuse_cycle(Draft& draft, const Edges& edges) {
  const std::vector<std::size_t> cycle = find_cycle(edges);
  std::string text;
  for (const std::size_t node : cycle)
    text += draft.plan.steps[node].address.text() + " waits for ";
  const Step& first = draft.plan.steps[cycle.front()];
  draft.refuse("P001", first.address, first.place,
               fmt::format("waits for itself: {}{}", text, first.address.text()),
               "take one of these references out, apply, and put it back afterwards");
}

}  // namespace

void order_steps(Draft& draft) {
  sort_steps(draft.plan.steps);
  const Edges edges = Joining(draft).run();
  const std::vector<std::size_t> order = order_of(edges);
  if (order.size() < edges.size()) return refuse_cycle(draft, edges);
  std::vector<std::size_t> places(order.size());
  for (std::size_t place = 0; place < order.size(); ++place) places[order[place]] = place;
  std::vector<Step> sorted;
  sorted.reserve(order.size());
  for (const std::size_t node : order) {
    sorted.push_back(std::move(draft.plan.steps[node]));
    for (const std::size_t first : edges[node]) sorted.back().after.push_back(places[first]);
    std::sort(sorted.back().after.begin(), sorted.back().after.end());
  }
  draft.plan.steps = std::move(sorted);
}

}  // namespace weir
