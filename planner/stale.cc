// Whether a saved plan still fits the world.
#include <algorithm>
#include <map>
#include <set>

#include <fmt/format.h>

#include "core/value.h"
#include "planner/bindings.h"
#include "planner/identify.h"
#include "planner/leavers.h"
#include "planner/planner.h"
#include "planner/script.h"

namespace weir {
namespace {

/// "update_time was … and is …".
std::string moved(std::string_view what, const std::string& was, const std::string& is) {
  return fmt::format("{} was {} and is {}", what, was.empty() ? "not there" : was,
                     is.empty() ? "not there" : is);
}

/// A reference that was read alone: of what stands alone only the remote name is known.
bool is_unresolved(const Field& field, const Document& shown) {
  return field.type == Type::kReference && shown.is_string() &&
         shown.get_ref<const std::string&>().find('/') != std::string::npos;
}

/// Whether nothing can be said of the two, because one of them is not resolved.
bool is_beyond_comparison(const Field& field, const Document& shown, const Document& other) {
  return is_unresolved(field, shown) && !is_unresolved(field, other);
}

bool is_our_value(const Step& step, const Field& field, const Document& shown) {
  return std::ranges::any_of(step.changes, [&](const FieldChange& change) {
    return change.field == &field && change.after == shown;
  });
}

/// Of a list only the entries count that the step changes.
std::string moved_among(const Step& step, const Field& field, const Document& was,
                        const Observed& observed, WasSent was_sent) {
  const Document& shown = value_of(observed.fields, field);
  if (was_sent == WasSent::kMaybe && may_be_ours(step.changes, shown)) return "";
  const Document now = entries_about(step.changes, shown);
  return now == was ? "" : moved(field.name, show_value(field, was), show_value(field, now));
}

/// What is not as the plan saw it in what the step is about. Where the step was sent already, it
/// may be as the step wants it.
std::string moved_in(const Step& step, const Observed& observed, WasSent was_sent) {
  const Precondition& wanted = step.precondition;
  if (observed.uid != wanted.uid) return moved("uid", wanted.uid, observed.uid);
  const bool was_deleted = step.action == Action::kUndelete;
  if (was_deleted && !observed.is_deleted()) return step.remote_name + " is back already";
  const bool may_be_deleted = was_deleted || step.action == Action::kPurge;
  if (!may_be_deleted && observed.is_deleted()) {
    return fmt::format("{} was deleted at {}", step.remote_name, observed.delete_time);
  }
  for (const auto& [name, value] : wanted.fields.items()) {
    const Field* field = find_field(*step.kind, name);
    if (field == nullptr) continue;
    if (field->type == Type::kBindings) {
      std::string what = moved_among(step, *field, value, observed, was_sent);
      if (!what.empty()) return what;
      continue;
    }
    const Document& shown = value_of(observed.fields, *field);
    if (was_sent == WasSent::kMaybe && is_our_value(step, *field, shown)) continue;
    if (shown == value || is_beyond_comparison(*field, shown, value)) continue;
    return moved(name, show_value(*field, value), show_value(*field, shown));
  }
  return "";
}

class Looking {
 public:
  explicit Looking(const Observations& observations) : observations_(observations) {}

  /// What moved under a step, or "".
  std::string what_moved(const Step& step) const {
    if (step.precondition.must_be_absent) {
      if (std::string found = namesake(step); !found.empty()) return found;
    }
    if (std::string gone = missing(step); !gone.empty()) return gone;
    if (is_pinned(step)) {
      if (std::string change = changed(step); !change.empty()) return change;
    }
    return step.is_destructive() ? newcomer(step) : "";
  }

 private:
  /// Something that stands where the step makes something.
  std::string namesake(const Step& step) const {
    if (observations_.find(step.remote_name) != nullptr) return step.remote_name + " exists now";
    for (const FieldChange& change : step.changes) {
      const bool is_name = !step.kind->postgres_name_at.empty() &&
                           change.field->observed_at == step.kind->postgres_name_at;
      if (!is_name || !change.after.is_string()) continue;
      const Observed* found = observations_.find_postgres(
          *step.kind, parent_of_name(step.remote_name), change.after.get<std::string>());
      if (found != nullptr) return found->name + " exists now";
    }
    return "";
  }

  /// What a step needs and does not make: what contains it, and what it refers to.
  std::string missing(const Step& step) const {
    for (const auto& [name, uid] : step.precondition.needs) {
      const Observed* found = observations_.find(name);
      if (found == nullptr || found->is_deleted()) return name + " is gone";
      if (found->uid != uid) return moved("uid of " + name, uid, found->uid);
    }
    return "";
  }

  std::string changed(const Step& step) const {
    const Observed* observed = observations_.find(step.remote_name);
    if (observed == nullptr) return step.remote_name + " is gone";
    std::string what = moved_in(step, *observed, WasSent::kNo);
    const std::string& wanted = step.precondition.update_time;
    const bool is_of_others = step.kind->is_foreign;
    if (!what.empty() || is_of_others || observed->update_time == wanted) return what;
    return moved("update_time", wanted, observed->update_time);
  }

