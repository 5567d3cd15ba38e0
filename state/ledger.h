// The history: numbered entries, each of which hashes the one before it.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "core/store.h"
#include "state/codec.h"

namespace weir {

/// The end of a history.
struct Tip {
  std::int64_t serial = 0;
  std::int64_t entry = 0;
  std::string chain = {};  ///< 32 bytes; "" of an empty history
};

/// One entry as the stores keep it.
struct Entry {
  std::int64_t number = 0;
  std::int64_t serial = 0;
  std::int64_t at = 0;  ///< microseconds since 1970
  std::string run = {};
  std::string action = {};
  std::string address = {};
  std::int64_t before = 0;  ///< the entry that has what was remembered so far; 0: nothing was
  std::string hash = {};    ///< of what is remembered now; "": nothing is
  std::string chain = {};
};

/// An entry to be written, and the text that it brings.
struct Addition {
  Entry entry;
  std::string body = {};
};

/// Addresses, and the entries that have what is remembered of them.
using Standing = std::map<std::string, std::int64_t>;

/// When, and by which apply.
struct Circumstances {
  std::int64_t at = 0;
  std::string run;
};

/// What a commit adds behind `tip`, under the next serial.
std::vector<Addition> additions(const std::vector<Remembered>& remembered, const Tip& tip,
                                const Circumstances& circumstances, Standing standing);
/// That somebody's lease was ended by force.
Addition note_of_unlock(const Tip& tip, const Circumstances& circumstances);

/// Follows a history from behind the entry whose chain is `chain`.
class ChainReader {
 public:
  ChainReader(std::string chain, std::string where)
      : chain_(std::move(chain)), where_(std::move(where)) {}
  /// Throws StateError when `entry` does not belong there.
  void follow(const Entry& entry);

 private:
  std::string chain_;
  std::string where_;
};

/// An entry as it is shown; the texts of its records are empty where there are none.
HistoryEntry to_history(const Entry& entry, const Blob& before, const Blob& after,
                        const std::string& where);

std::int64_t microseconds(Instant instant);
std::string microseconds_text(std::int64_t microseconds);

}  // namespace weir
