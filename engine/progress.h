// How far a step is, and what follows from an answer: pure, a table of cases.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/error.h"
#include "core/observations.h"
#include "core/operation.h"
#include "core/store.h"
#include "core/units.h"

namespace weir {

/// Whether it is to delete something.
bool is_ending(const Intent& intent);

/// What is asked next.
enum class Phase : std::uint8_t {
  kSend,    ///< the change itself
  kLook,    ///< whether a request whose answer was lost had its effect
  kPoll,    ///< whether the service has finished
  kSettle,  ///< what came of it
};

struct Progress {
  Phase phase = Phase::kSend;
  int requests = 0;           ///< sent for the change itself
  int misses = 0;             ///< answers in a row that did not help
  int absences = 0;           ///< looks in a row that found nothing where something is ended
  int refusals = 0;           ///< times that the service was too busy for it
  Duration wait = {};         ///< how long it asked to be left alone then
  bool is_unknown = false;    ///< a request of ours may have had its effect
  bool is_inherited = false;  ///< an earlier run sent it; nothing is sent again
  std::string failure = {};   ///< the work ended badly; what it left is looked up
};

/// What came back.
struct Reply {
  std::optional<Operation> operation = {};  ///< of kSend and kPoll
  std::optional<Observed> resource = {};    ///< of kLook and kSettle; nothing: it is not there
  std::string moved = {};                   ///< of kSend: why it was not sent: the world has moved
  std::optional<ApiError> error = {};
  bool is_unsent = false;   ///< of kSend: the look before it failed, so nothing was sent
  bool is_unknown = false;  ///< of a script: the connection broke at its commit
  std::vector<std::string> executed = {};  ///< of a script: its statements, as they are shown
};

enum class Verdict : std::uint8_t {
  kGoOn,  ///< with the phase that the progress has now
  kDone,
  kGone,  ///< it is not there; for an intent of an earlier run
  kFailed,
  kStale,  ///< the world has moved: nothing was done
  kLeft,   ///< nobody knows; the intent stays open for the next apply
};

struct Judgement {
  Verdict verdict = Verdict::kGoOn;
  std::string message = {};
};

/// Decides by the answer alone, and notes in `progress` what is to be asked next.
Judgement judge(const Intent& intent, Progress& progress, const Reply& reply);
/// The same for a script, which is one transaction: it happened or it did not.
Judgement judge_script(const Reply& reply);

/// Whether a resource has come to rest: what depends on it would be refused before.
bool is_settled(const Observed& resource);

/// Requests for one change, and reads in a row that fail.
inline constexpr int kMostRequests = 5;
inline constexpr int kMostMisses = 8;
/// One look may show what was before the resource was made.
inline constexpr int kAbsencesOfTheGone = 2;
/// Of a service that is too busy, which is some five minutes of asking.
inline constexpr int kMostRefusals = 25;
inline constexpr std::chrono::minutes kLongestWait{5};

}  // namespace weir
