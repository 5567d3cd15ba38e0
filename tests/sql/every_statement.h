// Every statement that weir can write, with names of the test's choice in every position.
#pragma once

#include <functional>
#include <string>
#include <vector>

namespace weir::test {

/// Gives a name for a position; each position asks for another one.
using NameSource = std::function<std::string(const std::string& position)>;

std::vector<std::string> every_statement(const NameSource& name);

}  // namespace weir::test
