// The mistakes that reading a manifest finds, each with its stable id.
#pragma once

#include <span>

#include "manifest/rules.h"

namespace weir {

/// All of them, by id, for `weir explain`.
std::span<const RuleText> all_manifest_rules();

namespace rule {

// Files.
inline constexpr const char* kMissingPath = "M001";
inline constexpr const char* kUnreadable = "M002";
inline constexpr const char* kLeavesFolder = "M003";
inline constexpr const char* kTooMuch = "M004";
inline constexpr const char* kNoManifests = "M005";
inline constexpr const char* kVersion = "M006";
inline constexpr const char* kSetTwice = "M007";
inline constexpr const char* kTooMany = "M008";
// Environments.
inline constexpr const char* kUnknownEnvironment = "M010";
inline constexpr const char* kNoEnvironment = "M011";
inline constexpr const char* kNotPatchable = "M012";
inline constexpr const char* kRemovesNothing = "M013";
// Variables.
inline constexpr const char* kUnknownVariable = "M020";
inline constexpr const char* kVariable = "M021";
inline constexpr const char* kNoValue = "M022";
inline constexpr const char* kVariableType = "M023";
inline constexpr const char* kSecret = "M024";
inline constexpr const char* kSecretMisplaced = "M025";
inline constexpr const char* kSecretWanted = "M026";
inline constexpr const char* kNotLookedUp = "M027";
// Interpolation.
inline constexpr const char* kExpression = "M030";
inline constexpr const char* kUnknownName = "M031";
inline constexpr const char* kNotText = "M032";
inline constexpr const char* kOutputMisplaced = "M033";
inline constexpr const char* kUnknownPath = "M034";
inline constexpr const char* kForEach = "M035";
inline constexpr const char* kSameKey = "M036";
inline constexpr const char* kExpansion = "M037";
// Declarations.
inline constexpr const char* kUnknownKey = "M040";
inline constexpr const char* kShape = "M042";
inline constexpr const char* kValue = "M043";
inline constexpr const char* kRequired = "M044";
inline constexpr const char* kDerived = "M045";
inline constexpr const char* kExcludes = "M046";
inline constexpr const char* kNeeds = "M047";
inline constexpr const char* kExactlyOne = "M048";
inline constexpr const char* kNullMember = "M049";
inline constexpr const char* kReference = "M050";
inline constexpr const char* kCycle = "M051";
inline constexpr const char* kSameName = "M052";
inline constexpr const char* kLifecycle = "M053";
inline constexpr const char* kId = "M054";
inline constexpr const char* kName = "M055";
// The inside of databases.
inline constexpr const char* kProfile = "M056";
inline constexpr const char* kPrivilege = "M057";
inline constexpr const char* kObjectName = "M058";
// Where it all is.
inline constexpr const char* kTwoTargets = "M059";
inline constexpr const char* kServerBranch = "M060";

}  // namespace rule
}  // namespace weir
