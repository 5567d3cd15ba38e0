#include "cli/session.h"

#include <algorithm>
#include <cstdlib>
#include <utility>

#include <fmt/format.h>

#include "cli/diagnostic_view.h"
#include "cli/failure_view.h"
#include "core/digest.h"
#include "core/error.h"
#include "core/file_text.h"
#include "manifest/branch_classes.h"
#include "manifest/rules.h"
#include "manifest/server_part.h"
#include "manifest/yaml.h"
#include "providers/lakebase/kinds.h"

namespace weir {
namespace {

constexpr std::size_t kLargestVariables = std::size_t{1} << 20U;

std::string read_whole(const std::string& path) {
  FileText read = read_file_text(path, kLargestVariables);
  if (read.problem.empty()) return std::move(read.text);
  throw ConfigurationError(
      fmt::format("-var-file {} cannot be read: {}; name a YAML file of NAME: VALUE lines", path,
                  read.problem));
}

/// A YAML map of names and values; anything else is refused with its place.
void read_variables(const std::string& path, std::map<std::string, std::string>& variables) {
  Sources sources;
  Diagnostics diagnostics;
  const std::uint32_t file = sources.add(path, read_whole(path));
  const std::optional<Node> root = read_yaml(sources, file, YamlLimits{}, diagnostics);
  if (!root || !root->is_map() || diagnostics.has_errors()) {
    std::string why = "it is not a map of NAME: VALUE lines";
    if (!diagnostics.is_empty()) {
      const Diagnostic first = diagnostics.sorted().front();
      why = fmt::format("{}: {}", sources.describe(first.place), first.message);
    }
    throw ConfigurationError(fmt::format("-var-file {}: {}", path, why));
  }
  for (const Entry& entry : root->entries) {
    const Node& value = entry.value;
    variables[entry.key] = value.is_scalar() ? value.text : to_text(to_document(value));
  }
}

std::map<std::string, std::string> variables_of(const Options& options) {
  std::map<std::string, std::string> variables;
  for (const std::string& path : options.values("var-file")) read_variables(path, variables);
  for (const std::string& text : options.values("var")) {
    const std::size_t equals = text.find('=');
    if (equals == 0 || equals == std::string::npos) {
      throw UsageError(fmt::format("-var {}: write -var NAME=VALUE", text));
    }
    variables[text.substr(0, equals)] = text.substr(equals + 1);
  }
  return variables;
}

}  // namespace

LoadOptions load_options(const Invocation& invocation) {
  LoadOptions load;
  for (const std::string& path : invocation.options.values("file")) load.files.emplace_back(path);
  load.environment = invocation.options.value("env");
  if (load.environment.empty()) load.environment = invocation.variable("WEIR_ENV").value_or("");
  load.variables = variables_of(invocation.options);
  load.getenv = invocation.getenv;
  return load;
}

Manifest declare_and_check(MergedTree tree, const Sources& sources, Diagnostics& diagnostics) {
  Manifest manifest = declare(std::move(tree), lakebase_catalogue(), sources, diagnostics);
  check_rules(manifest, Limits(manifest.limits), diagnostics);
  take_classes_out(manifest);
  return manifest;
}

void report_diagnostics(const Invocation& invocation, const Diagnostics& diagnostics,
                        const Sources& sources) {
  std::vector<Diagnostic> sorted = diagnostics.sorted();
  if (invocation.is_quiet()) drop_warnings(sorted);
  if (sorted.empty()) return;
  report(invocation, diagnostics_text(sorted, sources, invocation.err));
  if (diagnostics.has_errors()) report(invocation, diagnostics_summary(sorted) + "\n");
}

std::string hash_of(const Loaded& loaded) {
  std::string all;
  for (std::uint32_t file = 1; file <= loaded.sources.count(); ++file) {
    all += fmt::format("{}\n", digest(loaded.sources.text(file)));
  }
  return "sha256:" + digest(all);
}

std::optional<Manifest> load_for_state(const Invocation& invocation) {
  Sources sources;
  Diagnostics diagnostics;
  Manifest manifest = declare_and_check(load_tree(load_options(invocation), sources, diagnostics),
                                        sources, diagnostics);
  const auto all = diagnostics.sorted();
  const bool is_clear = std::ranges::none_of(all, [](const Diagnostic& each) {
    return each.severity == Severity::kError && each.address.empty();
  });
  if (is_clear) return manifest;
  report_diagnostics(invocation, diagnostics, sources);
  print_exactly(mistakes_in(invocation.format(), all, sources, time_of_run(invocation)));
  return std::nullopt;
}

std::optional<Loaded> load(const Invocation& invocation, Keep keep) {
  Loaded loaded;
  Diagnostics diagnostics;
  MergedTree tree = load_tree(load_options(invocation), loaded.sources, diagnostics);
  if (keep == Keep::kManifestAndTree) loaded.tree = tree.root;
  loaded.manifest = declare_and_check(std::move(tree), loaded.sources, diagnostics);
  report_diagnostics(invocation, diagnostics, loaded.sources);
  if (diagnostics.has_errors()) {
    print_exactly(mistakes_in(invocation.format(), diagnostics.sorted(), loaded.sources,
                              time_of_run(invocation)));
    return std::nullopt;
  }
  // After the rules, which look at all of it whatever it is for.
  keep_what_a_server_has(loaded.manifest);
  loaded.warnings = diagnostics.sorted();
  return loaded;
}

}  // namespace weir
