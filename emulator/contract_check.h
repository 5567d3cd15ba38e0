// The engine that holds requests against the contract: types, bounds, oneofs, masks and rules.
#pragma once

#include <string>
#include <vector>

#include "emulator/contract.h"

namespace emulator {

/// The input fields that `body` sets, of the right types; everything else is left out.
/// Throws Problem for a wrong type and, when the assumptions say so, for an unknown field.
Json decode_body(const Contract& contract, const KindContract& kind, const Json& body);

/// Refuses values outside their bounds, patterns and enums. Looks at the fields of `values` only.
void check_values(const Contract& contract, const KindContract& kind, const Json& values);

/// Refuses a create that lacks a required field.
void check_required(const Contract& contract, const KindContract& kind, const Json& values);

/// What an update asks for.
struct Change {
  Json values = Json::object();      ///< as in the body, the named fields only
  std::vector<std::string> cleared;  ///< fields of a replaced object that the body leaves out
};

/// Reads `mask` against the contract and picks what it names from the decoded body.
Change masked_change(const Contract& contract, const KindContract& kind, const Json& decoded,
                     const std::string& mask);

enum class Occasion { kCreate, kUpdate };
/// Holds the rules between fields against `values`: what was sent, on an update over what was.
void check_rules(const Contract& contract, const KindContract& kind, const Json& values,
                 Occasion occasion);

/// Sets `shown` from `values` by the contract's `shown_as`; members of oneofs are left to the kind.
void show_values(const KindContract& kind, const Json& values, Json& shown);

}  // namespace emulator
