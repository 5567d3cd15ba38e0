// The commands that show what weir makes of manifests, and what it knows of them.
#include <fmt/format.h>

#include "cli/commands.h"
#include "cli/explain_access.h"
#include "cli/json_view.h"
#include "cli/saved_plan.h"
#include "cli/session.h"
#include "core/error.h"
#include "manifest/explain.h"
#include "manifest/inside/explain_words.h"
#include "manifest/json_schema.h"
#include "manifest/print.h"
#include "planner/graph_text.h"
#include "planner/safety.h"
#include "providers/lakebase/kinds.h"

namespace weir {
namespace {

/// The saved plan, which may be of another manifest: then its steps are drawn beside it.
Plan plan_for_graph(const Invocation& invocation, const Loaded& loaded, const std::string& file) {
  Plan plan = read_saved_plan(file);
  if (plan.manifest_hash != hash_of(loaded) || plan.environment != loaded.manifest.environment) {
    note(invocation, fmt::format("warning: {} was made from other manifests or for another "
                                 "environment, and is drawn over this one all the same\n",
                                 file));
  }
  return plan;
}

}  // namespace

Exit run_graph(const Invocation& invocation) {
  const std::optional<Loaded> loaded = load(invocation);
  if (!loaded) return Exit::kInvalid;
  NamedGraph graph = graph_of(loaded->manifest);
  const std::string file = invocation.options.value("plan");
  if (!file.empty()) graph = with_plan(std::move(graph), plan_for_graph(invocation, *loaded, file));
  if (invocation.options.has("reduce")) graph = without_shortcuts(std::move(graph));
  print_exactly(dot_text(graph));
  return Exit::kDone;
}

Exit run_print(const Invocation& invocation) {
  Sources sources;
  Diagnostics diagnostics;
  const MergedTree tree = load_tree(load_options(invocation), sources, diagnostics);
  report_diagnostics(invocation, diagnostics, sources);
  if (diagnostics.has_errors()) return Exit::kInvalid;
  print_text(invocation, harmless_lines(print_tree(tree, sources)));
  return Exit::kDone;
}

Exit run_schema(const Invocation& /*invocation*/) {
  print_exactly(pretty(json_schema(lakebase_catalogue())));
  return Exit::kDone;
}

Exit run_explain(const Invocation& invocation) {
  const std::vector<std::string>& arguments = invocation.options.arguments();
  if (arguments.size() == 3 && arguments.front() == "access") {
    return explain_access(invocation, arguments[1], arguments[2]);
  }
  if (arguments.size() > 1) {
    throw UsageError("weir explain takes one word, or access with a role and an object");
  }
  if (!arguments.empty()) {
    print_text(invocation, explain(lakebase_catalogue(), all_refusals(), arguments.front()));
    return Exit::kDone;
  }
  for (const Kind* kind : lakebase_catalogue().kinds()) {
    print_text(invocation, fmt::format("{:<23}{}\n", kind->name, kind->doc));
  }
  print_text(invocation, fmt::format("{:<23}{}\n", "schema", inside::kSchemaDoc));
  print_text(invocation,
             "\nweir explain KIND, KIND.FIELD, FIELD, RULE, LIMIT or a key such as lifecycle, "
             "for_each\nor environments says more; weir explain limits lists the limits.\n");
  return Exit::kDone;
}

}  // namespace weir
