// The mistakes that the YAML reader and the formatter can find, with their stable ids.
#pragma once

#include <span>
#include <string_view>

#include "manifest/rules.h"

namespace weir {

namespace yaml_rule {
inline constexpr std::string_view kFileSize = "Y001";
inline constexpr std::string_view kEncoding = "Y002";
inline constexpr std::string_view kForbiddenCharacter = "Y003";
inline constexpr std::string_view kSyntax = "Y004";
inline constexpr std::string_view kDepth = "Y005";
inline constexpr std::string_view kNodes = "Y006";
inline constexpr std::string_view kScalarSize = "Y007";
inline constexpr std::string_view kSecondDocument = "Y008";
inline constexpr std::string_view kDirective = "Y009";
inline constexpr std::string_view kDuplicateKey = "Y010";
inline constexpr std::string_view kMergeKey = "Y011";
inline constexpr std::string_view kTag = "Y012";
inline constexpr std::string_view kKey = "Y013";
inline constexpr std::string_view kAlias = "Y014";
inline constexpr std::string_view kLeadingZero = "Y015";
inline constexpr std::string_view kNumber = "Y016";
inline constexpr std::string_view kTooManyMistakes = "Y017";
inline constexpr std::string_view kExpansion = "Y018";
inline constexpr std::string_view kLayout = "Y019";
}  // namespace yaml_rule

/// All of them, in the order of their ids.
std::span<const RuleText> all_yaml_rules();

}  // namespace weir
