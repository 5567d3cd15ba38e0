#include "engine/ask.h"

#include <algorithm>

#include <fmt/format.h>

#include "planner/bindings.h"
#include "planner/identify.h"
#include "planner/planner.h"
#include "planner/request.h"

namespace weir {
namespace {

/// Whether what the plan was made for still holds, and what `request` was made from.
bool still_fits(const ApplyDoors& doors, const Step& step, const Request& request, WasSent was_sent,
                Reply& answer) {
  if (!is_pinned(step)) return true;
  try {
    const auto observed = doors.provider.get(*step.kind, step.remote_name);
    answer.moved = moved_since(step, observed ? &*observed : nullptr, was_sent);
    if (!answer.moved.empty()) return false;
    // Somebody has changed an entry of theirs just now: the next try sends it along.
    return !changes_bindings(step) || binding_request_for(step, *observed) == request;
  } catch (const ApiError& error) {
    answer.error = error;
    return false;
  }
}

/// The kind of what has a name that stands apart, among those that are like one of them.
const Kind* kind_of(const Catalogue& catalogue, const Kind& like, const std::string& name) {
  const auto kinds = catalogue.kinds();
  const auto found = std::ranges::find_if(kinds, [&](const Kind* kind) {
    return kind->is_a(like.sort()) && name.starts_with(std::string(kind->name_key()) + "/");
  });
  return found == kinds.end() ? nullptr : *found;
}

/// What nobody knew when the plan was made is known by now. Throws ApiError.
void fill_in(const ApplyDoors& doors, const Step& step, Request& request) {
  const NameOf as_it_is = [](const Field& /*field*/, const std::string& value) { return value; };
  for (const FieldChange& change : step.changes) {
    if (!change.is_open) continue;
    const std::string name = open_at(change);
    const Kind* kind = kind_of(doors.catalogue, *step.kind, name);
    const auto found = kind == nullptr ? std::nullopt : doors.provider.get(*kind, name);
    const Document value = found ? value_of(found->fields, *change.field) : Document();
    if (value.is_null()) {
      throw ApiError(fmt::format("{} does not show its {} yet, which this one has to name: "
                                 "apply again when it does",
                                 name, change.field->name),
                     {});
    }
    put_value(request.body, *change.field, value, as_it_is);
  }
}

/// The request of a step, which resets nothing of what stands there when it takes that over, and
/// nothing of others in a list. Nothing where there is nothing to ask for any more.
std::optional<Request> beside_others(const ApplyDoors& doors, const Step& step) {
  const bool is_of_list = changes_bindings(step);
  if (!is_of_list && !takes_over(step)) return *step.request;
  const auto found = doors.provider.get(*step.kind, step.remote_name);
  if (!found) return *step.request;
  if (is_of_list) return binding_request_for(step, *found);
  return beside_what_stands(step, *found);
}

std::optional<Request> request_now(const ApplyDoors& doors, const Step& step) {
  std::optional<Request> request = beside_others(doors, step);
  if (request) fill_in(doors, step, *request);
  return request;
}

/// The gate is closed: nothing may be executed now, and nothing was.
struct NotNow {};

}  // namespace

// The look is the last thing before the request leaves: whatever it waits for, it waits before.
void send(const ApplyDoors& doors, const Gate& gate, const Step& step, WasSent was_sent,
          Reply& answer) {
  answer.is_unsent = true;
  try {
    const std::optional<Request> request = request_now(doors, step);
    if (!request) {
      answer.is_unsent = false;
      answer.operation = {.is_done = true};
      return;
    }
    const auto may_leave = [&] {
      const bool may = still_fits(doors, step, *request, was_sent, answer) &&
                       gate.is_open(doors.calls.elapsed());
      answer.is_unsent = !may;
      return may;
    };
    answer.operation = doors.performer.start(*request, may_leave);
  } catch (const ApiError& error) {
    if (!answer.error) answer.error = error;
  }
}

std::string request_of(const Step& step) {
  if (step.request) return step.request->method + " " + step.request->target;
  const std::size_t count = step.script->statements.size();
  return fmt::format("{} statement{} in {}", count, count == 1 ? "" : "s",
                     step.script->place.database);
}

void look_up_record(Store& store, const Reply& reply, Intent& intent) {
  if (!reply.resource || reply.resource->kind == nullptr || !reply.resource->kind->is_foreign)
    return;
  const Records known = store.records();
  const auto before = known.find(intent.address);
  intent.record = record_of_bound(before == known.end() ? nullptr : &before->second, intent.record,
                                  *reply.resource);
}

void execute(const ApplyDoors& doors, const Gate& gate, const Script& script, Reply& answer) {
  const auto decide = [&](std::string_view snapshot) {
    ScriptNow now = script_now(script, snapshot, doors.verifier_of);
    answer.moved = std::move(now.moved);
    if (!now.refused.empty()) throw Error(now.refused);
    if (!answer.moved.empty()) return std::vector<SqlText>{};
    if (!gate.is_open(doors.calls.elapsed())) throw NotNow{};
    answer.executed.clear();
    for (const SqlText& text : now.statements) answer.executed.push_back(text.shown);
    return std::move(now.statements);
  };
  try {
    doors.databases->change(script.place, decide);
  } catch (const NotNow&) {
    answer.is_unsent = true;
  } catch (const SqlError& error) {
    answer.is_unknown = error.facts().is_unknown;
    throw;
  }
}

}  // namespace weir
