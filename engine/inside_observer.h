// Looks into databases: one snapshot each, several at a time.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>

#include "core/databases.h"
#include "core/secret.h"
#include "planner/inside_view.h"
#include "planner/plan.h"

namespace weir {

/// The password that is kept there; nothing where it is not, so that it is not tried.
using PasswordOf = std::function<std::optional<Secret>(const SecretSource& source)>;

struct LookOptions {
  Wake wake = Wake::kAuto;
  std::size_t parallelism = 10;
  PasswordOf password_of = [](const SecretSource&) { return std::nullopt; };
  /// Called about once a second while the answers are awaited; what it throws ends the looking.
  std::function<void()> meanwhile = {};
};

/// Sees again what the scripts of a plan were worked out from, by the addresses of their steps.
/// What could only be predicted is not looked for.
InsideViews look_again(const Plan& plan, Databases& databases, const LookOptions& options);

/// Sees what the insides of the manifest are compared with. A database that nobody can look into
/// now is withheld with the reason.
InsideViews look_into_databases(const Manifest& manifest, const Records& records,
                                const Observations& observations, const Catalogue& catalogue,
                                Databases& databases, const LookOptions& options);

}  // namespace weir
