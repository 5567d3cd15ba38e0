#include "cli/text_view.h"

#include <algorithm>

#include <fmt/format.h>

#include "cli/diagnostic_view.h"
#include "cli/sql_view.h"

namespace weir {
namespace {

Colour colour_of(Symbol symbol) {
  switch (symbol) {
    case Symbol::kCreate:
    case Symbol::kUndelete:
      return Colour::kGreen;
    case Symbol::kDelete:
    case Symbol::kReplace:
      return Colour::kRed;
    case Symbol::kForget:
      return Colour::kDim;
    default:
      return Colour::kYellow;
  }
}

std::string mark(Symbol symbol, const Terminal& terminal) {
  return terminal.paint(colour_of(symbol), terminal.symbol(symbol));
}

std::string parenthesised(const std::string& text) {
  return text.empty() ? "" : fmt::format("  ({})", text);
}

/// Field lines in two columns.
std::string changes_text(const std::vector<FieldChange>& changes, const Terminal& terminal) {
  std::vector<FieldLine> lines;
  std::size_t width = 0;
  for (const FieldChange& change : changes) {
    lines.push_back(line_of(change, terminal));
    width = std::max(width, lines.back().field.size());
  }
  std::string text;
  for (const FieldLine& line : lines) {
    text += fmt::format("    {:<{}}  {}{}\n", line.field, width, line.value,
                        terminal.paint(Colour::kDim, parenthesised(line.note)));
  }
  return text;
}

std::string losses_text(const Step& step, const Plan& plan) {
  std::string text;
  if (!step.losses.empty()) text += "    takes with it:\n";
  for (const Loss& loss : step.losses) text += fmt::format("      - {}\n", text_of(loss));
  if (!step.bound_apps.empty()) text += "    takes it from:\n";
  for (const BoundApp& app : step.bound_apps) text += fmt::format("      - {}\n", text_of(app));
  if (!step.recoverable_until.empty()) {
    text +=
        fmt::format("    can be undeleted until {}\n", when(step.recoverable_until, plan.made_at));
  }
  return text;
}

std::string item_text(const PlanItem& item, const Plan& plan, const Terminal& terminal) {
  const Symbol symbol = symbol_of(item);
  std::string text = fmt::format("{} {}{}\n", mark(symbol, terminal),
                                 terminal.paint(Colour::kBold, harmless(item.step->address.text())),
                                 parenthesised(harmless(item.why())));
  text += changes_text(item.changes(), terminal);
  if (item.step->script) text += script_text(*item.step->script, terminal, "    ");
  if (item.loser().is_destructive()) text += losses_text(item.loser(), plan);
  if (!item.step->disruption.empty()) {
    text += fmt::format("    note: {}\n", harmless(item.step->disruption));
  }
  return text;
}

std::string heading(const Plan& plan, std::string_view what) {
  std::string text = fmt::format("{} {}", what, plan.name.empty() ? "the manifests" : plan.name);
  if (!plan.environment.empty()) text += fmt::format(", environment {}", plan.environment);
  if (!plan.host.empty()) text += fmt::format(", in {}", plan.host);
  return harmless(text) + "\n\n";
}

std::string_view sign_of(Notice::Type type, const Terminal& terminal) {
  const bool is_about_time = type == Notice::Type::kExpiresSoon || type == Notice::Type::kExpired;
  return is_about_time ? terminal.symbol(Symbol::kExpires) : "i";
}

std::string notices_text(const Plan& plan, const Terminal& terminal) {
  std::string text;
  for (const Notice& notice : plan.notices) {
    text +=
        fmt::format("{} {}: {}\n", terminal.paint(Colour::kYellow, sign_of(notice.type, terminal)),
                    harmless(notice.address.text()), harmless(notice.text));
  }
  return text.empty() ? "" : text + "\n";
}

/// What nobody looked at may have drifted.
std::string not_seen_text(const Plan& plan, const Terminal& terminal) {
  Plan unseen;
  std::ranges::copy_if(plan.notices, std::back_inserter(unseen.notices), is_unseen);
  return notices_text(unseen, terminal);
}

/// Nobody may take for whole what was not looked at.
std::string sentence_for_none(const Plan& plan, std::string_view what, std::string_view otherwise) {
  if (std::ranges::any_of(plan.notices, is_unseen)) {
    return fmt::format("No {} in what was looked into.", what);
  }
  return std::string(otherwise);
}

std::string unmanaged_text(const std::vector<Unmanaged>& unmanaged) {
  std::string text;
  for (const Unmanaged& each : unmanaged) text += fmt::format("  {}\n", text_of(each));
  return text.empty() ? "" : "Nobody declares these; they are left alone:\n" + text + "\n";
}

/// What others may do inside of databases is drift's to tell: a plan that leaves it as it is would
/// repeat it each time.
std::vector<Unmanaged> resources_among(std::vector<Unmanaged> unmanaged) {
  std::erase_if(unmanaged, [](const Unmanaged& each) { return !each.access.empty(); });
  return unmanaged;
}

}  // namespace

std::string plan_text(const Plan& plan, const Sources& sources, const Terminal& terminal,
                      const Took& took, std::string_view when_empty, Notices notices) {
  std::string text = heading(plan, "Plan for");
  for (const PlanItem& item : items_of(plan)) text += item_text(item, plan, terminal);
  if (plan.steps.empty()) {
    text += plan.refusals.empty() ? sentence_for_none(plan, "changes", when_empty) + "\n"
                                  : "No changes can be made.\n";
  }
  text += "\n";
  text += notices == Notices::kShown ? notices_text(plan, terminal) : not_seen_text(plan, terminal);
  text += unmanaged_text(resources_among(plan.unmanaged));
  if (!plan.refusals.empty()) {
    text += "This plan must not be applied:\n";
    text += diagnostics_text(plan.refusals, sources, terminal) + "\n";
  }
  return text + terminal.paint(Colour::kBold, plan_summary(plan, took)) + "\n";
}

std::string drift_text(const Plan& plan, const Terminal& terminal, const Took& took,
                       std::string_view when_empty) {
  std::string text = heading(plan, "Drift of");
  for (const Drift& drift : plan.drift) {
    const Symbol symbol = drift.is_gone ? Symbol::kDelete : Symbol::kUpdate;
    text += fmt::format("{} {}{}\n", mark(symbol, terminal),
                        terminal.paint(Colour::kBold, harmless(drift.address.text())),
                        drift.is_gone ? fmt::format("  (not {})", place_of(plan)) : "");
    text += changes_text(drift.changes, terminal);
    for (const PlannedStatement& each : drift.statements) {
      text += fmt::format("    {}\n", harmless(each.statement.why));
    }
    for (const std::string& problem : drift.problems) {
      text += fmt::format("    {}\n", harmless(problem));
    }
  }
  if (plan.drift.empty()) text += sentence_for_none(plan, "drift", when_empty) + "\n";
  text += "\n";
  text += not_seen_text(plan, terminal);
  text += unmanaged_text(plan.unmanaged);
  return text + terminal.paint(Colour::kBold, drift_summary(plan, took)) + "\n";
}

}  // namespace weir
