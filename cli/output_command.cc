#include <algorithm>

#include <fmt/format.h>

#include "cli/app_environment.h"
#include "cli/commands.h"
#include "cli/json_view.h"
#include "cli/outputs.h"
#include "cli/world.h"
#include "providers/lakebase/kinds.h"

namespace weir {
namespace {

std::string text_lines(const std::vector<OutputValue>& outputs) {
  std::size_t width = 0;
  for (const OutputValue& output : outputs) width = std::max(width, output.name.size());
  std::string text;
  for (const OutputValue& output : outputs) {
    text += fmt::format("{:<{}} = {}\n", harmless(output.name), width, harmless(output.value));
  }
  return text;
}

Document document_of(const std::vector<OutputValue>& outputs) {
  Document values = Document::object();
  for (const OutputValue& output : outputs) {
    values[output.name] = {{"value", output.value}};
    if (!output.description.empty()) values[output.name]["description"] = output.description;
  }
  return {{"format_version", std::string(kFormatVersion)}, {"outputs", std::move(values)}};
}

bool is_for_surroundings(const std::string& format) {
  return format == "dotenv" || format == "shell" || format == "app-yaml" || format == "github";
}

/// What an app's `env` says, in one of the forms of weir env.
Exit print_environment(const Invocation& invocation, const std::vector<OutputValue>& values) {
  const std::string format = invocation.format();
  AppEnvironment environment;
  for (const OutputValue& value : values) environment.emplace_back(value.name, value.value);
  if (format == "text") {
    print_text(invocation, text_lines(values));
  } else {
    print_exactly(text_of(environment, format == "env" ? "dotenv" : format));
  }
  return Exit::kDone;
}

/// The forms of an app's variables make no sense without an app, and its outputs have other names.
void refuse_what_does_not_fit(const Invocation& invocation) {
  const bool is_of_app = !invocation.options.value("app").empty();
  if (is_of_app && !invocation.options.arguments().empty()) {
    throw UsageError("NAME names an output, and -app prints the variables of an app; say one");
  }
  if (!is_of_app && is_for_surroundings(invocation.format())) {
    throw UsageError(
        fmt::format("-output {} is for the variables of an app; add -app NAME, or "
                    "write -output env",
                    invocation.format()));
  }
}

}  // namespace

Exit run_output(const Invocation& invocation) {
  refuse_what_does_not_fit(invocation);
  std::optional<Loaded> loaded = load(invocation, Keep::kManifestAndTree);
  if (!loaded) return Exit::kInvalid;
  World world(invocation, target_of(invocation, loaded->manifest));
  const Observations observations = world.observe(loaded->manifest, {});
  if (const std::string app = invocation.options.value("app"); !app.empty()) {
    return print_environment(invocation,
                             evaluate_environment(loaded->manifest, loaded->tree, observations,
                                                  lakebase_catalogue(), app));
  }
  const std::vector<std::string>& arguments = invocation.options.arguments();
  const std::string only = arguments.empty() ? "" : arguments.front();
  const std::vector<OutputValue> outputs =
      evaluate_outputs(loaded->manifest, loaded->tree, observations, lakebase_catalogue(), only);
  const std::string format = invocation.format();
  if (format == "json") {
    print_exactly(pretty(document_of(outputs)));
  } else if (format == "env") {
    print_exactly(shell_lines(outputs));
  } else if (!only.empty()) {
    print_text(invocation, harmless(outputs.front().value) + "\n");
  } else {
    print_text(invocation, text_lines(outputs));
  }
  return Exit::kDone;
}

}  // namespace weir
