// How a resource differs from what is wanted, field by field, and why.
#pragma once

#include <string>
#include <vector>

#include "core/document.h"
#include "core/kind.h"

namespace weir {

enum class Reason {
  kNew,               ///< the resource does not exist
  kManifestChanged,   ///< differs from what was last applied
  kDrift,             ///< as last applied, but the workspace has something else
  kAdopted,           ///< nothing was ever applied: the first change to what exists already
  kNoLongerDeclared,  ///< was applied, and the manifest names it no more
  kRenewed,           ///< an expiration that is extended before it comes
  kOfClass,           ///< what a class of branches demands
};

/// "manifest changed", "drift", …
std::string_view text_of(Reason reason);

struct FieldChange {
  const Field* field = nullptr;
  Document before = {};  ///< canonical; null: not there or not shown
  Document after = {};   ///< canonical; null: left as it is
  Reason reason = Reason::kNew;
  bool needs_replacement = false;
  /// Only the apply will know the value: what another resource shows of the same field by then.
  /// `after` is the name of that.
  bool is_open = false;
};

/// The resource that an open change takes its value from, by its remote name.
inline std::string open_at(const FieldChange& change) {
  return change.after.is_string() ? change.after.get<std::string>() : "";
}

}  // namespace weir
