#include "cli/whole_file.h"

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <string>
#include <sys/stat.h>
#include <unistd.h>

#include <fmt/format.h>

#include "core/error.h"

namespace weir {
namespace {

constexpr std::size_t kBeginning = 64;

[[noreturn]] void refuse(const std::filesystem::path& file, int reason) {
  throw ConfigurationError(fmt::format("cannot write {}: {}; nothing of it was changed",
                                       file.string(), std::strerror(reason)));
}

/// A file beside the one that it shall replace; gone when it was not kept.
class NewFile {
 public:
  explicit NewFile(const std::filesystem::path& target)
      : target_(target), path_(target.string() + ".XXXXXX") {
    descriptor_ = mkstemp(path_.data());
    if (descriptor_ < 0) refuse(target_, errno);
  }
  NewFile(const NewFile&) = delete;
  NewFile& operator=(const NewFile&) = delete;
  ~NewFile() {
    if (descriptor_ >= 0) close(descriptor_);
    if (!is_kept_) unlink(path_.c_str());
  }

  void write(std::string_view text) {
    while (!text.empty()) {
      const ssize_t written = ::write(descriptor_, text.data(), text.size());
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) refuse(target_, errno);
      text.remove_prefix(static_cast<std::size_t>(written));
    }
  }

  void keep(mode_t mode) {
    const bool is_whole = fchmod(descriptor_, mode) == 0 && fsync(descriptor_) == 0;
    if (!is_whole || std::rename(path_.c_str(), target_.c_str()) != 0) refuse(target_, errno);
    is_kept_ = true;
  }

 private:
  std::filesystem::path target_;
  std::string path_;
  int descriptor_ = -1;
  bool is_kept_ = false;
};

mode_t mode_for(const std::filesystem::path& file, Readers readers) {
  struct stat status = {};
  if (stat(file.c_str(), &status) == 0) return status.st_mode & 07777U;
  if (readers == Readers::kOwner) return 0600U;
  const mode_t mask = umask(0);
  umask(mask);
  return 0666U & ~mask;
}

}  // namespace

void check_may_replace(const std::filesystem::path& file, const IsOurs& is_ours) {
  if (file == "-") {
    throw UsageError("-out -: this is no name of a file; leave -out away for standard output");
  }
  std::error_code unreadable;
  const bool has_text = std::filesystem::is_regular_file(file, unreadable) &&
                        std::filesystem::file_size(file, unreadable) > 0;
  if (!has_text) return;
  std::string beginning(kBeginning, '\0');
  std::ifstream stream(file, std::ios::binary);
  stream.read(beginning.data(), static_cast<std::streamsize>(beginning.size()));
  beginning.resize(static_cast<std::size_t>(stream.gcount()));
  if (is_ours(beginning)) return;
  throw UsageError(fmt::format(
      "-out {}: the file exists and something else is in it; name another one, or add -force to "
      "replace it",
      file.string()));
}

void write_whole_file(const std::filesystem::path& file, std::string_view text, Readers readers) {
  std::error_code absent;
  // A link keeps being one: what it leads to is replaced.
  const std::filesystem::path real = std::filesystem::weakly_canonical(file, absent);
  const std::filesystem::path& target = absent ? file : real;
  if (std::filesystem::exists(target, absent) &&
      !std::filesystem::is_regular_file(target, absent)) {
    throw ConfigurationError(
        fmt::format("cannot write {}: it is not a file; name another one", file.string()));
  }
  NewFile fresh(target);
  fresh.write(text);
  fresh.keep(mode_for(target, readers));
}

}  // namespace weir
