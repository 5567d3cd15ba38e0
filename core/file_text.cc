#include "core/file_text.h"

#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fmt/format.h>

namespace weir {
namespace {

/// A descriptor that is closed at the end.
class OpenFile {
 public:
  // Without waiting: opening a pipe would last until somebody writes.
  explicit OpenFile(const std::string& path)
      : descriptor_(open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC)),
        error_(descriptor_ < 0 ? errno : 0) {}
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;
  ~OpenFile() {
    if (descriptor_ >= 0) close(descriptor_);
  }

  int descriptor() const { return descriptor_; }
  int error() const { return error_; }

 private:
  int descriptor_;
  int error_;
};

std::string problem_of(const OpenFile& file) {
  struct stat status = {};
  if (file.error() != 0) return std::strerror(file.error());
  if (fstat(file.descriptor(), &status) != 0) return std::strerror(errno);
  if (S_ISDIR(status.st_mode)) return "it is a folder";
  return S_ISREG(status.st_mode) ? "" : "it is no regular file";
}

}  // namespace

FileText read_file_text(const std::string& path, std::size_t most_bytes) {
  const OpenFile file(path);
  FileText read = {.problem = problem_of(file), .is_missing = file.error() == ENOENT};
  if (!read.problem.empty()) return read;
  std::array<char, 1U << 16U> block = {};
  while (read.text.size() <= most_bytes) {
    const ssize_t count = ::read(file.descriptor(), block.data(), block.size());
    if (count < 0 && errno == EINTR) continue;
    if (count == 0) break;
    if (count < 0) return {.problem = std::strerror(errno)};
    read.text.append(block.data(), static_cast<std::size_t>(count));
  }
  explicit_bzero(block.data(), block.size());
  if (read.text.size() <= most_bytes) return read;
  return {.problem = fmt::format("it is larger than {} MiB", most_bytes >> 20U)};
}

}  // namespace weir
