#include <algorithm>

#include <fmt/format.h>

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

}  // namespace

Exit run_output(const Invocation& invocation) {
  std::optional<Loaded> loaded = load(invocation, Keep::kManifestAndTree);
  if (!loaded) return Exit::kInvalid;
  World world(invocation, target_of(invocation, loaded->manifest));
  const Observations observations = world.observe(loaded->manifest, {});
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
