// Values of settings, some of which are lists of names.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace weir::sql {

/// Names of settings are the same in any case of their letters.
bool same_setting_name(std::string_view one, std::string_view other);

/// The literals that SET takes for a value: of a list such as search_path each element, as one
/// literal would be one element with a comma in its name.
std::vector<std::string> setting_elements(std::string_view name, std::string_view value);

/// Whether two values are the same to PostgreSQL, which keeps lists in its own quotation marks.
bool same_setting_value(std::string_view name, std::string_view one, std::string_view other);

}  // namespace weir::sql
