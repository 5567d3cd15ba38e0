#include "cli/plan_items.h"

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "core/value.h"

namespace weir {
namespace {

std::string calls_text(const Plan& plan, const Took& took) {
  std::string calls = plan.requests == 1 ? "1 call" : fmt::format("{} calls", plan.requests);
  if (plan.queries > 0) calls += fmt::format(", {} to databases", plan.queries);
  if (!took) return fmt::format("({})", calls);
  const double seconds = std::chrono::duration<double>(*took).count();
  return fmt::format("({:.1f} s, {})", seconds, calls);
}

}  // namespace

Danger PlanItem::danger() const {
  if (is_replacement()) return Danger::kReplaces;
  const bool drops_schemas = step->script && !dropped_schemas(*step->script).empty();
  return step->is_destructive() || drops_schemas ? Danger::kDestroys : Danger::kNone;
}

std::vector<FieldChange> PlanItem::changes() const {
  if (removal == nullptr || removal == step) return step->changes;
  std::vector<FieldChange> all = removal->changes;
  for (const FieldChange& change : step->changes) {
    if (std::ranges::find(all, change.field, &FieldChange::field) == all.end()) {
      all.push_back(change);
    }
  }
  return all;
}

const std::string& PlanItem::why() const {
  return step->why.empty() ? loser().why : step->why;
}

std::vector<PlanItem> items_of(const Plan& plan) {
  std::map<Address, std::size_t> replaced;  // where the item of an address stands
  std::vector<PlanItem> items;
  for (const Step& step : plan.steps) {
    const auto found = step.is_replacement ? replaced.find(step.address) : replaced.end();
    if (found == replaced.end()) {
      if (step.is_replacement) replaced[step.address] = items.size();
      const bool begins_with_removal = step.is_replacement && step.is_destructive();
      items.push_back({.step = &step, .removal = begins_with_removal ? &step : nullptr});
    } else if (step.is_destructive()) {
      items[found->second].removal = &step;
    } else {
      items[found->second].step = &step;
    }
  }
  return items;
}

Symbol symbol_of(const PlanItem& item) {
  if (item.is_replacement()) return Symbol::kReplace;
  switch (item.step->action) {
    case Action::kCreate:
      return Symbol::kCreate;
    case Action::kUpdate:
      return Symbol::kUpdate;
    case Action::kDelete:
    case Action::kPurge:
      return Symbol::kDelete;
    case Action::kUndelete:
      return Symbol::kUndelete;
    case Action::kForget:
      return Symbol::kForget;
    case Action::kExecute:
      return Symbol::kUpdate;
  }
  return Symbol::kUpdate;
}

std::string plan_summary(const Plan& plan, const Took& took) {
  const Counts counts = count(plan);
  std::string text = fmt::format("Plan: {} to create, {} to change, {} to destroy", counts.create,
                                 counts.update, counts.destroy);
  std::string more;
  const auto add = [&](std::size_t number, std::string_view what) {
    if (number > 0) more += fmt::format("; {} {}", number, what);
  };
  add(counts.statements, counts.statements == 1 ? "statement" : "statements");
  add(counts.replace, "replaced");
  add(counts.undelete, "undeleted");
  add(counts.adopt, "adopted");
  add(counts.forget, "forgotten");
  add(counts.drifted, "drifted");
  add(plan.refusals.size(), "blocked");
  return fmt::format("{}{} {}", text, more, calls_text(plan, took));
}

std::string drift_summary(const Plan& plan, const Took& took) {
  const std::string unmanaged =
      plan.unmanaged.empty() ? "" : fmt::format("; {} not declared", plan.unmanaged.size());
  return fmt::format("Drift: {} of {} resources{} {}", plan.drift.size(), plan.declared, unmanaged,
                     calls_text(plan, took));
}

namespace {

/// "description \"one\" → \"two\"": what differs between two entries that lead to the same.
std::string members_text(const Document& before, const Document& after, const Terminal& terminal) {
  std::string text;
  for (const auto& [key, value] : after.items()) {
    const Document was = before.value(key, Document());
    if (was == value) continue;
    text += fmt::format("{}{} {} {} {}", text.empty() ? "" : ", ", key,
                        was.is_null() ? "(not set)" : to_text(was), terminal.symbol(Symbol::kArrow),
                        to_text(value));
  }
  return text;
}

/// Where an entry of a list leads to.
std::string binding_text(const Document& entry) {
  const std::string target = target_of_binding(entry);
  return target.empty() ? text_at(entry, "other") : target;
}

/// "bind.database  + projects/shop/…": lists of which only some entries are ours change by entry.
FieldLine line_of_binding(const FieldChange& change, const Terminal& terminal) {
  const bool is_new = change.before.empty();
  const bool is_end = change.after.empty();
  const Document& entry = is_end ? change.before.front() : change.after.front();
  std::string value = binding_text(entry);
  if (!is_new && !is_end) {
    const std::string before = binding_text(change.before.front());
    value = before == value
                ? members_text(change.before.front(), entry, terminal)
                : fmt::format("{} {} {}", before, terminal.symbol(Symbol::kArrow), value);
  }
  const Symbol sign = is_new ? Symbol::kCreate : is_end ? Symbol::kDelete : Symbol::kUpdate;
  return {
      .field = fmt::format("{}.{}", change.field->name, harmless(text_at(entry, "resource_key"))),
      .value = fmt::format("{} {}", terminal.symbol(sign), harmless(value)),
      .note = std::string(text_of(change.reason))};
}

}  // namespace

FieldLine line_of(const FieldChange& change, const Terminal& terminal) {
  if (change.field->type == Type::kBindings) return line_of_binding(change, terminal);
  FieldLine line{.field = std::string(change.field->name)};
  const std::string after =
      change.is_open ? "that of " + open_at(change) : show_value(*change.field, change.after);
  const bool is_new = change.before.is_null() && change.reason == Reason::kNew;
  line.value = harmless(after);
  if (!is_new) {
    line.value = fmt::format("{} {} {}", harmless(show_value(*change.field, change.before)),
                             terminal.symbol(Symbol::kArrow), harmless(after));
    line.note = text_of(change.reason);
  }
  const auto note = [&](std::string_view text) {
    line.note += (line.note.empty() ? "" : ", ") + std::string(text);
  };
  if (change.is_open) note("known after apply");
  if (change.needs_replacement) note("forces replacement");
  return line;
}

std::string text_of(const Loss& loss) {
  std::string facts = loss.size;
  const auto add = [&](const std::string& text) { facts += (facts.empty() ? "" : ", ") + text; };
  if (!loss.last_activity.empty()) add("last active " + loss.last_activity);
  if (!loss.is_declared) add("not declared");
  const std::string name = harmless(fmt::format("{} {}", loss.kind, loss.name));
  return facts.empty() ? name : fmt::format("{} ({})", name, harmless(facts));
}

std::string text_of(const BoundApp& bound) {
  return harmless(fmt::format("app {} (bound as {})", bound.name, bound.key));
}

std::string text_of(const Unmanaged& unmanaged) {
  if (!unmanaged.access.empty()) {
    return harmless(fmt::format("in {}: {}", unmanaged.name, unmanaged.access));
  }
  std::string text = fmt::format("{} {}", unmanaged.kind->name, harmless(unmanaged.name));
  if (unmanaged.postgres_name.empty()) return text;
  return fmt::format("{}  ({})", text, harmless(unmanaged.postgres_name));
}

std::string_view place_of(const Plan& plan) {
  return plan.server.is_made() ? "on the server" : "in the workspace";
}

std::string when(const std::string& timestamp, Instant now) {
  const std::optional<Instant> instant = parse_timestamp(timestamp);
  if (!instant) return harmless(timestamp);
  if (*instant < now) return fmt::format("{} ({} ago)", timestamp, rough_duration(now - *instant));
  return fmt::format("{} (in {})", timestamp, rough_duration(*instant - now));
}

}  // namespace weir
