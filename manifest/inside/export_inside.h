// The way back from what was seen inside a database to the words of a manifest.
#pragma once

#include <string>
#include <vector>

#include "core/document.h"
#include "manifest/inside/export_profiles.h"
#include "manifest/inside/folded_database.h"

namespace weir::inside {

/// What no manifest can say, without the address of the database.
using LeftOut = std::vector<std::string>;

/// The words of the database.
Document database_words(const FoldedDatabase& database, const ProfileNames& profiles,
                        LeftOut& left_out);
/// What stands under `member_of` of a role.
Document membership_words(const sql::Catalogue& catalogue, const KeysOfRoles& keys,
                          const std::string& role, LeftOut& left_out);

}  // namespace weir::inside
