#include "cli/choice.h"

#include <algorithm>
#include <set>
#include <vector>

#include <fmt/format.h>

#include "cli/patterns.h"
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

[[noreturn]] void refuse(const Pattern& pattern, const Manifest& manifest,
                         const std::set<std::string>& addresses) {
  const std::vector<std::string_view> candidates(addresses.begin(), addresses.end());
  std::string hint = did_you_mean(pattern.glob, candidates);
  if (hint.empty())
    hint = "an address is written like projects/shop/branches/dev; weir print shows them";
  const std::string where =
      manifest.environment.empty() ? "" : " in environment " + manifest.environment;
  throw UsageError(fmt::format("{} {}: nothing{} is called that; {}", pattern.origin, pattern.glob,
                               where, hint));
}

}  // namespace

std::optional<ChosenPart> choice_of(const Invocation& invocation, const Manifest& manifest) {
  const std::set<std::string> addresses = addresses_in(manifest);
  const auto checked_globs = [&](std::string_view flag) {
    std::vector<std::string> globs;
    for (const Pattern& pattern : patterns_of(invocation.options, flag)) {
      globs.push_back(pattern.glob);
      const bool is_about_something = std::ranges::any_of(
          manifest.declarations,
          [&](const Declaration& declaration) { return names(pattern.glob, declaration.address); });
      if (!is_about_something) refuse(pattern, manifest, addresses);
    }
    return globs;
  };
  const PlanOptions options = {.only = checked_globs("only"), .except = checked_globs("except")};
  for (const std::string& address : invocation.options.values("allow-destroy")) {
    if (address != "*" && !addresses.contains(address)) {
      refuse({.glob = address, .origin = "-allow-destroy"}, manifest, addresses);
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
