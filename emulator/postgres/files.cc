#include "emulator/postgres/files.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <fcntl.h>
#include <fstream>
#include <sstream>
#include <sys/stat.h>
#include <system_error>
#include <thread>
#include <unistd.h>

namespace emulator {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void throw_errno(const char* what, const fs::path& path) {
  throw fs::filesystem_error(what, path, std::error_code(errno, std::generic_category()));
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

void write_all(int file, const char* bytes, std::size_t size, const fs::path& path) {
  while (size > 0) {
    const ssize_t written = write(file, bytes, size);
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) throw_errno("cannot write", path);
    bytes += written;
    size -= static_cast<std::size_t>(written);
  }
}

/// The slow way, for file systems without copy_file_range.
void copy_through_memory(int from, int to, std::size_t size, const fs::path& path) {
  std::array<char, 65536> buffer{};
  while (size > 0) {
    const ssize_t bytes = read(from, buffer.data(), std::min(size, buffer.size()));
    if (bytes < 0 && errno == EINTR) continue;
    if (bytes < 0) throw_errno("cannot read", path);
    if (bytes == 0) return;
    write_all(to, buffer.data(), static_cast<std::size_t>(bytes), path);
    size -= static_cast<std::size_t>(bytes);
  }
}

void copy_bytes(int from, int to, std::size_t size, const fs::path& path) {
  while (size > 0) {
    const ssize_t bytes = copy_file_range(from, nullptr, to, nullptr, size, 0);
    if (bytes < 0 && errno == EINTR) continue;
    if (bytes <= 0) {
      copy_through_memory(from, to, size, path);
      return;
    }
    size -= static_cast<std::size_t>(bytes);
  }
}

/// Answers false when `from` has vanished.
bool copy_if_present(const fs::path& from, const fs::path& to, const SystemUser& user) {
  const Descriptor source(open(from.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  if (source.number() < 0 && errno == ENOENT) return false;
  if (source.number() < 0) throw_errno("cannot read", from);
  const Descriptor target(
      open(to.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (target.number() < 0) throw_errno("cannot create", to);
  if (user.is_another && fchown(target.number(), user.uid, user.gid) != 0) {
    throw_errno("cannot give away", to);
  }
  // The size is fixed at the start: a live file may grow as fast as it is copied.
  struct stat state {};
  if (fstat(source.number(), &state) != 0) throw_errno("cannot read", from);
  copy_bytes(source.number(), target.number(), static_cast<std::size_t>(state.st_size), from);
  return true;
}

struct Copy {
  const fs::path& from;
  const fs::path& to;
  const SystemUser& user;
  const LeftOut& left_out;

  void folder(const fs::path& relative) const {
    make_private_folder(to / relative, user);
    std::error_code vanished;
    fs::directory_iterator entries(from / relative, vanished);
    for (; !vanished && entries != fs::directory_iterator(); entries.increment(vanished)) {
      const fs::path inner = relative / entries->path().filename();
      if (left_out && left_out(inner)) continue;
      std::error_code unknown;
      const fs::file_status status = entries->symlink_status(unknown);
      if (fs::is_directory(status)) folder(inner);
      if (fs::is_regular_file(status)) copy_if_present(from / inner, to / inner, user);
    }
  }
};

}  // namespace

std::optional<std::string> read_file(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return std::nullopt;
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

void write_file(const fs::path& path, const std::string& text, unsigned mode) {
  const fs::path unfinished = partial(path);
  fs::remove(unfinished);
  {
    const Descriptor file(open(unfinished.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode));
    if (file.number() < 0) throw_errno("cannot create", unfinished);
    if (fchmod(file.number(), mode) != 0) throw_errno("cannot protect", unfinished);
    write_all(file.number(), text.data(), text.size(), unfinished);
  }
  fs::rename(unfinished, path);
}

void make_private_folder(const fs::path& path, const SystemUser& user) {
  if (mkdir(path.c_str(), 0700) != 0 && errno != EEXIST) throw_errno("cannot create", path);
  if (chmod(path.c_str(), 0700) != 0) throw_errno("cannot protect", path);
  give_to(user, path);
}

void remove_tree(const fs::path& folder, std::error_code& error) {
  constexpr int kTries = 100;
  for (int attempt = 0; attempt < kTries; ++attempt) {
    fs::remove_all(folder, error);
    const bool has_changed_meanwhile =
        error == std::errc::no_such_file_or_directory || error == std::errc::directory_not_empty;
    if (!has_changed_meanwhile) return;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
}

void remove_tree(const fs::path& folder) {
  std::error_code error;
  remove_tree(folder, error);
  if (error) throw fs::filesystem_error("cannot remove", folder, error);
}

fs::path set_aside(const fs::path& path) {
  fs::path leftover = partial(path);
  if (!fs::exists(path)) return leftover;
  remove_tree(leftover);
  fs::rename(path, leftover);
  return leftover;
}

void remove_folder(const fs::path& path) {
  remove_tree(set_aside(path));
}

void remove_partial_folders(const fs::path& folder) {
  std::error_code absent;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder, absent)) {
    if (entry.path().extension() == ".partial") remove_tree(entry.path());
  }
}

fs::path partial(const fs::path& path) {
  fs::path result = path;
  result += ".partial";
  return result;
}

void copy_folder(const fs::path& from, const fs::path& to, const SystemUser& user,
                 const LeftOut& left_out) {
  if (!fs::is_directory(from)) {
    throw fs::filesystem_error("cannot copy", from,
                               std::make_error_code(std::errc::no_such_file_or_directory));
  }
  Copy{.from = from, .to = to, .user = user, .left_out = left_out}.folder({});
}

void copy_file(const fs::path& from, const fs::path& to, const SystemUser& user) {
  if (!copy_if_present(from, to, user)) {
    throw fs::filesystem_error("cannot copy", from,
                               std::make_error_code(std::errc::no_such_file_or_directory));
  }
}

}  // namespace emulator
