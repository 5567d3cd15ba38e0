// The outputs of a manifest, with what the workspace says for their open parts.
#pragma once

#include <string>
#include <vector>

#include "core/document.h"
#include "core/observations.h"
#include "manifest/manifest.h"

namespace weir {

struct OutputValue {
  std::string name;
  std::string value;
  std::string description = {};
};

/// What the part of a resource is: "name", "id", "uid", or a fact such as "host". Nothing when the
/// workspace does not say it.
std::optional<std::string> part_of(const Observed& observed, const std::string& part);

/// Evaluates the outputs; only `only` unless it is empty. `tree` is the merged tree that the
/// manifest was declared from. Throws ConfigurationError for what nobody can say, with the reason.
std::vector<OutputValue> evaluate_outputs(const Manifest& manifest, const Node& tree,
                                          const Observations& observations,
                                          const Catalogue& catalogue, const std::string& only);

/// The variables that an app's `env` says, evaluated in the same way. Throws UsageError for an app
/// that is not declared.
std::vector<OutputValue> evaluate_environment(const Manifest& manifest, const Node& tree,
                                              const Observations& observations,
                                              const Catalogue& catalogue, const std::string& app);

/// One line for each, "NAME='value'", which a shell reads back whatever the value is.
std::string shell_lines(const std::vector<OutputValue>& outputs);

}  // namespace weir
