// What a manifest says about the service's limits.
#include <algorithm>

#include <fmt/format.h>

#include "core/nearest.h"
#include "manifest/rules/rule.h"

namespace weir::rules {
namespace {

const LimitText* find_limit(std::string_view name) {
  const auto limits = all_limits();
  const auto found = std::find_if(limits.begin(), limits.end(),
                                  [&](const LimitText& limit) { return limit.name == name; });
  return found == limits.end() ? nullptr : &*found;
}

Finding at(const Scene& scene, const std::string& name, std::string message, std::string hint) {
  const auto place = scene.manifest.places_of_limits.find(name);
  return {.message = std::move(message),
          .hint = std::move(hint),
          .place = place == scene.manifest.places_of_limits.end() ? Place() : place->second};
}

void check_names(const Scene& scene, Findings& findings) {
  std::vector<std::string_view> names;
  for (const LimitText& limit : all_limits()) names.push_back(limit.name);
  for (const auto& [name, adjustment] : scene.manifest.limits) {
    if (find_limit(name) != nullptr) continue;
    std::string hint = did_you_mean(name, names);
    if (hint.empty()) hint = "weir explain limits lists them";
    findings.push_back(at(scene, name, fmt::format("limits: there is no limit {}", name), hint));
  }
}

void check_reasons(const Scene& scene, Findings& findings) {
  for (const auto& [name, adjustment] : scene.manifest.limits) {
    const bool has_reason = adjustment.is_object() && !text_at(adjustment, "reason").empty();
    if (has_reason || find_limit(name) == nullptr) continue;
    findings.push_back(at(scene, name, fmt::format("limits: {} has no reason", name),
                          "write {value: …, reason: why the limit is another one here}"));
  }
}

/// What a limit's value is, in words.
std::string_view form_of(const LimitText& limit) {
  if (limit.value == "true" || limit.value == "false") return "true or false";
  return parse_duration(limit.value) ? "a duration such as 30d" : "a number from 0";
}

const Document* value_in(const Document& adjustment) {
  return adjustment.is_object() ? at_path(adjustment, "value") : &adjustment;
}

/// Whether an override has a value of the sort that the limit has.
bool fits(const LimitText& limit, const Document& adjustment) {
  const Document* value = value_in(adjustment);
  if (value == nullptr) return false;
  if (limit.value == "true" || limit.value == "false") return value->is_boolean();
  if (!parse_duration(limit.value)) return value->is_number() && value->get<double>() >= 0;
  return value->is_string() && parse_duration(value->get<std::string>()).has_value();
}

void check_values(const Scene& scene, Findings& findings) {
  for (const auto& [name, adjustment] : scene.manifest.limits) {
    const LimitText* limit = find_limit(name);
    if (limit == nullptr || fits(*limit, adjustment)) continue;
    const Document* value = value_in(adjustment);
    findings.push_back(
        at(scene, name,
           fmt::format("limits: {} has {}; expected {}", name,
                       value == nullptr ? "no value" : "the value " + to_text(*value),
                       form_of(*limit)),
           fmt::format("write {{value: {}, reason: …}} with another value", limit->value)));
  }
}

/// Both as the Limits class reads them: "30d" and "720h" are the same.
bool is_same(const LimitText& limit, const Document& adjustment) {
  const std::string name(limit.name);
  const Limits changed({{name, adjustment}});
  const Limits usual;
  if (form_of(limit) == "true or false") return changed.flag(name) == usual.flag(name);
  if (parse_duration(limit.value)) return changed.duration(name) == usual.duration(name);
  return changed.number(name) == usual.number(name);
}

void check_overrides_change_something(const Scene& scene, Findings& findings) {
  for (const auto& [name, adjustment] : scene.manifest.limits) {
    const LimitText* limit = find_limit(name);
    if (limit == nullptr || !fits(*limit, adjustment) || !is_same(*limit, adjustment)) continue;
    findings.push_back(at(scene, name, fmt::format("limits: {} is {} anyway", name, limit->value),
                          "remove the override"));
  }
}

void check_overrides_are_disputed(const Scene& scene, Findings& findings) {
  for (const auto& [name, adjustment] : scene.manifest.limits) {
    const LimitText* limit = find_limit(name);
    if (limit == nullptr || limit->is_disputed) continue;
    findings.push_back(
        at(scene, name, fmt::format("limits: the sources agree that {} is {}", name, limit->value),
           "remove the override, unless you have seen the service do otherwise"));
  }
}

constexpr std::array kRules = {
    Rule{.id = "L125",
         .summary = "Only limits that there are can be overridden.",
         .source = "the manifest language",
         .check_manifest = &check_names},
    Rule{.id = "L126",
         .summary = "Whoever overrides a limit says why.",
         .source = "the manifest language",
         .check_manifest = &check_reasons},
    Rule{.id = "L127",
         .summary = "An override has a value of the sort that the limit has.",
         .source = "the manifest language",
         .check_manifest = &check_values},
    Rule{.id = "L128",
         .summary = "An override changes something.",
         .source = "the manifest language",
         .severity = Severity::kWarning,
         .check_manifest = &check_overrides_change_something},
    Rule{.id = "L129",
         .summary = "Limits on which the sources agree are left as they are.",
         .source = "the manifest language",
         .severity = Severity::kWarning,
         .check_manifest = &check_overrides_are_disputed},
};

}  // namespace

std::span<const Rule> limit_rules() {
  return kRules;
}

}  // namespace weir::rules
