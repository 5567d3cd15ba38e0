// Plan and apply in one run: what `apply` and its kin share.
#pragma once

#include <functional>
#include <string>

#include "cli/invocation.h"
#include "core/address.h"
#include "core/store.h"
#include "manifest/manifest.h"
#include "planner/planner.h"

namespace weir {

/// What is meant instead of the whole manifest, and how people are told of it.
struct Errand {
  std::string next = {};     ///< the command that goes on; "" when it is the same one
  std::string nothing = {};  ///< what is said when there is nothing to do; "" for the usual words
  bool asks = true;  ///< false: the command itself is the yes, and what it may end is blocked
  bool is_used_up = false;  ///< a saved plan is carried out once
  Address existing = {};    ///< must be there; the root: nothing must
};

/// May want something else than the manifest, once the state is known.
using Rewrite =
    std::function<Errand(Manifest& manifest, Records& applied, Store& store, PlanOptions& options)>;

/// Plans and applies under one lease, so that nobody changes the state between the two.
Exit apply_manifest(const Invocation& invocation, PlanOptions options, const Rewrite& rewrite = {});

}  // namespace weir
