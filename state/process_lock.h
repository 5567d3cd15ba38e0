// Locks that a dead process cannot hold.
#pragma once

#include <cstdint>
#include <filesystem>

namespace weir {

/// Single bytes of an empty file, locked by open file description: the kernel frees them when the
/// process ends, however it ends, and two holders in one process exclude each other as well.
class ProcessLock {
 public:
  /// `file` is made when a lock is taken. Throws StateError when that fails.
  explicit ProcessLock(std::filesystem::path file) : file_(std::move(file)) {}
  ProcessLock(const ProcessLock&) = delete;
  ProcessLock& operator=(const ProcessLock&) = delete;
  ~ProcessLock();

  bool try_lock(std::int64_t byte);
  void unlock(std::int64_t byte);
  /// Whether somebody holds it who is not this object. Makes no file.
  bool is_held_by_another(std::int64_t byte);

 private:
  bool open_file(int flags);

  std::filesystem::path file_;
  int descriptor_ = -1;
  bool can_lock_ = false;
};

}  // namespace weir
