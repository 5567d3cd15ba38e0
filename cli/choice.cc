#include "cli/choice.h"

#include <algorithm>
#include <set>
#include <vector>

#include <fmt/format.h>

#include "core/error.h"
#include "core/nearest.h"
#include "planner/selection.h"

namespace weir {
namespace {

/// Every declared address, with those above it.
std::set<std::string> addresses_in(const Manifest& manifest) {
  std::set<std::string> addresses;
  for (const Declaration& declaration : manifest.declarations) {
    for (Address part = declaration.address; !part.is_root(); part = part.parent()) {
      if (!addresses.insert(part.text()).second) break;
    }
  }
  return addresses;
}

[[noreturn]] void refuse(std::string_view flag, const std::string& pattern,
                         const Manifest& manifest, const std::set<std::string>& addresses) {
  const std::vector<std::string_view> candidates(addresses.begin(), addresses.end());
  std::string hint = did_you_mean(pattern, candidates);
  if (hint.empty())
    hint = "an address is written like projects/shop/branches/dev; weir print shows them";
  const std::string where =
      manifest.environment.empty() ? "" : " in environment " + manifest.environment;
  throw UsageError(fmt::format("-{} {}: nothing{} is called that; {}", flag, pattern, where, hint));
}

}  // namespace

std::optional<ChosenPart> choice_of(const Invocation& invocation, const Manifest& manifest) {
  const PlanOptions options = {.only = invocation.options.values("only"),
                               .except = invocation.options.values("except")};
  const std::set<std::string> addresses = addresses_in(manifest);
  const auto check_globs = [&](std::string_view flag, const std::vector<std::string>& globs) {
    for (const std::string& glob : globs) {
      const bool is_about_something = std::ranges::any_of(
          manifest.declarations,
          [&](const Declaration& declaration) { return names(glob, declaration.address); });
      if (!is_about_something) refuse(flag, glob, manifest, addresses);
    }
  };
  check_globs("only", options.only);
  check_globs("except", options.except);
  for (const std::string& address : invocation.options.values("allow-destroy")) {
    if (address != "*" && !addresses.contains(address)) {
      refuse("allow-destroy", address, manifest, addresses);
    }
  }
  if (options.only.empty() && options.except.empty()) return std::nullopt;
  ChosenPart choice = {.declared = manifest.declarations.size()};
  for (const Declaration& declaration : manifest.declarations) {
    if (is_selected(options, declaration.address)) ++choice.chosen;
  }
  return choice;
}

std::string as_declared(const std::optional<ChosenPart>& choice) {
  if (!choice) return "the workspace is as declared";
  return fmt::format("the {} of {} resources that were chosen are as declared", choice->chosen,
                     choice->declared);
}

}  // namespace weir
