// How long operations take, as the caller configures it: "create=2s,branch.update=500ms".
#pragma once

#include <map>
#include <string>

#include "emulator/time_values.h"

namespace emulator {

class Latency {
 public:
  /// Reads one or more NAME=DURATION; names are create, update, delete, undelete, settle and so
  /// on, each optionally behind "KIND.". Throws std::invalid_argument that says what is wrong.
  void set(const std::string& text);
  /// The time for a verb on a kind; zero when nothing was configured.
  Duration of(const std::string& kind, const std::string& verb) const;

 private:
  std::map<std::string, Duration> times_;
};

/// "250ms", "2s", "5m", "1h" or "7d"; throws std::invalid_argument for anything else.
Duration parse_human_duration(const std::string& text);

}  // namespace emulator
