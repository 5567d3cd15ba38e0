// Plans and drift for machines. The format has a version: a new minor one only adds, a new major
// one may take away.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cli/plan_items.h"
#include "core/diagnostic.h"
#include "core/document.h"
#include "core/units.h"
#include "planner/plan.h"

namespace weir {

inline constexpr std::string_view kFormatVersion = "1.1";

/// What loading the manifests warned of.
using Warnings = std::vector<Diagnostic>;

/// Everything about a plan in one object.
Document plan_report(const Plan& plan, const Sources& sources, const Took& took,
                     const Warnings& warnings = {});
/// The part of it that `drift` is about.
Document drift_report(const Plan& plan, const Took& took);
/// One event of a run as a line, with its type and time first.
std::string event_line(std::string_view type, Instant time, const Document& content);
/// One event a line, with Terraform's names of types; the summary comes last.
std::string plan_lines(const Plan& plan, const Sources& sources, const Took& took,
                       const Warnings& warnings = {});
std::string drift_lines(const Plan& plan, const Took& took);
/// For people's eyes as well: indented by two.
std::string pretty(const Document& document);

}  // namespace weir
