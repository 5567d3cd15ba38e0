// What becomes of each wish: made, changed, replaced, brought back, or left alone.
#include <algorithm>

#include <fmt/format.h>

#include "planner/draft.h"
#include "planner/expiry.h"
#include "planner/inherit.h"
#include "planner/pipelines.h"
#include "planner/radius.h"
#include "planner/reasons.h"
#include "planner/request.h"
#include "planner/selection.h"

namespace weir {
namespace {

/// "pg_version is fixed at creation".
std::string fixed_fields(const std::vector<FieldChange>& changes) {
  std::string names;
  std::size_t count = 0;
  for (const FieldChange& change : changes) {
    if (!change.needs_replacement) continue;
    names.append(count++ == 0 ? "" : ", ").append(change.field->name);
  }
  return names + (count == 1 ? " is" : " are") + " fixed at creation";
}

Request request_of_update(const Draft& draft, const Wish& wish, const Observed* observed,
                          const std::vector<FieldChange>& changes) {
  const Kind& kind = *wish.declaration->kind;
  if (kind.identity == Identity::kSingleton) {
    return permissions_request(kind, wish.remote_name, changes.front());
  }
  static const Document nothing = Document::object();
  Document wanted = wish.wanted;
  for (const std::string& ignored : wish.declaration->lifecycle.ignore) wanted.erase(ignored);
  return update_request(kind, wish.remote_name, changes, wanted,
                        observed == nullptr ? nothing : observed->fields,
                        draft.name_of(wish.declaration->remote_parent));
}

/// A change to what exists (`observed`) or what will exist by then (null).
Step& update(Draft& draft, const Wish& wish, const Observed* observed,
             std::vector<FieldChange> changes, std::string why) {
  Step& step = draft.add_step(Action::kUpdate, wish, std::move(why));
  step.request = request_of_update(draft, wish, observed, changes);
  step.disruption = disruption_of(changes);
  if (observed != nullptr) step.precondition = precondition_of(*observed, changes);
  step.changes = std::move(changes);
  return step;
}

/// A field that names a member of the resource itself cannot be sent before that member exists.
bool is_deferred(const Wish& wish, const FieldChange& change) {
  return change.field->type == Type::kReference && change.after.is_string() &&
         change.after.get<std::string>().starts_with(wish.remote_name + "/");
}

/// The branch that the service makes is the default one already.
bool is_so_by_itself(const Draft& draft, const FieldChange& change) {
  const Kind* kind = draft.catalogue.find(change.field->refers_to);
  const std::string name = change.after.get<std::string>();
  return kind != nullptr && is_implied(*kind, name.substr(name.rfind('/') + 1));
}

/// A role of the same branch that the service knows, by its name inside Postgres; "" when there is
/// none.
std::string first_owner(const Draft& draft, const Wish& database) {
  for (const Wish& wish : draft.wishes.all()) {
    const Declaration& declaration = *wish.declaration;
    const bool is_known = declaration.kind->is_a("role") && wish.parent == database.parent &&
                          !declaration.is_made_in_sql && !declaration.id.empty();
    if (is_known) return declaration.id;
  }
  for (const Observed* role : draft.observations.children(*draft.catalogue.find("role"),
                                                          database.declaration->remote_parent)) {
    if (!role->postgres_name.empty()) return role->postgres_name;
  }
  return "";
}

/// The service makes no database without an owner that it knows. One that only SQL knows gets it
/// afterwards.
void add_first_owner(Draft& draft, const Wish& wish, std::vector<FieldChange>& changes) {
  const Field* owner = find_field(*wish.declaration->kind, "owner");
  if (wish.declaration->kind->name != "database" || wish.wanted.contains("owner")) return;
  const std::string role = first_owner(draft, wish);
  if (!role.empty()) {
    changes.push_back({.field = owner, .after = role});
    return;
  }
  draft.refuse("P013", wish.declaration->address, wish.declaration->place,
               "needs an owner that the service knows when it is made, and its branch has none",
               "declare a role that logs in, such as your own with user: ADDRESS, beside it");
}

/// A resource begins. Inside of something that this plan makes nobody can see yet what the service
/// puts there, so the request also takes over what stands there under its name by then.
Step& begin(Draft& draft, const Wish& wish, std::string why, std::vector<FieldChange> changes,
            bool takes_over = false) {
  add_first_owner(draft, wish, changes);
  Step& step = draft.add_step(Action::kCreate, wish, std::move(why));
  step.request = create_request(*wish.declaration->kind, wish.remote_name, changes,
                                draft.name_of(wish.declaration->remote_parent), takes_over);
  step.precondition.must_be_absent = wish.live == nullptr && wish.deleted == nullptr;
  step.changes = std::move(changes);
  return step;
}

Fate make(Draft& draft, const Wish& wish, std::string why, bool is_replacement = false) {
  std::vector<FieldChange> changes = initial_changes(wish);
  choose_pipeline(wish, changes);
  const auto later =
      std::stable_partition(changes.begin(), changes.end(),
                            [&](const FieldChange& change) { return !is_deferred(wish, change); });
  std::vector<FieldChange> deferred(std::make_move_iterator(later),
                                    std::make_move_iterator(changes.end()));
  changes.erase(later, changes.end());
  begin(draft, wish, std::move(why), std::move(changes)).is_replacement = is_replacement;
  std::erase_if(deferred,
                [&](const FieldChange& change) { return is_so_by_itself(draft, change); });
  if (!deferred.empty()) {
    update(draft, wish, nullptr, std::move(deferred), "once what it names exists");
  }
  return Fate::kMade;
}

/// The end of what stands in the way of a resource of the same name.
void clear_away(Draft& draft, const Wish& wish, const Observed& observed, std::string why,
                std::vector<FieldChange> changes = {}) {
  draft.ending.insert(observed.name);
  // The service may keep the id of what is deleted softly, so only a purge frees it.
  const bool is_for_good = wish.declaration->kind->is_deleted_softly;
  if (is_for_good) why += "; it cannot be undeleted then";
  Step& step = draft.add_step(is_for_good ? Action::kPurge : Action::kDelete, wish, std::move(why));
  step.is_replacement = true;
  step.request = delete_request(*wish.declaration->kind, wish.remote_name, is_for_good);
  step.precondition = precondition_of(observed, {});
  step.losses = losses_of(draft, observed);
  if (step.kind->is_a("synced_table")) {
    step.disruption = "nobody can read the table until it is copied anew";
    // Until the next one is made it says whose the table is that the old one leaves in Postgres.
    if (wish.record != nullptr) step.record = *wish.record;
  }
  step.changes = std::move(changes);
}

Fate replace(Draft& draft, const Wish& wish, const Observed& observed,
             std::vector<FieldChange> changes) {
  const bool is_asked_for = draft.options.replace.contains(wish.declaration->address.text());
  const std::string why = is_asked_for              ? "asked for"
                          : !wish.made_anew.empty() ? wish.made_anew
                                                    : fixed_fields(changes);
  if (is_bound_to_parent(observed)) {
    draft.refuse("P009", wish.declaration->address, wish.declaration->place,
                 fmt::format("{} but the service deletes it only together with its {}", why,
                             wish.declaration->kind->parent),
                 "take the change back, or declare another one beside it");
    return Fate::kStays;
  }
  clear_away(draft, wish, observed, with_size(why, observed), std::move(changes));
  return make(draft, wish, why, true);
}

bool is_refused_adoption(Draft& draft, const Wish& wish) {
  if (wish.record != nullptr || wish.declaration->lifecycle.adopt) return false;
  draft.refuse("P008", wish.declaration->address, wish.declaration->place,
               fmt::format("{} exists already, was never applied, and lifecycle.adopt is false",
                           wish.remote_name),
               "set lifecycle.adopt: true to take it over, or choose another id");
  return true;
}

void note_defaults(Draft& draft, const Wish& wish, const std::vector<FieldChange>& changes) {
  const bool has_defaults =
      std::any_of(changes.begin(), changes.end(), [](const FieldChange& change) {
        return change.field->name.starts_with("default_endpoint.");
      });
  if (has_defaults) {
    draft.notice(Notice::Type::kDefaultsDoNotReach, *wish.declaration,
                 "default_endpoint is for endpoints created later; those that exist keep theirs");
  }
}

/// The database gets an owner whom the service does not know.
bool has_owner_by_statement(const Draft& draft, const Wish& wish) {
  return std::any_of(
      draft.manifest.insides.begin(), draft.manifest.insides.end(), [&](const Inside& inside) {
        return inside.address == wish.declaration->address && !inside.wishes.owners.empty();
      });
}

void note_released(Draft& draft, const Wish& wish, const Difference& difference) {
  for (const Field* field : difference.released) {
    if (field->name == "owner" && has_owner_by_statement(draft, wish)) continue;
    const Document& shown = value_of(wish.live->fields, *field);
    draft.notice(Notice::Type::kLeftAsItIs, *wish.declaration,
                 fmt::format("{} is no longer declared and stays {}", field->name,
                             show_value(*field, shown)));
  }
}

Fate change(Draft& draft, const Wish& wish) {
  if (is_refused_adoption(draft, wish)) return Fate::kLeft;
  const Observed& live = *wish.live;
  Difference difference = diff(wish, live, draft.options.now);
  // Statements change it, as they would have made it.
  if (wish.declaration->is_made_in_sql) difference.changes.clear();
  const bool is_asked_for = draft.options.replace.contains(wish.declaration->address.text());
  if (difference.needs_replacement() || is_asked_for || !wish.made_anew.empty()) {
    return replace(draft, wish, live, std::move(difference.changes));
  }
  note_released(draft, wish, difference);
  const bool moves_end =
      std::any_of(difference.changes.begin(), difference.changes.end(),
                  [](const FieldChange& each) { return each.field->type == Type::kExpiry; });
  const std::string soon = moves_end ? "" : soon_text(live, draft.options.now);
  if (!soon.empty()) draft.notice(Notice::Type::kExpiresSoon, *wish.declaration, soon);
  if (!difference.changes.empty()) {
    note_defaults(draft, wish, difference.changes);
    const std::string why = reasons_of(difference.changes);
    update(draft, wish, &live, std::move(difference.changes), why);
  } else if (wish.record == nullptr && !wish.declaration->is_of_class) {
    ++draft.plan.adopted;
  }
  return Fate::kStays;
}

/// Its time has passed and it is still declared.
Fate follow_expiry(Draft& draft, const Wish& wish, Instant end) {
  const OnExpiry choice = on_expiry(*wish.declaration);
  const std::string date = timestamp_text(end);
  const bool is_dated = text_at(wish.wanted, "expires.expire_time") != "";
  if (choice == OnExpiry::kForget || is_dated) {
    draft.notice(Notice::Type::kExpired, *wish.declaration,
                 is_dated && choice != OnExpiry::kForget
                     ? fmt::format("its end, {}, lies in the past, so it cannot be made: set a "
                                   "later one or take its block out of the manifest",
                                   date)
                     : fmt::format("expired at {}, as it was meant to: take its block out of the "
                                   "manifest",
                                   date));
    return Fate::kLeft;
  }
  const std::string why =
      fmt::format("expired at {}; on_expiry: {}", date, text_at(wish.wanted, "on_expiry"));
  if (wish.deleted != nullptr) {
    draft.consented.insert(wish.deleted->name);
    clear_away(draft, wish, *wish.deleted, why);
  }
  return make(draft, wish, why, wish.deleted != nullptr);
}

Fate make_absent(Draft& draft, const Wish& wish) {
  if (wish.declaration->kind->identity == Identity::kSingleton) {
    update(draft, wish, nullptr, initial_changes(wish), "its project answered with none");
    return Fate::kMade;
  }
  const auto end = known_end(wish);
  if (end && *end <= draft.options.now) return follow_expiry(draft, wish, *end);
  return make(draft, wish,
              wish.record == nullptr ? "not in the workspace"
                                     : "was applied and is gone from the workspace");
}

/// "deleted 3 d ago, purged in 4 d".
std::string history_of(const Observed& deleted, Instant now) {
  std::string text = "deleted";
  const auto gone = parse_timestamp(deleted.delete_time);
  const auto purge = parse_timestamp(deleted.purge_time);
  if (gone && *gone <= now) {
    text +=
        fmt::format(" {} ago (gone since {})", rough_duration(now - *gone), deleted.delete_time);
  }
  if (purge && *purge > now) {
    text += fmt::format(", purge in {} (at {})", rough_duration(*purge - now), deleted.purge_time);
  }
  return text;
}

Fate bring_back(Draft& draft, const Wish& wish) {
  const Observed& deleted = *wish.deleted;
  const Instant now = draft.options.now;
  const auto purge = parse_timestamp(deleted.purge_time);
  if (purge && *purge <= now) return make_absent(draft, wish);
  const auto end = known_end(wish);
  const bool is_over = end && *end <= now;
  // What lives on by every apply comes back with what it holds.
  if (is_over && on_expiry(*wish.declaration) != OnExpiry::kRenew) {
    return follow_expiry(draft, wish, *end);
  }
  if (is_refused_adoption(draft, wish)) return Fate::kLeft;
  const std::string history = history_of(deleted, now);
  Difference difference = diff(wish, deleted, now);
  // Lists may show no more of it than its name; what they do not show is compared when it is back.
  // Where they show something, what is missing has its default, as of anything that exists.
  const bool shows_fields = !deleted.fields.empty();
  std::erase_if(difference.changes, [&](const FieldChange& each) {
    const bool is_expiry = each.field->type == Type::kExpiry;
    const bool has_default = shows_fields && each.field->on_change == OnChange::kUpdate;
    const bool stays_so = is_expiry && each.after.contains("never");
    return each.before.is_null() && !(is_over && is_expiry) && (!has_default || stays_so);
  });
  if (difference.needs_replacement()) {
    const std::string why = fixed_fields(difference.changes) + "; " + history;
    clear_away(draft, wish, deleted, why, difference.changes);
    return make(draft, wish, why, true);
  }
  Step& step = draft.add_step(Action::kUndelete, wish, history);
  step.request = undelete_request(*wish.declaration->kind, wish.remote_name);
  step.precondition = precondition_of(deleted, {});
  if (!difference.changes.empty()) {
    const std::string why = reasons_of(difference.changes);
    update(draft, wish, nullptr, std::move(difference.changes), why);
  }
  draft.notice(Notice::Type::kLeftAsItIs, *wish.declaration,
               "what it contains is known when it is back");
  return Fate::kUndeleted;
}

/// A role or a database of a branch that comes into being in this plan.
void make_content(Draft& draft, const Wish& wish) {
  if (auto changes = inherited_changes(draft, wish)) {
    if (changes->empty()) return;
    update(draft, wish, nullptr, std::move(*changes), "comes with its branch from the source");
    return;
  }
  const Wish& parent = draft.wishes[wish.parent];
  begin(draft, wish, fmt::format("its {} is made by this plan", parent.declaration->kind->name),
        initial_changes(wish), true);
}

/// A member of something that comes into being in this plan.
Fate make_member(Draft& draft, const Wish& wish) {
  const Declaration& declaration = *wish.declaration;
  const Kind& kind = *declaration.kind;
  if (wish.live != nullptr) draft.doomed.insert(wish.live->name);
  const std::string& key = declaration.id;
  if (kind.identity == Identity::kSingleton || is_implied(kind, key)) {
    std::vector<FieldChange> changes = changes_to_implied(wish);
    if (!changes.empty()) {
      update(draft, wish, nullptr, std::move(changes),
             "made together with its " + std::string(kind.parent));
    }
    return Fate::kMade;
  }
  if (has_postgres_name(kind)) {
    make_content(draft, wish);
    return Fate::kMade;
  }
  const Wish& parent = draft.wishes[wish.parent];
  return make(draft, wish,
              fmt::format("its {} is made by this plan", parent.declaration->kind->name));
}

/// On a server without a control plane statements make its roles, and weir nothing else; in an
/// instance weir makes no databases.
Fate find_on_server(Draft& draft, const Wish& wish) {
  const Declaration& declaration = *wish.declaration;
  if (wish.live != nullptr) return Fate::kStays;
  if (declaration.is_made_in_sql) return Fate::kMade;
  const Fate container = wish.parent == kNowhere ? Fate::kStays : draft.fates[wish.parent];
  if (container == Fate::kLeft) return Fate::kLeft;
  if (container == Fate::kMade && is_implied(*declaration.kind, declaration.id)) return Fate::kMade;
  if (is_selected(draft.options, declaration.address)) {
    draft.refuse(
        "P015", declaration.address, declaration.place,
        fmt::format("{} is not on the server, and weir makes no databases there", declaration.id),
        fmt::format("make it first: createdb {}", declaration.id));
  }
  return Fate::kLeft;
}

/// It is about something that this plan ends and makes anew.
Fate replace_with_container(Draft& draft, const Wish& wish) {
  const std::string why = fmt::format("its {} is made anew by this plan",
                                      draft.wishes[wish.parent].declaration->kind->name);
  clear_away(draft, wish, *wish.live, why);
  return make(draft, wish, why, true);
}

Fate decide_wish(Draft& draft, const Wish& wish) {
  if (!wish.declaration->takes_requests) return find_on_server(draft, wish);
  if (wish.declaration->kind->is_foreign) return decide_bound(draft, wish);
  if (is_nameless(draft, wish)) return Fate::kLeft;
  switch (wish.parent == kNowhere ? Fate::kStays : draft.fates[wish.parent]) {
    case Fate::kLeft:
    case Fate::kUndeleted:
      return Fate::kLeft;
    case Fate::kMade:
      if (wish.declaration->is_made_in_sql) return Fate::kMade;
      if (!wish.declaration->kind->is_apart) return make_member(draft, wish);
      // It stands elsewhere, and may have outlived what contained it.
      if (wish.live != nullptr && draft.wishes[wish.parent].live != nullptr) {
        return replace_with_container(draft, wish);
      }
      break;
    case Fate::kStays:
      break;
  }
  if (wish.declaration->is_made_in_sql && wish.live == nullptr) return Fate::kMade;
  if (wish.live != nullptr) return change(draft, wish);
  return wish.deleted != nullptr ? bring_back(draft, wish) : make_absent(draft, wish);
}

enum class Turn { kContainers, kContent, kAboutContent, kBound };

Turn turn_of(const Draft& draft, const Wish& wish) {
  if (wish.declaration->kind->is_foreign) return Turn::kBound;
  if (has_postgres_name(*wish.declaration->kind)) return Turn::kContent;
  const bool is_of_content =
      wish.parent != kNowhere && has_postgres_name(*draft.wishes[wish.parent].declaration->kind);
  return is_of_content ? Turn::kAboutContent : Turn::kContainers;
}

}  // namespace

void decide(Draft& draft) {
  const std::vector<Wish>& wishes = draft.wishes.all();
  draft.fates.assign(wishes.size(), Fate::kStays);
  const auto decide_all = [&](Turn turn) {
    for (std::size_t index = 0; index < wishes.size(); ++index) {
      if (turn_of(draft, wishes[index]) == turn) {
        draft.fates[index] = decide_wish(draft, wishes[index]);
      }
    }
  };
  // What a branch contains from the beginning depends on what becomes of others.
  decide_all(Turn::kContainers);
  name_inherited(draft);
  decide_all(Turn::kContent);
  share_pipelines(draft);
  decide_all(Turn::kAboutContent);
  draft.wishes.name_bound();
  decide_all(Turn::kBound);
}

}  // namespace weir
