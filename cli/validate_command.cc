#include <map>
#include <tuple>

#include <fmt/format.h>

#include "cli/commands.h"
#include "cli/diagnostic_view.h"
#include "cli/json_view.h"
#include "cli/session.h"
#include "manifest/budgets.h"
#include "manifest/manifest_rules.h"

namespace weir {
namespace {

/// Mistakes of one environment after another; what several of them have in common is said once, and
/// kept once.
class Mistakes {
 public:
  void add(const Diagnostics& diagnostics, const std::string& environment = "") {
    for (Diagnostic& diagnostic : diagnostics.sorted()) {
      Known& known =
          known_[{diagnostic.place, diagnostic.rule, diagnostic.address, diagnostic.message}];
      known.diagnostic = std::move(diagnostic);
      known.environments.push_back(environment);
    }
  }

  /// What only some of so many environments have is due to them: the place alone does not say so.
  Diagnostics all(std::size_t environments) const {
    Diagnostics all;
    for (const auto& [key, known] : known_) {
      Diagnostic diagnostic = known.diagnostic;
      const std::string& first = known.environments.front();
      if (!first.empty() && known.environments.size() < environments) {
        diagnostic.message += fmt::format(" (in {})", fmt::join(known.environments, ", "));
      }
      all.add(std::move(diagnostic));
    }
    return all;
  }

 private:
  struct Known {
    Diagnostic diagnostic = {};
    std::vector<std::string> environments = {};
  };

  std::map<std::tuple<Place, std::string, std::string, std::string>, Known> known_;
};

/// The chosen environment, else all that the manifests have, else the one without a name.
std::vector<std::string> environments_to_check(const LoadOptions& options, const Node& files) {
  if (!options.environment.empty()) return {options.environment};
  std::vector<std::string> environments = environments_of(files);
  if (environments.empty()) environments.emplace_back();
  // Too many are refused in each of them: one is enough to say so.
  if (environments.size() > CountLimits{}.environments) environments.resize(1);
  return environments;
}

Diagnostics too_many_in_all() {
  Diagnostics diagnostics;
  diagnostics.add({.rule = rule::kTooMany,
                   .message = fmt::format("the environments declare more than {} resources in all",
                                          CountLimits{}.declarations_in_all),
                   .hint = "check them one by one, with -env"});
  return diagnostics;
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
  Mistakes mistakes;
  Diagnostics of_files;
  const Node files = read_files(options, sources, of_files);
  mistakes.add(of_files);
  const std::vector<std::string> environments = environments_to_check(options, files);
  std::size_t resources = 0;
  for (const std::string& environment : environments) {
    options.environment = environment;
    Diagnostics diagnostics;
    MergedTree tree = load_tree(files, options, sources, diagnostics);
    resources += declare_and_check(std::move(tree), sources, diagnostics).declarations.size();
    mistakes.add(diagnostics, environment);
    if (resources <= CountLimits{}.declarations_in_all) continue;
    mistakes.add(too_many_in_all());
    break;
  }
  const Diagnostics found = mistakes.all(environments.size());
  std::vector<Diagnostic> all = found.sorted();
  if (invocation.format() == "json") {
    print_exactly(pretty(diagnostics_document(all, sources)));
  } else {
    if (invocation.is_quiet()) drop_warnings(all);
    print_text(invocation, diagnostics_text(all, sources, invocation.out));
    print_text(invocation, fmt::format("{}: {}\n", diagnostics_summary(all),
                                       success_text(resources, environments)));
  }
  return found.has_errors() ? Exit::kInvalid : Exit::kDone;
}

}  // namespace weir
