// What was applied and is declared no longer, or everything when the plan is to end it.
#include <fmt/format.h>

#include "planner/bindings.h"
#include "planner/draft.h"
#include "planner/earlier.h"
#include "planner/radius.h"
#include "planner/request.h"
#include "planner/script.h"
#include "planner/selection.h"
#include "sql/wishes_document.h"

namespace weir {
namespace {

/// Something that is to go, by its declaration, its record, or both.
struct Parting {
  const Kind* kind = nullptr;
  const Declaration* declaration = nullptr;
  const Record* record = nullptr;
  const Observed* live = nullptr;
  std::string remote_name = {};
};
using Partings = std::map<Address, Parting>;

const Observed* live_of(const Draft& draft, const Kind& kind, const Record& record) {
  const Observed* live = draft.observations.find(record.remote_name);
  if (live == nullptr && has_postgres_name(kind) && has_guessed_id(record)) {
    live = draft.observations.find_postgres(kind, parent_of_name(record.remote_name),
                                            record.address.key());
  }
  return live == nullptr || live->is_deleted() ? nullptr : live;
}

Partings partings_of(Draft& draft) {
  Partings partings;
  // What is chosen goes by itself, though it would go with what contains it as well.
  const auto is_chosen = [&](const Address& address) {
    return !draft.options.is_destroy || is_selected(draft.options, address);
  };
  for (const auto& [address, record] : draft.records) {
    const Wish* wish = draft.wishes.find(address);
    const bool is_meant = draft.options.is_destroy || (draft.options.may_prune && wish == nullptr);
    if (!is_meant || !is_chosen(address)) continue;
    if (record.kind == inside_kind().name) continue;
    const Kind* kind = draft.catalogue.find(record.kind);
    if (kind == nullptr) {
      draft.refuse(
          "P012", address, {},
          fmt::format("was applied as a {}, a kind that this version does not know", record.kind),
          "use the version of weir that applied it, or a later one");
      continue;
    }
    const Observed* live = live_of(draft, *kind, record);
    partings[address] = {.kind = kind,
                         .record = &record,
                         .live = live,
                         .remote_name = live == nullptr ? record.remote_name : live->name};
  }
  if (!draft.options.is_destroy) return partings;
  for (const Wish& wish : draft.wishes.all()) {
    if (wish.live == nullptr || !is_chosen(wish.declaration->address)) continue;
    Parting& parting = partings[wish.declaration->address];
    parting.kind = wish.declaration->kind;
    parting.declaration = wish.declaration;
    parting.live = wish.live;
    parting.remote_name = wish.remote_name;
  }
  return partings;
}

Step& add(Draft& draft, const Address& address, const Parting& parting, Action action,
          std::string why) {
  draft.plan.steps.push_back(
      {.action = action,
       .address = address,
       .kind = parting.kind,
       .remote_name = parting.remote_name,
       .why = std::move(why),
       .lock = action == Action::kForget ? "" : lock_of(*parting.kind, parting.remote_name),
       .place = parting.declaration == nullptr ? Place{} : parting.declaration->place});
  return draft.plan.steps.back();
}

void forget(Draft& draft, const Address& address, const Parting& parting, std::string why) {
  // Without a record there is nothing to forget.
  if (parting.record != nullptr) add(draft, address, parting, Action::kForget, std::move(why));
}

/// What was remembered under the old address is so under the new one from the beginning: a kill
/// before the heir's own step must not lose it.
void pass_on(Draft& draft, const Wish& heir, const Parting& parting) {
  const Address& address = heir.declaration->address;
  if (parting.record == nullptr || draft.records.contains(address)) return;
  Record record = *parting.record;
  record.address = address;
  draft.plan.adoptions.push_back(std::move(record));
}

void say_that_it_stays(Draft& draft, const Address& address, const Parting& parting,
                       const std::string& why) {
  draft.plan.notices.push_back(
      {.type = Notice::Type::kKeptOnRemoval,
       .address = address,
       .text = fmt::format("{} stays in the workspace: {}", parting.remote_name, why)});
}

void keep(Draft& draft, const Address& address, const Parting& parting, const std::string& why) {
  say_that_it_stays(draft, address, parting, why);
  forget(draft, address, parting, why);
}

/// As long as it is declared the record is what tells it from ours: the next plan to end everything
/// must leave it as well.
void leave_to_others(Draft& draft, const Address& address, const Parting& parting,
                     const std::string& why) {
  if (parting.declaration == nullptr) return keep(draft, address, parting, why);
  say_that_it_stays(draft, address, parting, why);
}

std::string on_remove(const Draft& draft, const Address& address, const Parting& parting) {
  std::string choice = said_of_removal(draft.manifest, address);
  if (!choice.empty()) return choice;
  choice = parting.declaration == nullptr ? "" : parting.declaration->lifecycle.on_remove;
  if (choice.empty() && parting.record != nullptr) choice = parting.record->on_remove;
  return choice;
}

/// A list of permissions cannot be deleted: the entries that were applied are taken away.
void revoke(Draft& draft, const Address& address, const Parting& parting) {
  const Field& field = parting.kind->fields.front();
  const Document& applied = parting.record != nullptr
                                ? value_of(parting.record->fields, field)
                                : value_of(parting.declaration->fields, field);
  const Document& shown = value_of(parting.live->fields, field);
  FieldChange change = {.field = &field,
                        .before = shown,
                        .after = merged_permissions(Document(), applied, shown),
                        .reason = Reason::kNoLongerDeclared};
  if (change.after == change.before) return forget(draft, address, parting, "its entries are gone");
  Step& step = add(draft, address, parting, Action::kUpdate, "no longer declared");
  step.request = permissions_request(*parting.kind, parting.remote_name, change);
  step.precondition = precondition_of(*parting.live, {change});
  step.changes.push_back(std::move(change));
}

std::string why_it_ends(const Draft& draft, const Parting& parting) {
  if (!draft.options.is_destroy) return "no longer declared";
  const bool is_of_class = parting.declaration != nullptr && parting.declaration->is_of_class;
  return is_of_class ? "asked for" : "everything declared is to end";
}

/// Other tools end it; of its list the entries go that were applied.
void unbind(Draft& draft, const Address& address, const Parting& parting) {
  const Field& field = *bindings_in(*parting.kind);
  const Wish* wish = draft.wishes.find(address);
  const Document& applied = parting.record != nullptr ? value_of(parting.record->fields, field)
                                                      : value_of(wish->wanted, field);
  std::vector<FieldChange> changes =
      binding_changes(field, Document(), &applied, value_of(parting.live->fields, field));
  if (changes.empty()) return forget(draft, address, parting, "its entries are gone");
  Step& step = add(draft, address, parting, Action::kUpdate, why_it_ends(draft, parting));
  step.precondition = precondition_of(*parting.live, changes);
  step.changes = std::move(changes);
  step.request = binding_request_for(step, *parting.live);
}

/// On a server without a control plane roles are all that goes, by a statement.
void end_by_statement(Draft& draft, Step& step, const Observed& role) {
  const std::string branch = parent_of_name(role.name);
  const Observed* entry = draft.observations.find(branch);
  const sql::Wishes wishes = {
      .role_ends = {{.tag = step.address.text(), .role = role.postgres_name}}};
  step.script = {
      .place = {.branch = branch,
                .database = entry == nullptr ? "" : text_at(entry->facts, "entry_database")},
      .wishes = sql::document_of(wishes)};
  const InsideView* view = view_of(draft.insides, step.script->place);
  if (view == nullptr || !view->catalogue) {
    const std::string why = view == nullptr ? "nobody looked" : view->withheld;
    return draft.refuse("P014", step.address, step.place,
                        fmt::format("cannot be dropped: database {} was not looked into: {}",
                                    step.script->place.database, why),
                        "plan again when it answers");
  }
  const sql::Difference difference = sql::difference(*view->catalogue, wishes);
  for (const sql::Statement& statement : difference.statements) {
    step.script->statements.push_back(
        {.statement = statement, .reason = Reason::kNoLongerDeclared});
  }
  if (const std::string problem = error_in(difference); !problem.empty()) {
    draft.refuse("P014", step.address, step.place, problem,
                 "let somebody else apply who may, or set lifecycle.on_remove: keep");
  }
}

void remove(Draft& draft, const Address& address, const Parting& parting) {
  Step& step = add(draft, address, parting, Action::kDelete,
                   with_size(why_it_ends(draft, parting), *parting.live));
  if (draft.manifest.server.is_made()) {
    return end_by_statement(draft, step, *parting.live);
  }
  step.request = delete_request(*parting.kind, parting.remote_name, false);
  step.precondition = precondition_of(*parting.live, {});
  step.losses = losses_of(draft, *parting.live);
  step.recoverable_until = recovery_of(*parting.kind, Action::kDelete);
  if (!parting.kind->is_a("synced_table") || parting.record == nullptr) return;
  // It is remembered until statements have dropped what it leaves in Postgres.
  step.record = *parting.record;
  forget(draft, address, parting, "once what it leaves in Postgres is gone");
}

bool is_made_anew(const Record* record, const Observed* live) {
  return record != nullptr && live != nullptr && !is_same_resource(*record, *live);
}

/// Many members have no uid: they are as much ours as what contains them.
bool is_inside_of_anew(const Draft& draft, const std::string& remote_name) {
  for (std::string above = parent_of_name(remote_name); !above.empty();
       above = parent_of_name(above)) {
    const auto address = draft.addresses.find(above);
    if (address == draft.addresses.end()) continue;
    const Record& record = draft.records.at(address->second);
    if (is_made_anew(&record, draft.observations.find(above))) return true;
  }
  return false;
}

}  // namespace

void decide_removals(Draft& draft) {
  for (const auto& [address, parting] : partings_of(draft)) {
    if (goes_with_another(draft, parting.remote_name)) continue;
    const Wish* heir = draft.options.is_destroy ? nullptr : draft.wishes.named(parting.remote_name);
    if (heir != nullptr) {
      pass_on(draft, *heir, parting);
      forget(draft, address, parting,
             "is declared as " + heir->declaration->address.text() + " now");
    } else if (parting.live == nullptr) {
      forget(draft, address, parting, "is gone from the workspace already");
    } else if (is_made_anew(parting.record, parting.live)) {
      leave_to_others(draft, address, parting, "somebody made it anew, so it is not ours");
    } else if (is_inside_of_anew(draft, parting.remote_name)) {
      leave_to_others(draft, address, parting,
                      "somebody made anew what contains it, so it is not ours");
    } else if (on_remove(draft, address, parting) == "keep") {
      keep(draft, address, parting, "on_remove is keep");
    } else if (parting.kind->identity == Identity::kSingleton) {
      revoke(draft, address, parting);
    } else if (parting.kind->is_foreign) {
      unbind(draft, address, parting);
    } else if (is_bound_to_parent(*parting.live)) {
      keep(draft, address, parting,
           fmt::format("the service deletes it only together with its {}", parting.kind->parent));
    } else {
      draft.ending.insert(parting.remote_name);
      remove(draft, address, parting);
    }
  }
}

}  // namespace weir
