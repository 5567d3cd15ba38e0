// What can go wrong, each by its name, and where it strikes: by chance, or exactly as told.
#pragma once

#include <cstdint>
#include <map>
#include <random>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace weir::test {

/// Where something can go wrong.
enum class Site : std::uint8_t {
  kRequest,  ///< a change is sent
  kRead,     ///< a resource or an operation is read
  kCommit,   ///< the store makes something durable
  kLease,    ///< the store is asked to keep the lease
  kTurn,     ///< the coordinator asks whether somebody interrupts
  kWorld,    ///< somebody else could change the workspace
};

/// The letters in front are those of docs/testing.md.
enum class Fault : std::uint8_t {
  kNone,
  kKillBeforeRequest,   // F2
  kKillBeforeArrival,   // F3: it arrives when the process is gone
  kKillAfterRequest,    // F3, F4
  kLostBefore,          // F7
  kLostAfter,           // F7
  kLate,                // F8: it arrives when nobody waits for it any more
  kTwice,               // F9
  kBusy,                // F10
  kBrokenBefore,        // F11
  kBrokenAfter,         // F11
  kGarbled,             // F11: 200 with something that is no answer
  kFails,               // F12: the operation ends with an error and has left its effect
  kFailsBare,           // F12: … and has no effect
  kNeverEnds,           // F12
  kForgotten,           // F12: nobody knows the operation
  kOfAnother,           // F12: the operation is that of something else
  kUnauthorized,        // F20
  kForbidden,           // F20
  kNoMemoryBefore,      // F26
  kNoMemoryAfter,       // F26
  kKillAtRead,          // F6
  kReadLost,            // F7
  kReadBroken,          // F11
  kReadForbidden,       // F20
  kReadUnauthorized,    // F20
  kReadWithoutMemory,   // F26
  kStale,               // F17: what was there before the last change
  kKillBeforeCommit,    // F1, F5
  kKillAfterCommit,     // F5
  kDiskFull,            // F18
  kCommitUnclear,       // F18: durable, and yet an error
  kLeaseLostAtCommit,   // F14
  kStoreWithoutMemory,  // F26
  kLeaseLostMeanwhile,  // F14
  kLeaseRunsOut,        // F14: it is not renewed for a while
  kInterrupt,           // F24
  kInterruptTwice,      // F24
  kEditedByOthers,      // F16
  kDeletedByOthers,     // F16
  kRemadeByOthers,      // F16
};

struct FaultFacts {
  Fault fault;
  Site site;
  std::string_view name;
};

std::span<const FaultFacts> all_faults();
std::string_view text_of(Fault fault);
std::string_view text_of(Site site);

/// The nth time, from 0, that a run comes to a site.
struct Strike {
  std::size_t run = 0;
  Site site = Site::kRequest;
  std::size_t nth = 0;
  Fault fault = Fault::kNone;

  bool operator==(const Strike&) const = default;
};
std::string text_of(const Strike& strike);

/// Of a thousand.
using Rates = std::map<Fault, unsigned>;

/// Decides at each site. It notes what it struck with, so that the same can be done again.
class Luck {
 public:
  Luck(std::uint32_t seed, Rates rates) : random_(seed), rates_(std::move(rates)) {}
  explicit Luck(std::vector<Strike> exactly) : is_exact_(true), exactly_(std::move(exactly)) {}

  void begin_run(bool is_faulty);
  /// Nothing more goes wrong in this run.
  void end_run() { is_faulty_ = false; }
  Fault at(Site site);

  bool is_faulty() const { return is_faulty_; }
  const std::vector<Strike>& strikes() const { return strikes_; }
  /// How often the current run has come there.
  std::size_t points(Site site) const;

 private:
  Fault draw(Site site);
  Fault told(Site site, std::size_t nth) const;

  std::mt19937 random_;
  Rates rates_;
  bool is_exact_ = false;
  std::vector<Strike> exactly_;
  std::vector<Strike> strikes_;
  std::map<Site, std::size_t> points_;
  std::size_t runs_ = 0;
  bool is_faulty_ = false;
};

}  // namespace weir::test
