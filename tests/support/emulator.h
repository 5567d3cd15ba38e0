// The emulator as users start it, without PostgreSQL.
#pragma once

#include <string>
#include <sys/types.h>

#include "tests/support/temporary_folder.h"

namespace weir::test {

/// Starts the program in a folder of its own and ends it with the test.
class Emulator {
 public:
  Emulator();
  Emulator(const Emulator&) = delete;
  Emulator& operator=(const Emulator&) = delete;
  ~Emulator();

  /// "http://127.0.0.1:54321".
  const std::string& url() const { return url_; }
  /// The token of its first user.
  const std::string& token() const { return token_; }

 private:
  std::string log() const;

  TemporaryFolder folder_;
  pid_t id_ = -1;
  std::string url_;
  std::string token_;
};

}  // namespace weir::test
