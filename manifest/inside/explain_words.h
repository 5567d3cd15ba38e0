// Pages about the words for what is inside databases.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace weir::inside {

/// A schema is a kind to people, though none that the service knows.
inline constexpr std::string_view kSchemaDoc =
    "A schema of a database, with the access to all that is in it.";

/// The page about "schema", "database.access", "access_profiles" or "access", which several may
/// have; "" when there is none.
std::string explain_words(std::string_view subject);

/// One line for each word directly below a path.
std::string list_words(std::string_view path);

/// All that may be asked for, for what is similar.
std::vector<std::string> subjects();

}  // namespace weir::inside
