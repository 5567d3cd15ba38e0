// Does all of `weir plan` but HTTP for an estate of about N resources: loads the manifest's text,
// reads the recorded answers, compares, orders, renders. For instruction counts and memory:
//   plan_scale N   prints the resources, the requests, the processor seconds and the peak memory.
#include <chrono>
#include <cstdlib>
#include <sys/resource.h>

#include <fmt/format.h>

#include "bench/recorded_estate.h"
#include "cli/session.h"
#include "cli/text_view.h"
#include "cli/world.h"
#include "core/error.h"
#include "engine/observer.h"
#include "providers/lakebase/kinds.h"
#include "tests/support/temporary_folder.h"

namespace weir {
namespace {

double processor_seconds(const rusage& usage) {
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

/// As the command's own way from files to a manifest; the tree is gone when it returns.
Manifest load_estate(const std::filesystem::path& file, Sources& sources) {
  Diagnostics diagnostics;
  const LoadOptions options{.files = {file},
                            .getenv = [](const std::string&) { return std::nullopt; }};
  Manifest manifest =
      declare_and_check(load_tree(options, sources, diagnostics), sources, diagnostics);
  if (diagnostics.has_errors()) throw Error("the manifest of the estate has mistakes");
  return manifest;
}

int run(const EstateSize& size) {
  const test::TemporaryFolder folder;
  const std::string file = folder.write("estate.yaml", manifest_of(size));
  rusage before{};
  getrusage(RUSAGE_SELF, &before);
  Sources sources;
  Manifest manifest = load_estate(file, sources);
  RecordedEstate estate(size);
  const Observations observations =
      observe(manifest, {}, estate, lakebase_catalogue(), {.parallelism = 1});
  const Plan plan = make_plan(manifest, {}, observations, lakebase_catalogue(),
                              {.now = std::chrono::system_clock::now()});
  const std::string text = plan_text(plan, sources, Terminal(), std::nullopt);
  rusage after{};
  getrusage(RUSAGE_SELF, &after);
  fmt::print("{} resources, {} requests, {} steps, {:.3f} s, {} MiB\n{}",
             manifest.declarations.size(), estate.request_count(), plan.steps.size(),
             processor_seconds(after) - processor_seconds(before), after.ru_maxrss / 1024,
             text.size() > 1000 ? text.substr(text.size() - 1000) : text);
  const bool is_whole = static_cast<int>(manifest.declarations.size()) == size.resources();
  return is_whole && plan.steps.empty() ? EXIT_SUCCESS : EXIT_FAILURE;
}

}  // namespace
}  // namespace weir

int main(int argc, char** argv) {
  const int resources = argc > 1 ? std::atoi(argv[1]) : 10'000;
  const int each = weir::kResourcesOfProject;
  return weir::run({.projects = (resources + each - 1) / each});
}
