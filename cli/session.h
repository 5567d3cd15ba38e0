// From the command line to a checked manifest.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/invocation.h"
#include "core/diagnostic.h"
#include "manifest/manifest.h"

namespace weir {

/// Files, environment and variables, from flags and WEIR_ENV. Throws UsageError for flags that are
/// no such thing.
LoadOptions load_options(const Invocation& invocation);

struct Loaded {
  Sources sources = {};
  Node tree = {};  ///< merged, as the manifest was declared from it; only when it is kept
  Manifest manifest = {};
  std::vector<Diagnostic> warnings = {};
};

/// Of the files as they are written, in the order in which they were read.
std::string hash_of(const Loaded& loaded);

enum class Keep { kManifest, kManifestAndTree };

/// Loads, and checks every rule. Reports mistakes on standard error and answers nothing when there
/// are errors. The tree is larger than the manifest, so it is kept only for who needs it.
std::optional<Loaded> load(const Invocation& invocation, Keep keep = Keep::kManifest);

/// For who needs only its name, its environment and where its state is: mistakes in what it
/// declares do not keep anybody from looking at what was applied.
std::optional<Manifest> load_for_state(const Invocation& invocation);

/// The same for one tree: what is wrong with it goes into `diagnostics`.
Manifest declare_and_check(MergedTree tree, const Sources& sources, Diagnostics& diagnostics);

/// Reports diagnostics on standard error.
void report_diagnostics(const Invocation& invocation, const Diagnostics& diagnostics,
                        const Sources& sources);

}  // namespace weir
