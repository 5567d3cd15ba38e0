#include "emulator/postgres/installation.h"

#include <charconv>
#include <cstdlib>
#include <optional>
#include <sstream>
#include <unistd.h>

#include "emulator/postgres/failure.h"

namespace emulator {
namespace {

namespace fs = std::filesystem;

constexpr int kOldestVersion = 15;

int version_of(const fs::path& folder) {
  const std::string name = folder.filename();
  int version = 0;
  std::from_chars(name.data(), name.data() + name.size(), version);
  return version;
}

std::optional<fs::path> newest_of_distribution() {
  std::optional<fs::path> newest;
  int newest_version = kOldestVersion - 1;
  std::error_code absent;
  for (const fs::directory_entry& entry : fs::directory_iterator("/usr/lib/postgresql", absent)) {
    const fs::path bin = entry.path() / "bin";
    const int version = version_of(entry.path());
    if (version <= newest_version || !fs::exists(bin / "initdb")) continue;
    newest_version = version;
    newest = bin;
  }
  return newest;
}

std::optional<fs::path> first_in_path() {
  const char* path = std::getenv("PATH");  // NOLINT(concurrency-mt-unsafe): nobody changes it
  std::istringstream folders(path == nullptr ? "" : path);
  for (std::string folder; std::getline(folders, folder, ':');) {
    const fs::path program = fs::path(folder) / "initdb";
    if (folder.empty() || !fs::exists(program)) continue;
    return fs::canonical(program).parent_path();
  }
  return std::nullopt;
}

}  // namespace

fs::path find_postgres_bin() {
  // NOLINTNEXTLINE(concurrency-mt-unsafe): nobody changes it
  const char* chosen = std::getenv("WEIR_POSTGRES_BIN");
  if (chosen != nullptr && *chosen != '\0') return chosen;
  if (const auto newest = newest_of_distribution()) return *newest;
  if (const auto found = first_in_path()) return *found;
  throw Failure(kInternalError,
                "PostgreSQL 15 or later is not installed: there is no initdb in "
                "/usr/lib/postgresql/*/bin or PATH. Install it or use --no-postgres.");
}

fs::path checked_postgres_bin(const fs::path& bin) {
  for (const char* program : {"initdb", "postgres"}) {
    if (access((bin / program).c_str(), X_OK) != 0) {
      throw Failure(kInternalError,
                    "There is no program " + (bin / program).string() +
                        "; --postgres-bin names the folder of initdb and postgres.");
    }
  }
  return bin;
}

}  // namespace emulator
