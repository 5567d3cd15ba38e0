// Profiles of the manifest's own, for what several schemas give to somebody.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "core/document.h"
#include "manifest/inside/folded_database.h"

namespace weir::inside {

/// "profile_1" and on.
using ProfileNames = std::map<Shape, std::string>;
ProfileNames name_profiles(const std::vector<const FoldedDatabase*>& databases);
/// What stands under `access_profiles`.
Document profile_words(const ProfileNames& profiles);
/// One word, or a list of several.
Document one_or_list(const std::vector<std::string>& words);

}  // namespace weir::inside
