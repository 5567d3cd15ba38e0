#include <fmt/format.h>

#include "cli/commands.h"
#include "cli/whole_file.h"
#include "cli/world.h"
#include "engine/apart_observer.h"
#include "manifest/export.h"
#include "providers/lakebase/kinds.h"

namespace weir {

Exit run_export(const Invocation& invocation) {
  const std::string file = invocation.options.value("out");
  if (!file.empty() && !invocation.options.has("force")) {
    check_may_replace(file, [](std::string_view /*text*/) { return false; });
  }
  World world(invocation, workspace_target(invocation, {}));
  Manifest nothing;
  const auto leave_out = [&](const std::string& why) {
    note(invocation, fmt::format("left out: {}\n", harmless(why)));
  };
  const ObserveOptions options = {
      .extent = Extent::kEverything, .parallelism = world.parallelism(), .leave_out = leave_out};
  Provider& provider = world.target().provider();
  Observations observations = observe(nothing, {}, provider, lakebase_catalogue(), options);
  observe_apart(observations, *world.target().lakehouse(), provider, lakebase_catalogue(), options);
  const std::string name = invocation.options.value("name");
  const Exported exported =
      export_manifest(observations, lakebase_catalogue(), name.empty() ? "exported" : name);
  for (const std::string& reason : exported.left_out) leave_out(reason);
  if (file.empty()) {
    print_exactly(exported.yaml);
  } else {
    write_whole_file(file, exported.yaml);
    note(invocation, fmt::format("written to {}\n", harmless(file)));
  }
  return Exit::kDone;
}

}  // namespace weir
