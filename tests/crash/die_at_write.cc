// Preloaded into weir: ends it by SIGKILL at the n-th call that makes its files durable, as a crash
// would, or stops it there until it is continued. Says how many such calls there were in the end.
#include <atomic>
#include <climits>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <dlfcn.h>
#include <string>
#include <sys/stat.h>
#include <unistd.h>

namespace {

enum Call { kSync, kWrite, kName, kCallCount };
constexpr const char* kNames[kCallCount] = {"sync", "write", "name"};

std::atomic<long> seen[kCallCount];

const char* variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

/// 0 never; otherwise the call to die at.
long number_of(Call call) {
  static const char* const wanted = variable("WEIR_DIE_CALL");
  static const long number = std::atol(variable("WEIR_DIE_NUMBER"));
  return std::strcmp(wanted, kNames[call]) == 0 ? number : 0;
}

bool dies(const char* moment) {
  static const char* const wanted = variable("WEIR_DIE_MOMENT");
  return std::strcmp(wanted, moment) == 0;
}

[[noreturn]] void die() {
  kill(getpid(), SIGKILL);
  while (true) pause();
}

bool is_ours(const char* path) {
  static const std::string folder = variable("WEIR_DIE_FOLDER");
  return !folder.empty() && std::strncmp(path, folder.c_str(), folder.size()) == 0;
}

bool is_ours(int descriptor) {
  char path[PATH_MAX] = {};
  const std::string link = "/proc/self/fd/" + std::to_string(descriptor);
  return readlink(link.c_str(), path, sizeof path - 1) > 0 && is_ours(path);
}

template <typename Function>
Function* real(const char* name) {
  return reinterpret_cast<Function*>(dlsym(RTLD_NEXT, name));
}

/// Does `act`, unless this is the call before or behind which the process is to end.
template <typename Act>
auto around(Call call, Act act) {
  const bool is_it = ++seen[call] == number_of(call);
  if (is_it && dies("before")) die();
  if (is_it && dies("stop")) kill(getpid(), SIGSTOP);
  const auto result = act();
  if (is_it && dies("after")) die();
  return result;
}

/// As `around`; a write may also be torn: the first half of it is there.
template <typename Act>
ssize_t write_around(int descriptor, size_t size, Act act) {
  if (!is_ours(descriptor)) return act(size);
  const bool is_it = ++seen[kWrite] == number_of(kWrite);
  if (is_it && dies("before")) die();
  const ssize_t written = act(is_it && dies("torn") ? size / 2 : size);
  if (is_it) die();
  return written;
}

__attribute__((destructor)) void tell() {
  const char* file = variable("WEIR_DIE_COUNTS");
  if (*file == '\0') return;
  if (std::FILE* out = std::fopen(file, "w")) {
    for (int call = 0; call < kCallCount; ++call) {
      std::fprintf(out, "%s %ld\n", kNames[call], seen[call].load());
    }
    std::fclose(out);
  }
}

}  // namespace

extern "C" {

int fsync(int descriptor) {
  if (!is_ours(descriptor)) return real<int(int)>("fsync")(descriptor);
  return around(kSync, [&] { return real<int(int)>("fsync")(descriptor); });
}

int fdatasync(int descriptor) {
  if (!is_ours(descriptor)) return real<int(int)>("fdatasync")(descriptor);
  return around(kSync, [&] { return real<int(int)>("fdatasync")(descriptor); });
}

ssize_t write(int descriptor, const void* bytes, size_t size) {
  return write_around(descriptor, size, [&](size_t part) {
    return real<ssize_t(int, const void*, size_t)>("write")(descriptor, bytes, part);
  });
}

ssize_t pwrite64(int descriptor, const void* bytes, size_t size, off64_t offset) {
  return write_around(descriptor, size, [&](size_t part) {
    return real<ssize_t(int, const void*, size_t, off64_t)>("pwrite64")(descriptor, bytes, part,
                                                                        offset);
  });
}

ssize_t pwrite(int descriptor, const void* bytes, size_t size, off_t offset) {
  return pwrite64(descriptor, bytes, size, offset);
}

int link(const char* from, const char* to) {
  if (!is_ours(to)) return real<int(const char*, const char*)>("link")(from, to);
  return around(kName, [&] { return real<int(const char*, const char*)>("link")(from, to); });
}

int unlink(const char* path) {
  if (!is_ours(path)) return real<int(const char*)>("unlink")(path);
  return around(kName, [&] { return real<int(const char*)>("unlink")(path); });
}

int mkdir(const char* path, mode_t mode) {
  if (!is_ours(path)) return real<int(const char*, mode_t)>("mkdir")(path, mode);
  return around(kName, [&] { return real<int(const char*, mode_t)>("mkdir")(path, mode); });
}

int ftruncate64(int descriptor, off64_t size) {
  if (!is_ours(descriptor)) return real<int(int, off64_t)>("ftruncate64")(descriptor, size);
  return around(kName, [&] { return real<int(int, off64_t)>("ftruncate64")(descriptor, size); });
}

int ftruncate(int descriptor, off_t size) {
  return ftruncate64(descriptor, size);
}

}  // extern "C"
