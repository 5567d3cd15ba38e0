// The commands that only speak about weir itself.
#include <fmt/format.h>

#include "cli/commands.h"
#include "cli/help.h"
#include "cli/json_view.h"
#include "core/error.h"
#include "core/nearest.h"

namespace weir {

Exit run_help(const Invocation& invocation) {
  if (invocation.options.arguments().empty()) {
    print_text(invocation, help_text());
    return Exit::kDone;
  }
  const std::string& name = invocation.options.arguments().front();
  const Command* command = find_command(name);
  if (command == nullptr) {
    std::vector<std::string_view> names;
    for (const Command& candidate : all_commands()) names.push_back(candidate.name);
    const std::string near = did_you_mean(name, names);
    throw UsageError(fmt::format("weir has no command \"{}\"; {}", name,
                                 near.empty() ? "weir help lists them" : near));
  }
  print_text(invocation, help_text(*command));
  return Exit::kDone;
}

Exit run_version(const Invocation& invocation) {
  if (invocation.format() == "json") {
    print_exactly(
        pretty({{"format_version", std::string(kFormatVersion)}, {"weir_version", WEIR_VERSION}}));
  } else {
    print_text(invocation, fmt::format("weir {}\n", WEIR_VERSION));
  }
  return Exit::kDone;
}

Exit run_completion(const Invocation& invocation) {
  print_exactly(completion_script(invocation.options.arguments().front()));
  return Exit::kDone;
}

}  // namespace weir
