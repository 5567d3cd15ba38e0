#include "manifest/rules/capacity.h"

#include <fmt/format.h>

namespace weir::rules {
namespace {

/// The place of `cu` when the range was written as one number.
std::string written_field(const Declaration& declaration, const std::string& field) {
  const bool is_fixed = declaration.field_places.contains("cu");
  return is_fixed ? "cu" : field;
}

}  // namespace

std::optional<double> capacity_of(const Declaration& declaration, std::string_view field) {
  const Document* value = value_of(declaration, field);
  if (value == nullptr || !value->is_number()) return std::nullopt;
  return value->get<double>();
}

std::string shown_capacity(const Declaration& declaration, const std::string& field) {
  return fmt::format("{} {}", written_field(declaration, field), shown(declaration, field));
}

void check_least_capacity(const Declaration& declaration, const CapacityFields& fields,
                          const Scene& scene, Findings& findings) {
  const double minimum = scene.limits.number("cu_minimum");
  std::string last;
  for (const std::string field : {fields.minimum, fields.maximum}) {
    const auto capacity = capacity_of(declaration, field);
    const std::string written = written_field(declaration, field);
    if (!capacity || *capacity >= minimum || written == last) continue;
    last = written;
    findings.push_back(finding(
        declaration, written,
        fmt::format("{} is under the minimum of {}", shown_capacity(declaration, field), minimum),
        or_override(fmt::format("write {} or more", minimum), "cu_minimum")));
  }
}

void check_order_of_capacities(const Declaration& declaration, const CapacityFields& fields,
                               Findings& findings) {
  const auto least = capacity_of(declaration, fields.minimum);
  const auto most = capacity_of(declaration, fields.maximum);
  if (!least || !most || *least <= *most) return;
  findings.push_back(
      finding(declaration, fields.minimum,
              fmt::format("{} is over {}", shown_capacity(declaration, fields.minimum),
                          shown_capacity(declaration, fields.maximum)),
              "exchange them"));
}

void check_spread(const Declaration& declaration, const CapacityFields& fields, const Scene& scene,
                  Findings& findings) {
  const double maximum = scene.limits.number("cu_spread_maximum");
  const auto least = capacity_of(declaration, fields.minimum);
  const auto most = capacity_of(declaration, fields.maximum);
  if (!least || !most || *most - *least <= maximum) return;
  findings.push_back(
      finding(declaration, fields.maximum,
              fmt::format("{} to {} is a range of {}, over the maximum of {}", *least, *most,
                          *most - *least, maximum),
              or_override(fmt::format("write {} {} or more", fields.minimum, *most - maximum),
                          "cu_spread_maximum")));
}

void check_greatest_capacity(const Declaration& declaration, const CapacityFields& fields,
                             const Scene& scene, Findings& findings) {
  const double maximum = scene.limits.number("cu_maximum");
  const auto most = capacity_of(declaration, fields.maximum);
  if (!most || *most <= maximum) return;
  findings.push_back(finding(declaration, written_field(declaration, fields.maximum),
                             fmt::format("{} is over the maximum of {}",
                                         shown_capacity(declaration, fields.maximum), maximum),
                             or_override(fmt::format("write {} or less", maximum), "cu_maximum")));
}

void check_bounds(const Declaration& declaration, const std::string& field, const Scene& scene,
                  const Bounds& bounds, Findings& findings) {
  const auto value = parse_duration(text_of(declaration, field));
  if (!value) return;
  const auto report = [&](const char* where, const char* direction, std::string_view limit) {
    const std::string bound = duration_text(limit_duration(scene, limit));
    findings.push_back(
        finding(declaration, field,
                fmt::format("{} {} is {} of {}", field, shown(declaration, field), where, bound),
                or_override(fmt::format("write {} or {}", bound, direction), limit)));
  };
  if (*value < limit_duration(scene, bounds.minimum)) {
    report("under the minimum", "more", bounds.minimum);
  } else if (*value > limit_duration(scene, bounds.maximum)) {
    report("over the maximum", "less", bounds.maximum);
  }
}

}  // namespace weir::rules
