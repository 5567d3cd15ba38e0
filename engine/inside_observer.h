// Looks into databases: one snapshot each, several at a time.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/databases.h"
#include "core/secret.h"
#include "planner/inside_view.h"

namespace weir {

/// The password that is kept there; nothing where it is not, so that it is not tried.
using PasswordOf = std::function<std::optional<Secret>(const SecretSource& source)>;

struct LookOptions {
  std::size_t parallelism = 10;
  PasswordOf password_of = [](const SecretSource&) { return std::nullopt; };
  /// Called about once a second while the answers are awaited; what it throws ends the looking.
  std::function<void()> meanwhile = {};
};

/// Sees what is asked for, and whether roles of the manifest can log in. A database that nobody can
/// look into now is withheld with the reason.
InsideViews look_into_databases(const Manifest& manifest,
                                const std::vector<InsideQuestion>& questions, Databases& databases,
                                const LookOptions& options);

}  // namespace weir