  /// Something that would go along and that nobody was told of.
  std::string newcomer(const Step& step) const {
    std::set<std::string> known;
    for (const Loss& loss : step.losses) known.insert(loss.name);
    const std::string prefix = step.remote_name + "/";
    const auto& all = observations_.all();
    for (auto entry = all.lower_bound(prefix); entry != all.end(); ++entry) {
      if (!entry->first.starts_with(prefix)) break;
      const bool is_known = entry->second.is_deleted() || known.contains(entry->first) ||
                            entry->second.kind->identity == Identity::kSingleton;
      if (!is_known) return entry->first + " is new and would go with it";
    }
    return "";
  }

  const Observations& observations_;
};

}  // namespace

bool is_pinned(const Step& step) {
  const Precondition& wanted = step.precondition;
  return !wanted.update_time.empty() || !wanted.uid.empty() || !wanted.fields.empty();
}

std::string moved_since(const Step& step, const Observed* now, WasSent was_sent) {
  // The end of what is gone is no mistake, and what is deleted softly may not show.
  const bool may_be_absent = step.is_destructive() || step.action == Action::kUndelete;
  if (now == nullptr) return may_be_absent ? "" : step.remote_name + " is gone";
  std::string what = moved_in(step, *now, was_sent);
  if (!what.empty() || !step.is_destructive() || !step.after.empty()) return what;
  const std::string& wanted = step.precondition.update_time;
  return now->update_time == wanted ? "" : moved("update_time", wanted, now->update_time);
}

std::string made_otherwise(const Record& wanted, const Observed& observed) {
  for (const Field& field : observed.kind->fields) {
    const Document& value = value_of(wanted.fields, field);
    const Document& shown = value_of(observed.fields, field);
    // What is on its way may not show everything yet.
    if (field.on_change == OnChange::kLocal || value.is_null() || shown.is_null()) continue;
    if (is_in_force(field, value, shown) || is_beyond_comparison(field, shown, value)) continue;
    return fmt::format("its {} is {} instead of {}", field.name, show_value(field, shown),
                       show_value(field, value));
  }
  return "";
}

bool is_as_recorded(const Record& record, const Observed& observed) {
  return std::ranges::all_of(observed.kind->fields, [&](const Field& field) {
    // An entry that goes shows in no record.
    if (field.type == Type::kBindings) return false;
    const Document& value = value_of(record.fields, field);
    const bool is_hidden = field.may_be_hidden && value_of(observed.fields, field).is_null();
    const bool is_compared = field.on_change != OnChange::kLocal && !value.is_null() && !is_hidden;
    return !is_compared || is_in_force(field, value, value_of(observed.fields, field));
  });
}

std::vector<Stale> find_stale(const Plan& plan, const Observations& observations) {
  const Looking looking(observations);
  std::vector<Stale> stale;
  for (std::size_t index = 0; index < plan.steps.size(); ++index) {
    std::string what = looking.what_moved(plan.steps[index]);
    if (!what.empty()) stale.push_back({.step = index, .what = std::move(what)});
  }
  return stale;
}

std::vector<Stale> find_overtaken(const Plan& plan, const std::vector<HistoryEntry>& history) {
  std::map<std::string, std::int64_t> written;  // by address
  for (const HistoryEntry& entry : history) written[entry.address.text()] = entry.serial;
  std::vector<Stale> stale;
  for (std::size_t index = 0; index < plan.steps.size(); ++index) {
    const Step& step = plan.steps[index];
    auto found = written.find(step.address.text());
    // What ends takes with it what is inside.
    if (step.is_destructive() && found == written.end()) {
      const std::string inside = step.address.text() + "/";
      found = written.lower_bound(inside);
      if (found != written.end() && !found->first.starts_with(inside)) found = written.end();
    }
    if (found == written.end()) continue;
    stale.push_back({.step = index,
                     .what = fmt::format("another apply has changed {} since the plan (serial {})",
                                         found->first, found->second)});
  }
  return stale;
}

void forget_overtaken(Plan& plan, const std::vector<HistoryEntry>& history) {
  std::set<Address> written;
  for (const HistoryEntry& entry : history) written.insert(entry.address);
  const auto is_overtaken = [&](const Record& record) { return written.contains(record.address); };
  std::erase_if(plan.adoptions, is_overtaken);
  for (Step& step : plan.steps) std::erase_if(step.brings, is_overtaken);
}

std::vector<InsideQuestion> questions_about_scripts(const Plan& plan) {
  std::vector<InsideQuestion> questions;
  for (const Step& step : plan.steps) {
    if (!step.script || !step.script->predicted_from.empty()) continue;
    // What was worked out without a role that is there still needs other statements until it ends.
    const bool waits_for_an_end = std::ranges::any_of(
        step.after, [&](std::size_t first) { return ends_a_role(plan.steps[first]); });
    if (!waits_for_an_end) {
      questions.push_back({.inside = step.address, .place = step.script->place});
    }
  }
  return questions;
}

std::vector<Stale> find_stale_scripts(const Plan& plan, const InsideViews& seen) {
  std::vector<Stale> stale;
  for (std::size_t index = 0; index < plan.steps.size(); ++index) {
    const Step& step = plan.steps[index];
    const auto view = seen.find(step.address);
    if (!step.script || view == seen.end() || !view->second.catalogue) continue;
    std::string what = moved_since(*step.script, *view->second.catalogue);
    if (!what.empty()) stale.push_back({.step = index, .what = std::move(what)});
  }
  return stale;
}

}  // namespace weir
