// What a manifest may cost, in one table: a file from a stranger must not cost more than a clear
// error.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace weir {

/// How much of each may stand in all files together. The tree is refused before anything is made of
/// what is over.
struct CountLimits {
  std::size_t environments = 64;
  std::size_t variables = 1'000;
  std::size_t outputs = 1'000;
  std::size_t declarations = 200'000;         ///< in one environment
  std::size_t declarations_in_all = 400'000;  ///< in all environments that are checked together
  std::size_t wishes = 500'000;               ///< for the inside of databases, in one environment
};

struct BudgetText {
  std::string what;       ///< "bytes of a file"
  std::string most;       ///< "16 MiB", "200,000"
  std::string_view rule;  ///< what is said beyond it
};

/// All limits that weir itself sets, in the order of reading.
std::span<const BudgetText> all_budgets();

}  // namespace weir
