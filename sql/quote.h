// Names and literals as statements have them: the only two functions that quote.
#pragma once

#include <string>
#include <string_view>

#include "core/error.h"

namespace weir::sql {

/// A name or literal that no statement can hold reached the quoting: whoever made it did not check.
class QuoteError : public Error {
 public:
  using Error::Error;
};

/// PostgreSQL cuts longer names silently, and then two of them may be one.
inline constexpr std::size_t kLongestName = 63;

/// Why a wished name cannot be one, in words: length, UTF-8, control characters. "" when it can.
std::string problem_with_name(std::string_view name);
bool has_control_character(std::string_view text);

/// Always in quotation marks. What cannot be seen, as control characters and those that change the
/// direction of writing, is written as escapes: names of others may have such.
std::string quoted_name(std::string_view name);
/// "schema"."name"
std::string quoted_name(std::string_view schema, std::string_view name);
/// Correct whether or not the server treats backslashes in plain literals as escapes.
std::string quoted_literal(std::string_view text);

/// A name in a sentence: as it is, or with invisible characters as \u escapes.
std::string shown_name(std::string_view name);

}  // namespace weir::sql
