#include "cli/github.h"

#include <fstream>

#include <fmt/format.h>

#include "cli/markdown_view.h"
#include "core/error.h"

namespace weir {
namespace {

/// Gives what went wrong.
std::string append(const GetEnvironment& getenv, const char* variable, const std::string& text) {
  const std::string path = getenv(variable).value_or("");
  if (path.empty()) return "";
  std::ofstream stream(path, std::ios::app | std::ios::binary);
  stream << text;
  stream.close();
  if (stream) return "";
  return fmt::format("{} names {}, which cannot be written; unset it or make the file writable",
                     variable, path);
}

}  // namespace

std::string report_to_github(const Plan& plan, const GetEnvironment& getenv) {
  std::string problem = append(getenv, "GITHUB_STEP_SUMMARY", plan_markdown(plan, kLongestSummary));
  const Counts counts = count(plan);
  const std::string outputs_problem =
      append(getenv, "GITHUB_OUTPUT",
             fmt::format("changes={}\nto_create={}\nto_change={}\nto_destroy={}\nto_replace={}\n"
                         "drifted={}\nblocked={}\n",
                         !plan.is_empty(), counts.create, counts.update, counts.destroy,
                         counts.replace, counts.drifted, !plan.refusals.empty()));
  if (!outputs_problem.empty()) throw ConfigurationError(outputs_problem);
  return problem;
}

}  // namespace weir
