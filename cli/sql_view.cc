#include "cli/sql_view.h"

#include <fmt/format.h>

namespace weir {

std::string shown_statement(const sql::Statement& statement) {
  std::string text = statement.text;
  if (statement.secret_at) text.insert(*statement.secret_at, "(secret)");
  return text;
}

std::string script_text(const Script& script, const Terminal& terminal, std::string_view indent) {
  std::string text;
  for (const PlannedStatement& planned : script.statements) {
    const std::string why = fmt::format("-- {}", harmless(planned.statement.why));
    text += fmt::format("{}{}\n{}{};\n", indent, terminal.paint(Colour::kDim, why), indent,
                        harmless(shown_statement(planned.statement)));
  }
  return text;
}

std::string sql_script(const Plan& plan) {
  std::string text;
  for (const Step& step : plan.steps) {
    if (!step.script) continue;
    const Script& script = *step.script;
    text += fmt::format("{}-- database {} of {}", text.empty() ? "" : "\n",
                        harmless(script.place.database), harmless(script.place.branch));
    if (!script.predicted_from.empty()) text += "; predicted from " + script.predicted_from;
    text += fmt::format("\nBEGIN;\n{}COMMIT;\n", script_text(script, Terminal{}, ""));
  }
  return text.empty() ? "-- nothing to execute\n" : text;
}

}  // namespace weir
