// Identifiers and secrets that the service invents.
#pragma once

#include <cstdint>
#include <string>

#include "emulator/store.h"

namespace emulator {

/// Makes ids from a seed and a counter in the store: the same seed and calls give the same ids.
/// Tokens come from the operating system and are never repeatable.
class Ids {
 public:
  /// A seed of 0 means a random one, kept in the store.
  Ids(Store& store, std::uint64_t seed);

  std::uint64_t seed() const { return seed_; }
  std::string project_uid();
  std::string branch_uid();
  std::string endpoint_uid();
  std::string uuid();
  std::string operation_id();
  std::string short_hex();
  std::string trace_id();
  /// The next number of a row of numbers that starts at 1.
  std::uint64_t next(const std::string& row);

 private:
  std::uint64_t draw();

  Store& store_;
  std::uint64_t seed_ = 0;
  std::uint64_t trace_ = 0;
};

/// 32 random bytes as text, with a prefix that says what it is.
std::string make_secret(const std::string& prefix);
/// SHA-256 in hexadecimal: all that the emulator keeps of a token.
std::string fingerprint(const std::string& secret);

}  // namespace emulator
