// Indexes as people write them for a table that something else makes.
#pragma once

#include <string>
#include <string_view>

#include "sql/wishes.h"

namespace weir::sql {

/// Indexes that weir made begin so; the snapshot asks for these alone.
inline constexpr std::string_view kOwnIndexPrefix = "weir_";

/// Why a text is not one statement "create [unique] index on {table} …", in words; "" when it is.
/// It has no name, because weir gives it one, and nothing that could end the statement.
std::string problem_with_index(std::string_view text);
/// Of a text without a problem.
IndexText read_index(std::string_view text);

/// The same for the same text on the same table, and for no other: whoever changes the text wishes
/// for another index.
std::string own_index_name(const std::string& schema, const std::string& table,
                           const IndexText& text);
/// Whether only weir calls an index so: the prefix alone may be anybody's.
bool is_own_index_name(std::string_view name);

}  // namespace weir::sql
