// The weather: what goes wrong, for which request, as the caller plans it.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "emulator/api/world.h"
#include "emulator/http/message.h"

namespace emulator {

/// One line of a fault plan: it strikes the requests `nth` to `nth + times - 1` that match.
/// The first that is due does; those that only shape a right answer do all.
struct Fault {
  enum class Kind {
    kStatus,
    kDelay,
    kCut,
    kHalve,
    kGarble,
    kOperation,
    kKill,
    kShuffle,  ///< lists come in an order that a seed makes
    kPage,     ///< pages of lists are smaller than asked for
    kAlien,    ///< answers have fields that nobody knows
    kStale,    ///< reads answer what they answered when the fault saw them first
  };
  enum class When { kBefore, kAfter };

  Kind kind = Kind::kStatus;
  When when = When::kBefore;
  std::string method;  ///< "" matches every method
  std::string path;    ///< with * for any part without a slash and ** for anything; "" matches all
  std::size_t nth = 1;
  std::size_t times = 1;
  int status = 503;
  std::optional<std::string> retry_after;
  std::size_t size = 1;   ///< of a page
  std::int64_t seed = 0;  ///< of an order
  std::string body;
  Duration delay;
  OperationFault operation;
  std::size_t seen = 0;
  Json written;  ///< as the plan says it
  /// Of a stale fault: by caller, path and query. Shared with answers that are still under way.
  std::shared_ptr<std::map<std::string, Response>> remembered;
};

/// Says who sends a request, or nothing when nobody known does.
using Callers = std::function<std::optional<Identity>(const Request& request)>;

/// Applies a fault plan to requests on their way to `next`.
class Faults {
 public:
  Faults(World& world, Callers callers, Handler next)
      : world_(world), callers_(std::move(callers)), next_(std::move(next)) {}

  void handle(Request request, Reply reply);
  /// Adds the faults of {"faults": [...]}; throws std::invalid_argument that names the mistake.
  void add(const Json& plan);
  void clear();
  Json described() const;

 private:
  struct Struck {
    std::optional<Fault> fault;
    std::vector<Fault> shapes;
  };

  Struck strike(const Request& request);
  void suffer(const Fault& fault, Request request, Reply reply);
  void answer_stale(const Fault& fault, Request request, Reply reply);
  void pass_on(const Fault& fault, Request request, Reply reply);

  World& world_;
  Callers callers_;
  Handler next_;
  std::vector<Fault> faults_;
};

bool matches_path(std::string_view pattern, std::string_view path);

}  // namespace emulator
