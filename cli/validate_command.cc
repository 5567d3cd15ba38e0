#include <set>
#include <tuple>

#include <fmt/format.h>

#include "cli/commands.h"
#include "cli/diagnostic_view.h"
#include "cli/json_view.h"
#include "cli/session.h"

namespace weir {
namespace {

/// What several environments have in common is said once.
std::vector<Diagnostic> without_repetitions(const std::vector<Diagnostic>& diagnostics) {
  std::set<std::tuple<Place, std::string, std::string, std::string>> seen;
  std::vector<Diagnostic> once;
  for (const Diagnostic& diagnostic : diagnostics) {
    const bool is_new =
        seen.emplace(diagnostic.place, diagnostic.rule, diagnostic.address, diagnostic.message)
            .second;
    if (is_new) once.push_back(diagnostic);
  }
  return once;
}

/// The chosen environment, else all that the manifests have, else the one without a name.
std::vector<std::string> environments_to_check(const LoadOptions& options, const Node& files) {
  if (!options.environment.empty()) return {options.environment};
  std::vector<std::string> environments = environments_of(files);
  if (environments.empty()) environments.emplace_back();
  return environments;
}

std::string success_text(std::size_t resources, const std::vector<std::string>& environments) {
  std::string text = fmt::format("{} resource{}", resources, resources == 1 ? "" : "s");
  if (!environments.front().empty()) {
    text += fmt::format(" in {} {}", environments.size() == 1 ? "environment" : "environments",
                        fmt::join(environments, ", "));
  }
  return text;
}

}  // namespace

Exit run_validate(const Invocation& invocation) {
  LoadOptions options = load_options(invocation);
  Sources sources;
  Diagnostics diagnostics;
  const Node files = read_files(options, sources, diagnostics);
  const std::vector<std::string> environments = environments_to_check(options, files);
  std::size_t resources = 0;
  for (const std::string& environment : environments) {
    options.environment = environment;
    MergedTree tree = load_tree(files, options, sources, diagnostics);
    resources += declare_and_check(std::move(tree), sources, diagnostics).declarations.size();
  }
  const std::vector<Diagnostic> all = without_repetitions(diagnostics.sorted());
  if (invocation.format() == "json") {
    print_exactly(pretty(diagnostics_document(all, sources)));
  } else {
    print_text(invocation, diagnostics_text(all, sources, invocation.out));
    print_text(invocation, fmt::format("{}: {}\n", diagnostics_summary(all),
                                       success_text(resources, environments)));
  }
  return diagnostics.has_errors() ? Exit::kInvalid : Exit::kDone;
}

}  // namespace weir
