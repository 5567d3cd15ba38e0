// What the classes of branches mean for branches that nobody declares one by one.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "core/observations.h"
#include "core/store.h"
#include "core/units.h"
#include "manifest/manifest.h"

namespace weir {

/// The class that a branch belongs to by its remote name, the first that matches; null when none
/// does.
const BranchClass* class_of_branch(const Manifest& manifest, const std::string& remote_name);

/// A branch of a class as declarations of its own, with an end in canonical form.
std::vector<Declaration> branch_of_class(const BranchClass& branch_class, const std::string& id,
                                         const Document& expires);
/// Adds such declarations to a manifest.
void declare_branch(Manifest& manifest, std::vector<Declaration> branch);

/// What of a branch breaks its class, "never expires, and preview allows 14d"; "" when nothing
/// does.
std::string broken_rule(const BranchClass& branch_class, const Observed& branch, Instant now);

/// Keeps branches that a command declares by their class within what that allows. The end of one
/// that is there, and not among `replaced`, stays where it would only come sooner.
void keep_to_classes(Manifest& manifest, const Observations& observations,
                     const std::set<std::string>& replaced);

/// Declares, for this plan, what classes demand of the branches that are there, that no manifest
/// declares and that nobody applied.
void enforce_classes(Manifest& manifest, const Records& records, const Observations& observations,
                     Instant now);

}  // namespace weir
