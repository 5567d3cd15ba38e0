#include "tests/simulation/disks.h"

#include <stdexcept>
#include <stdlib.h>
#include <string>

#include "state/sqlite_store.h"

namespace weir::test {
namespace {

namespace fs = std::filesystem;

fs::path new_folder() {
  std::error_code absent;
  const fs::path shared = "/dev/shm";
  const fs::path place = fs::is_directory(shared, absent) ? shared : fs::temp_directory_path();
  std::string pattern = (place / "weir-simulation-XXXXXX").string();
  if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("cannot make " + pattern);
  return pattern;
}

}  // namespace

SqliteDisk::SqliteDisk(const Workspace& workspace) : folder_(new_folder()), clock_(workspace) {}

SqliteDisk::~SqliteDisk() {
  std::error_code ignored;
  fs::remove_all(folder_, ignored);
}

std::unique_ptr<Store> SqliteDisk::open() {
  return open_sqlite_store(folder_ / "state.db", "default", clock_);
}

}  // namespace weir::test
