#include "cli/plan_printing.h"

#include "cli/markdown_view.h"
#include "cli/sql_view.h"

namespace weir {

Took Stopwatch::shown(const Invocation& invocation) const {
  const bool is_wanted = invocation.out.is_terminal || invocation.options.has("time");
  if (!is_wanted) return std::nullopt;
  return std::chrono::steady_clock::now() - begin_;
}

void print_plan(const Invocation& invocation, const Plan& plan, const Sources& sources,
                const Took& took, const Warnings& warnings, std::string_view when_empty) {
  const std::string format = invocation.format();
  if (format == "json") return print_exactly(pretty(plan_report(plan, sources, took, warnings)));
  if (format == "json-lines") return print_exactly(plan_lines(plan, sources, took, warnings));
  if (format == "markdown") return print_exactly(plan_markdown(plan, kLongestComment));
  // Nobody should execute by hand what must not be applied.
  const bool is_script = invocation.options.has("sql") && plan.refusals.empty();
  if (is_script) return print_exactly(sql_script(plan));
  const Notices notices = invocation.is_quiet() ? Notices::kHidden : Notices::kShown;
  print_text(invocation, plan_text(plan, sources, invocation.out, took, when_empty, notices));
}

void print_drift(const Invocation& invocation, const Plan& plan, const Took& took,
                 std::string_view when_empty) {
  const std::string format = invocation.format();
  if (format == "json") return print_exactly(pretty(drift_report(plan, took)));
  if (format == "json-lines") return print_exactly(drift_lines(plan, took));
  if (format == "markdown") return print_exactly(drift_markdown(plan, kLongestComment));
  print_text(invocation, drift_text(plan, invocation.out, took, when_empty));
}

}  // namespace weir
