#include "state/state_file.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <system_error>
#include <unistd.h>
#include <utility>

#include <fmt/format.h>

#include "core/error.h"

namespace weir {
namespace {

namespace fs = std::filesystem;

constexpr mode_t kWritableByOthers = S_IWGRP | S_IWOTH;

std::string reason(int number) {
  return std::generic_category().message(number);
}

[[noreturn]] void fail(const fs::path& path, const char* doing, int number) {
  throw StateError(fmt::format(
      "cannot {} {}: {}. The state needs a folder that you may write, on a disk with room", doing,
      path.string(), reason(number)));
}

class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (number_ >= 0) close(number_);
  }
  int number() const { return number_; }

 private:
  int number_;
};

void write_all(int descriptor, std::string_view content, const fs::path& file) {
  while (!content.empty()) {
    const ssize_t written = write(descriptor, content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) fail(file, "write", errno);
    content.remove_prefix(static_cast<std::size_t>(written));
  }
}

/// A name is only durable when its folder is.
void sync_folder(const fs::path& folder) {
  const Descriptor opened(open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (opened.number() < 0 || fsync(opened.number()) != 0) fail(folder, "write", errno);
}

}  // namespace

fs::path real_place(const fs::path& file) {
  std::error_code failure;
  const fs::path folder = fs::absolute(file, failure).parent_path();
  // SQLite refuses links anywhere in a name; those on the way to the folder are the user's own.
  const fs::path real = fs::weakly_canonical(folder, failure);
  if (failure) fail(folder, "find", failure.value());
  return real / file.filename();
}

void make_private_folder(const fs::path& folder) {
  std::error_code failure;
  if (fs::is_directory(folder, failure)) return;
  if (folder.has_parent_path() && folder.parent_path() != folder) {
    make_private_folder(folder.parent_path());
  }
  if (mkdir(folder.c_str(), 0700) == 0) return sync_folder(folder.parent_path());
  if (errno != EEXIST) fail(folder, "make the folder", errno);
}

void check_folder(const fs::path& folder) {
  struct stat facts = {};
  if (stat(folder.c_str(), &facts) != 0) fail(folder, "look into", errno);
  if (facts.st_uid != geteuid() && facts.st_uid != 0) {
    throw StateError(fmt::format(
        "{} belongs to another user, who could replace the state. Keep the state in a folder of "
        "your own",
        folder.string()));
  }
  const bool is_shared = (facts.st_mode & kWritableByOthers) != 0;
  if (is_shared && (facts.st_mode & S_ISVTX) == 0) {
    throw StateError(
        fmt::format("others may write into {}, and so replace the state. Say chmod go-w '{}'",
                    folder.string(), folder.string()));
  }
  struct statfs system = {};
  if (statfs(folder.c_str(), &system) != 0) fail(folder, "look into", errno);
  if (const auto network = network_file_system(static_cast<std::uint64_t>(system.f_type))) {
    throw StateError(fmt::format(
        "{} is on {}, where locks do not keep two applies apart. Keep the state on a disk of this "
        "machine, or in PostgreSQL: state: {{ postgres: … }} in the manifest, or WEIR_STATE",
        folder.string(), *network));
  }
}

bool check_file(const fs::path& file) {
  struct stat facts = {};
  if (lstat(file.c_str(), &facts) != 0) {
    if (errno == ENOENT) return false;
    fail(file, "look at", errno);
  }
  if (!S_ISREG(facts.st_mode)) {
    throw StateError(fmt::format("{} is {}, and a state is a plain file. Name the file itself",
                                 file.string(), S_ISLNK(facts.st_mode) ? "a link" : "no file"));
  }
  if (facts.st_uid != geteuid()) {
    throw StateError(fmt::format(
        "{} belongs to another user (id {}). Run weir as that user, or make the file yours",
        file.string(), facts.st_uid));
  }
  if ((facts.st_mode & kWritableByOthers) != 0) {
    throw StateError(fmt::format(
        "others may write {}, so nobody knows who wrote it. Look at it, then say chmod 600 '{}'",
        file.string(), file.string()));
  }
  return true;
}

FileIdentity identity_of(const fs::path& file) {
  struct stat facts = {};
  if (lstat(file.c_str(), &facts) != 0) return {};
  return {.device = facts.st_dev, .number = facts.st_ino};
}

void make_private_file(const fs::path& file, std::string_view content) {
  const fs::path folder = file.parent_path();
  // Without a name until it is whole, so that nothing is left of it when the process ends before.
  const Descriptor draft(open(folder.c_str(), O_TMPFILE | O_WRONLY | O_CLOEXEC, 0600));
  if (draft.number() < 0) fail(file, "make", errno);
  write_all(draft.number(), content, file);
  if (fsync(draft.number()) != 0) fail(file, "write", errno);
  const std::string itself = fmt::format("/proc/self/fd/{}", draft.number());
  const int linked = linkat(AT_FDCWD, itself.c_str(), AT_FDCWD, file.c_str(), AT_SYMLINK_FOLLOW);
  if (linked != 0 && errno != EEXIST) fail(file, "make", errno);
  sync_folder(file.parent_path());
}

std::optional<std::string_view> network_file_system(std::uint64_t magic) {
  constexpr std::pair<std::uint32_t, std::string_view> kKnown[] = {
      {0x6969, "NFS"},        {0x517B, "SMB"},
      {0xFF534D42, "CIFS"},   {0xFE534D42, "SMB"},
      {0x5346414F, "AFS"},    {0x6B414653, "AFS"},
      {0x73757245, "Coda"},   {0x564C, "NCP"},
      {0x01021997, "9P"},     {0x00C36400, "Ceph"},
      {0x0BD00BD0, "Lustre"}, {0x47504653, "GPFS"},
      {0x7461636F, "OCFS2"},  {0x01161970, "GFS2"},
      {0x19830326, "BeeGFS"}, {0x65735546, "a FUSE file system, which may be on another machine"},
  };
  // The type is signed on some machines, so only its low 32 bits are alike everywhere.
  for (const auto& [known, name] : kKnown) {
    if (known == static_cast<std::uint32_t>(magic)) return name;
  }
  return std::nullopt;
}

}  // namespace weir
