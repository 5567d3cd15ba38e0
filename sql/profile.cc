#include "sql/profile.h"

#include <array>

namespace weir::sql {
namespace {

using enum Privilege;

constexpr std::array kProfiles = {
    Profile{.name = "usage",
            .doc = "Sees the schema; what it may do there is said one by one.",
            .schema = {kUsage}},
    // No EXECUTE: a function may write, and one that only reads has PUBLIC's EXECUTE anyway.
    Profile{.name = "readonly",
            .doc = "Reads tables, views and sequences.",
            .schema = {kUsage},
            .tables = {kSelect},
            .sequences = {kSelect},
            .types = {kUsage}},
    Profile{.name = "readwrite",
            .doc = "Reads and writes rows, draws from sequences, calls functions.",
            .schema = {kUsage},
            .tables = {kSelect, kInsert, kUpdate, kDelete},
            .sequences = {kUsage, kSelect},
            .routines = {kExecute},
            .types = {kUsage}},
    // UPDATE on sequences is setval, which a restore or a loader needs after copying rows.
    Profile{.name = "loader",
            .doc = "Reads, writes and empties tables, and sets sequences.",
            .schema = {kUsage},
            .tables = {kSelect, kInsert, kUpdate, kDelete, kTruncate},
            .sequences = {kUsage, kSelect, kUpdate},
            .routines = {kExecute},
            .types = {kUsage}},
    // Enough to run migrations that add objects; altering those of others takes their ownership.
    Profile{.name = "builder",
            .doc = "All of readwrite, and creates objects that refer to those of others.",
            .schema = {kUsage, kCreate},
            .tables = {kSelect, kInsert, kUpdate, kDelete, kTruncate, kReferences, kTrigger},
            .sequences = {kUsage, kSelect, kUpdate},
            .routines = {kExecute},
            .types = {kUsage}},
};

}  // namespace

PrivilegeSet Profile::part(ObjectClass object_class) const {
  switch (object_class) {
    case ObjectClass::kSchema:
      return schema;
    case ObjectClass::kTable:
      return tables;
    case ObjectClass::kSequence:
      return sequences;
    case ObjectClass::kRoutine:
      return routines;
    case ObjectClass::kType:
      return types;
    default:
      return {};
  }
}

std::span<const Profile> built_in_profiles() {
  return kProfiles;
}

const Profile* find_profile(std::string_view name) {
  for (const Profile& profile : kProfiles) {
    if (profile.name == name) return &profile;
  }
  return nullptr;
}

}  // namespace weir::sql
