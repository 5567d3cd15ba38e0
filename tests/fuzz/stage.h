// An emulator for fuzzers, and what every one of its answers owes to a client.
#pragma once

#include <string>

#include "emulator/loop.h"
#include "emulator/program.h"

namespace emulator {

/// Prints the mistake and what led to it, and aborts, so that the fuzzer keeps the input.
[[noreturn]] void report(const std::string& mistake, const std::string& circumstances);
void expect(bool is_so, const std::string& mistake, const std::string& circumstances);

/// Holds a world in memory, without PostgreSQL, whose clock stands still at a round time.
class Stage {
 public:
  Stage();

  /// Gives the answer to a request and checks it: there is exactly one, it has a status and a body
  /// that a client can read, and it is no server error that nobody planned.
  Response say(Request request);
  const std::string& token() const { return program_.token(); }

 private:
  Loop loop_;
  Program program_;  // goes first: it may use the loop
  bool has_faults_ = false;
};

}  // namespace emulator
