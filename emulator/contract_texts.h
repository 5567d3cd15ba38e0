// The contract files of emulator/contract, compiled into the program.
#pragma once

#include <map>
#include <string_view>

namespace emulator {

/// File name without ending → its JSON text.
const std::map<std::string_view, std::string_view>& contract_texts();

}  // namespace emulator
