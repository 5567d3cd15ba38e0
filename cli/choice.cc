#include "cli/choice.h"

#include <algorithm>
#include <array>
#include <set>
#include <vector>

#include <fmt/format.h>

#include "cli/patterns.h"
#include "core/error.h"
#include "core/nearest.h"
#include "planner/formers.h"
#include "planner/inside_view.h"
#include "planner/selection.h"

namespace weir {
namespace {

/// What is declared or was applied.
std::vector<Address> addresses_in(const Manifest& manifest, const Records& applied) {
  std::vector<Address> addresses;
  addresses.reserve(manifest.declarations.size() + applied.size());
  for (const Declaration& declaration : manifest.declarations) {
    addresses.push_back(declaration.address);
  }
  for (const Inside& inside : manifest.insides) addresses.push_back(address_of_inside(inside));
  for (const auto& [address, record] : applied) {
    addresses.push_back(address);
    const Document* schemas = at_path(record.fields, "schema_ends");
    if (record.kind != inside_kind().name || schemas == nullptr) continue;
    for (const auto& [schema, end] : schemas->items()) {
      addresses.push_back(address.parent().child("schemas", schema));
    }
  }
  return addresses;
}

/// The same with all that is above them.
std::set<std::string> with_parents(const std::vector<Address>& addresses) {
  std::set<std::string> all;
  for (const Address& address : addresses) {
    for (Address part = address; !part.is_root(); part = part.parent()) {
      if (!all.insert(part.text()).second) break;
    }
  }
  return all;
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

/// The statements that make a role are of one transaction for all of its branch.
void refuse_single_roles(const Pattern& pattern, const Manifest& manifest) {
  const Declaration* role = nullptr;
  for (const Declaration& declaration : manifest.declarations) {
    if (!names(pattern.glob, declaration.address)) continue;
    if (!declaration.is_made_in_sql || names(pattern.glob, declaration.address.parent())) return;
    role = &declaration;
  }
  if (role == nullptr) return;
  throw UsageError(fmt::format(
      "{} {}: statements make {}, together with the other roles of its branch; choose {}",
      pattern.origin, pattern.glob, role->address.key(),
      role->address.parent().singleton(inside_kind().collection).text()));
}

/// Those of a flag that takes addresses and no globs; * is consent to everything.
void check_addresses(const Invocation& invocation, std::string_view flag, const Manifest& manifest,
                     const std::set<std::string>& addresses) {
  for (const std::string& address : invocation.options.values(flag)) {
    const auto parsed = Address::parse(address);
    const auto successor = parsed ? successor_of(*parsed) : std::nullopt;
    const bool is_former = successor && addresses.contains(successor->text());
    const bool is_all = address == "*" && flag == "allow-destroy";
    if (!is_all && !addresses.contains(address) && !is_former) {
      refuse({.glob = address, .origin = fmt::format("-{}", flag)}, manifest, addresses);
    }
  }
}

/// As in most runs: there is nothing to check.
bool names_nothing(const Options& options) {
  constexpr auto kFlags = std::to_array<std::string_view>(
      {"only", "only-file", "except", "except-file", "allow-destroy", "replace"});
  return std::ranges::all_of(kFlags,
                             [&](std::string_view flag) { return options.values(flag).empty(); });
}

}  // namespace

std::optional<ChosenPart> choice_of(const Invocation& invocation, const Manifest& manifest,
                                    const Records& applied) {
  if (names_nothing(invocation.options)) return std::nullopt;
  const std::vector<Address> known = addresses_in(manifest, applied);
  const std::set<std::string> addresses = with_parents(known);
  const auto checked_globs = [&](std::string_view flag) {
    std::vector<std::string> globs;
    for (const Pattern& pattern : patterns_of(invocation.options, flag)) {
      globs.push_back(pattern.glob);
      const bool is_about_something = std::ranges::any_of(
          known, [&](const Address& address) { return names(pattern.glob, address); });
      if (!is_about_something) refuse(pattern, manifest, addresses);
      refuse_single_roles(pattern, manifest);
    }
    return globs;
  };
  const PlanOptions options = {.only = checked_globs("only"), .except = checked_globs("except")};
  for (const std::string_view flag : {"allow-destroy", "replace"}) {
    check_addresses(invocation, flag, manifest, addresses);
  }
  if (options.only.empty() && options.except.empty()) return std::nullopt;
  ChosenPart choice = {.declared = manifest.declarations.size()};
  for (const Declaration& declaration : manifest.declarations) {
    if (is_selected(options, declaration.address)) ++choice.chosen;
  }
  return choice;
}

std::string as_declared(const std::optional<ChosenPart>& choice, std::string_view target) {
  if (!choice) return fmt::format("the {} is as declared", target);
  return fmt::format("the {} of {} resources that were chosen are as declared", choice->chosen,
                     choice->declared);
}

}  // namespace weir
