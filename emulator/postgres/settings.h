// The settings that clusters run with, and which of them a user may choose.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "emulator/postgres/installation.h"

namespace emulator {

using Settings = std::map<std::string, std::string>;

/// Small and quick: many clusters share one machine, and none must survive a power cut.
const Settings& lean_settings();

/// Throws a Failure when PostgreSQL, or we, would not accept one of `settings`.
void check_settings(const Installation& installation, const std::filesystem::path& data,
                    const Settings& settings);

/// `-c name=value` for each setting.
std::vector<std::string> as_arguments(const Settings& settings);

/// Raises each of `settings` to at least the value in `minimum`.
void raise_to(Settings& settings, const Settings& minimum);

/// One setting a line, for a file of our own.
std::string settings_text(const Settings& settings);
Settings parse_settings_text(const std::string& text);

}  // namespace emulator
