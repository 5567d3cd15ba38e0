// What was asked of the emulator: the request log and the counters.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <string>

#include "emulator/http/message.h"
#include "emulator/json.h"

namespace emulator {

/// Keeps the newest requests and counts all of them. Tokens and passwords are never kept.
class Traffic {
 public:
  /// Notes a request and gives its number, from 1.
  std::uint64_t received(const Request& request);
  void answered(std::uint64_t number, int status);
  void forget();

  /// The requests behind number `since`, oldest first.
  Json requests(std::uint64_t since) const;
  /// Calls by method and path pattern.
  const std::map<std::string, std::uint64_t>& calls() const { return calls_; }

 private:
  struct Entry {
    std::uint64_t number = 0;
    std::string method;
    std::string path;
    std::string query;
    std::string body;
    int status = 0;
  };

  std::deque<Entry> entries_;
  std::map<std::string, std::uint64_t> calls_;
  std::uint64_t last_ = 0;
};

/// "projects/shop/branches/dev" → "projects/{}/branches/{}": ids are left out.
std::string path_pattern(const std::string& path);

}  // namespace emulator
