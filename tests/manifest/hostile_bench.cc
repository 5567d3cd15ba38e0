// What hostile files cost, and what a large honest one does: time and the growth of memory.
#include <algorithm>
#include <cstdio>
#include <ctime>
#include <string>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fmt/format.h>

#include "manifest/format.h"
#include "manifest/manifest.h"
#include "manifest/rules.h"
#include "manifest/yaml.h"
#include "providers/lakebase/kinds.h"
#include "tests/manifest/hostile_inputs.h"

namespace weir {
namespace {

long peak_kibibytes() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_maxrss;
}

/// Of this process's own work, so that neighbours on the machine do not count.
double cpu_milliseconds() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6;
}

void measure_here(const HostileInput& input, bool with_format) {
  Sources sources;
  Diagnostics diagnostics;
  const std::uint32_t file = sources.add("weir.yaml", input.text);
  const long before = peak_kibibytes();
  const double start = cpu_milliseconds();
  const auto node = read_yaml(sources, file, {}, diagnostics);
  const double reading = cpu_milliseconds() - start;
  const long grown = peak_kibibytes() - before;
  const auto mistakes = diagnostics.sorted();
  double formatting = 0;
  if (with_format) {
    const double again = cpu_milliseconds();
    format_manifest(sources, file, diagnostics);
    formatting = cpu_milliseconds() - again;
  }
  fmt::print("{:45} {:9.2f} ms {:7.1f} MiB {:9.2f} ms  {} {}\n", input.name, reading,
             static_cast<double>(grown) / 1024, formatting,
             mistakes.empty() ? "accepted" : mistakes.front().rule,
             mistakes.empty() ? "" : mistakes.front().message);
  std::fflush(stdout);
}

/// All of reading a manifest, as `weir validate` does it; without the formatter.
void measure_load(const HostileInput& input) {
  Sources sources;
  Diagnostics diagnostics;
  const std::uint32_t file = sources.add("weir.yaml", input.text);
  const long before = peak_kibibytes();
  const double start = cpu_milliseconds();
  auto node = read_yaml(sources, file, {}, diagnostics);
  if (node) {
    const LoadOptions options{.environment = "k0", .getenv = {}};
    MergedTree tree = load_tree(std::move(*node), options, sources, diagnostics);
    const Manifest manifest = declare(std::move(tree), lakebase_catalogue(), sources, diagnostics);
    check_rules(manifest, Limits(manifest.limits), diagnostics);
  }
  const double loading = cpu_milliseconds() - start;
  const auto mistakes = diagnostics.sorted();
  const auto expected = std::find_if(mistakes.begin(), mistakes.end(), [&](const Diagnostic& each) {
    return each.rule == input.rule;
  });
  fmt::print("{:45} {:9.2f} ms {:7.1f} MiB {:9.2f} ms  {} {}\n", input.name, loading,
             static_cast<double>(peak_kibibytes() - before) / 1024, 0.0,
             expected == mistakes.end() ? "accepted" : expected->rule,
             expected == mistakes.end() ? "" : expected->message);
  std::fflush(stdout);
}

/// Each in a process of its own, so that the peak of memory is its own.
template <typename Measure>
void measure_apart(const HostileInput& input, Measure measure) {
  const pid_t child = fork();
  if (child == 0) {
    measure();
    _exit(0);
  }
  int status = 0;
  waitpid(child, &status, 0);
  if (status != 0) fmt::print("{:45} ended with status {}\n", input.name, status);
}

void measure(const HostileInput& input, bool with_format) {
  measure_apart(input, [&] { measure_here(input, with_format); });
}

std::string honest_manifest(int branches) {
  std::string text = "version: weir/v1\nname: shop\nprojects:\n  shop:\n    branches:\n";
  for (int at = 0; at < branches; ++at) {
    text += fmt::format(
        "      feature-{}:\n        from: production\n        expires: 7d\n        endpoints:\n"
        "          primary: {{ min_cu: 0.5, max_cu: 2 }}\n        roles:\n"
        "          app: {{ service_principal: \"11111111-1111-1111-1111-111111111111\" }}\n"
        "        databases:\n          orders: {{ owner: app }}\n",
        at);
  }
  return text;
}

}  // namespace
}  // namespace weir

int main() {
  fmt::print("{:45} {:>12} {:>11} {:>12}\n", "file", "read (CPU)", "memory", "format (CPU)");
  // The children print too, and must not print this again.
  std::fflush(stdout);
  weir::measure({"2,500 branches (10,000 resources)", weir::honest_manifest(2'500), ""}, true);
  weir::measure({"19,000 branches", weir::honest_manifest(19'000), ""}, true);
  for (const auto& input : weir::hostile_inputs(1)) weir::measure(input, false);
  for (const auto& input : weir::hostile_manifests()) {
    weir::measure_apart(input, [&] { weir::measure_load(input); });
  }
  return 0;
}
