// The state of one machine, in one SQLite file.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "core/clock.h"
#include "core/store.h"

namespace weir {

/// For applying: makes the folder and the file, for this user alone, where there are none. A lease
/// ends with the process that holds it.
std::unique_ptr<Store> open_sqlite_store(const std::filesystem::path& file,
                                         const std::string& deployment, const Clock& clock);
/// For looking: makes nothing, and is nothing when there is no file.
std::unique_ptr<Store> read_sqlite_store(const std::filesystem::path& file,
                                         const std::string& deployment, const Clock& clock);

}  // namespace weir
