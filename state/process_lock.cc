#include "state/process_lock.h"

#include <cerrno>
#include <fcntl.h>
#include <system_error>
#include <unistd.h>

#include <fmt/format.h>

#include "core/error.h"

namespace weir {
namespace {

struct flock one_byte(short type, std::int64_t byte) {
  struct flock lock = {};
  lock.l_type = type;
  lock.l_whence = SEEK_SET;
  lock.l_start = byte;
  lock.l_len = 1;
  return lock;
}

[[noreturn]] void fail(const std::filesystem::path& file, int number) {
  throw StateError(fmt::format(
      "cannot lock {}: {}. Applying needs a folder that you may write, on a disk of this machine",
      file.string(), std::generic_category().message(number)));
}

}  // namespace

ProcessLock::~ProcessLock() {
  if (descriptor_ >= 0) close(descriptor_);
}

bool ProcessLock::open_file(int flags) {
  if (descriptor_ >= 0) close(descriptor_);
  descriptor_ = open(file_.c_str(), flags | O_NOFOLLOW | O_CLOEXEC, 0600);
  if (descriptor_ < 0 && errno != ENOENT) fail(file_, errno);
  return descriptor_ >= 0;
}

bool ProcessLock::try_lock(std::int64_t byte) {
  if (!can_lock_) can_lock_ = open_file(O_RDWR | O_CREAT);
  struct flock lock = one_byte(F_WRLCK, byte);
  if (fcntl(descriptor_, F_OFD_SETLK, &lock) == 0) return true;
  if (errno != EAGAIN && errno != EACCES) fail(file_, errno);
  return false;
}

void ProcessLock::unlock(std::int64_t byte) {
  struct flock lock = one_byte(F_UNLCK, byte);
  if (fcntl(descriptor_, F_OFD_SETLK, &lock) != 0) fail(file_, errno);
}

bool ProcessLock::is_held_by_another(std::int64_t byte) {
  if (descriptor_ < 0 && !open_file(O_RDONLY)) return false;
  struct flock lock = one_byte(F_WRLCK, byte);
  if (fcntl(descriptor_, F_OFD_GETLK, &lock) != 0) fail(file_, errno);
  return lock.l_type != F_UNLCK;
}

}  // namespace weir
