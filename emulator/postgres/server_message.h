// The few messages that the front itself sends to clients, in PostgreSQL's wire format.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace emulator {

std::string fatal_error(std::string_view sqlstate, std::string_view message);
std::string ask_for_password();
/// Tells a client that it gets protocol 3.0 and none of `unknown_options`.
std::string negotiate_version(const std::vector<std::string>& unknown_options);

}  // namespace emulator
