#include "manifest/budgets.h"

#include <vector>

#include <fmt/format.h>

#include "manifest/expand.h"
#include "manifest/files.h"
#include "manifest/manifest_rules.h"
#include "manifest/yaml.h"
#include "manifest/yaml_rules.h"

namespace weir {
namespace {

std::string grouped(std::size_t number) {
  std::string digits = std::to_string(number);
  for (std::size_t at = digits.size(); at > 3; at -= 3) digits.insert(at - 3, ",");
  return digits;
}

std::string in_bytes(std::size_t bytes) {
  if (bytes >= std::size_t{1} << 20) return fmt::format("{} MiB", bytes >> 20);
  if (bytes >= std::size_t{1} << 10) return fmt::format("{} KiB", bytes >> 10);
  return fmt::format("{} bytes", grouped(bytes));
}

std::vector<BudgetText> make_budgets() {
  const FileLimits files;
  const YamlLimits yaml;
  const ExpansionLimits made;
  const CountLimits counts;
  return {
      {"files of a manifest", grouped(files.count), rule::kTooMuch},
      {"size of all files", in_bytes(files.bytes), rule::kTooMuch},
      {"size of a file", in_bytes(yaml.bytes), yaml_rule::kFileSize},
      {"empty lines and comments of a file", grouped(yaml.idle_lines), yaml_rule::kFileSize},
      {"size of empty lines and comments", in_bytes(yaml.idle_bytes), yaml_rule::kFileSize},
      {"levels of maps and lists", grouped(yaml.depth), yaml_rule::kDepth},
      {"values of a file", grouped(yaml.nodes), yaml_rule::kNodes},
      {"parts of a value in brackets", grouped(yaml.flow_values), yaml_rule::kNodes},
      {"members of one map or list", grouped(yaml.members), yaml_rule::kNodes},
      {"size of a value", in_bytes(yaml.scalar_bytes), yaml_rule::kScalarSize},
      {"size of a key", in_bytes(yaml.key_bytes), yaml_rule::kScalarSize},
      {"anchors of a file", grouped(yaml.anchors), yaml_rule::kExpansion},
      {"values behind all aliases", grouped(yaml.alias_nodes), yaml_rule::kExpansion},
      {"text behind all aliases", in_bytes(yaml.alias_bytes), yaml_rule::kExpansion},
      {"environments", grouped(counts.environments), rule::kTooMany},
      {"variables", grouped(counts.variables), rule::kTooMany},
      {"outputs", grouped(counts.outputs), rule::kTooMany},
      {"members made by for_each", grouped(made.copies), rule::kExpansion},
      {"values made by for_each and variables", grouped(made.nodes), rule::kExpansion},
      {"text made by for_each and variables", in_bytes(made.bytes), rule::kExpansion},
      {"resources of an environment", grouped(counts.declarations), rule::kTooMany},
      {"resources of all environments", grouped(counts.declarations_in_all), rule::kTooMany},
      {"wishes for the inside of databases", grouped(counts.wishes), rule::kTooMany},
  };
}

}  // namespace

std::span<const BudgetText> all_budgets() {
  static const std::vector<BudgetText> budgets = make_budgets();
  return budgets;
}

}  // namespace weir
