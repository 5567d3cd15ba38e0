#include <set>
#include <tuple>

#include <fmt/format.h>

#include "cli/commands.h"
#include "cli/diagnostic_view.h"
#include "cli/json_view.h"
#include "cli/session.h"
#include "manifest/budgets.h"

namespace weir {
namespace {

/// Mistakes of one environment after another; what several of them have in common is said once, and
/// kept once.
class Mistakes {
 public:
  void add(const Diagnostics& diagnostics) {
    for (Diagnostic& diagnostic : diagnostics.sorted()) {
      const bool is_new =
          seen_.emplace(diagnostic.place, diagnostic.rule, diagnostic.address, diagnostic.message)
              .second;
      if (is_new) all_.add(std::move(diagnostic));
    }
  }
  const Diagnostics& all() const { return all_; }

 private:
  std::set<std::tuple<Place, std::string, std::string, std::string>> seen_;
  Diagnostics all_;
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
    mistakes.add(diagnostics);
  }
  std::vector<Diagnostic> all = mistakes.all().sorted();
  if (invocation.format() == "json") {
    print_exactly(pretty(diagnostics_document(all, sources)));
  } else {
    if (invocation.is_quiet()) drop_warnings(all);
    print_text(invocation, diagnostics_text(all, sources, invocation.out));
    print_text(invocation, fmt::format("{}: {}\n", diagnostics_summary(all),
                                       success_text(resources, environments)));
  }
  return mistakes.all().has_errors() ? Exit::kInvalid : Exit::kDone;
}

}  // namespace weir
