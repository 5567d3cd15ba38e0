#include "emulator/postgres/socket_root.h"

#include <cstdlib>
#include <string>
#include <sys/stat.h>
#include <system_error>

#include "emulator/postgres/failure.h"
#include "emulator/postgres/files.h"

namespace emulator {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kLongestSocketPath = 107;
/// "/" + a uid + ".partial" + "/.s.PGSQL.5432"
constexpr std::size_t kLongestTail = 1 + 44 + 8 + 14;

bool is_ours(const fs::path& folder, const SystemUser& user) {
  struct stat state {};
  return lstat(folder.c_str(), &state) == 0 && S_ISDIR(state.st_mode) && state.st_uid == user.uid &&
         (state.st_mode & 0777U) == 0700U;
}

fs::path make_short_folder(const SystemUser& user) {
  std::string name = "/tmp/weir-XXXXXX";
  if (mkdtemp(name.data()) == nullptr) {
    throw std::system_error(errno, std::generic_category(), "cannot create " + name);
  }
  give_to(user, name);
  return name;
}

}  // namespace

fs::path make_socket_root(const fs::path& data_folder, const SystemUser& user) {
  fs::path folder = data_folder / "sockets";
  if (folder.string().size() + kLongestTail <= kLongestSocketPath) {
    fs::remove_all(folder);
    make_private_folder(folder, user);
    return folder;
  }
  std::error_code absent;
  fs::path earlier = fs::read_symlink(folder, absent);
  if (!absent && is_ours(earlier, user)) return earlier;
  fs::path made = make_short_folder(user);
  fs::remove_all(folder);
  fs::create_symlink(made, folder);
  return made;
}

void check_reachable(const Installation& installation, const fs::path& folder) {
  const Finished finished = run({"/usr/bin/env", "test", "-x", folder.string()}, installation.user);
  if (finished.status == 0) return;
  throw Failure(kInternalError, "PostgreSQL's system user cannot enter " + folder.string() +
                                    ": one of the folders above it is closed to others. Choose "
                                    "another data folder, or let others pass through (chmod o+x).");
}

}  // namespace emulator
