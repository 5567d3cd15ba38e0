#include "cli/saved_plan.h"

#include <fmt/format.h>

#include "core/error.h"
#include "core/file_text.h"
#include "planner/plan_file.h"
#include "providers/lakebase/kinds.h"

namespace weir {
namespace {

constexpr std::size_t kLargestPlan = std::size_t{256} << 20U;

}  // namespace

Plan read_saved_plan(const std::string& path) {
  const FileText read = read_file_text(path, kLargestPlan);
  if (read.problem.empty()) return load_plan(read.text, lakebase_catalogue());
  throw ConfigurationError(
      fmt::format("the plan file {} cannot be read: {}{}", path, read.problem,
                  read.is_missing ? fmt::format("; weir plan -out {} makes it", path) : ""));
}

}  // namespace weir
