// Everything that the API works on, and what one request brings along.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "emulator/clock.h"
#include "emulator/computes.h"
#include "emulator/contract.h"
#include "emulator/http/message.h"
#include "emulator/ids.h"
#include "emulator/latency.h"
#include "emulator/loop.h"
#include "emulator/store.h"

namespace emulator {

/// A user or service principal.
struct Identity {
  std::string name;  ///< e-mail or application id: also its role inside Postgres
  std::string kind;  ///< "USER" or "SERVICE_PRINCIPAL"
  std::vector<std::string> groups = {};
  std::string display_name = {};  ///< its name for people; empty when it is `name`
};

/// What a fault plan wants of the next operation.
struct OperationFault {
  std::string fate;  ///< "fail", "hang" or "forget"
  std::string error_code;
  std::string message;
};

/// The names of the network that endpoints live in.
struct Network {
  std::string first_address = "127.100.0.0";  ///< endpoints count up from here
  bool has_postgres = true;
};

struct World {
  Loop& loop;
  Store& store;
  Contract& contract;
  Clock& clock;
  Ids& ids;
  Latency& latency;
  Computes& computes;
  Network network = {};
  std::optional<OperationFault> next_operation_fault = {};
  /// Connections by endpoint; an endpoint with any is not suspended. Kept by the Gate.
  std::map<std::string, int> open_sessions = {};
  std::map<std::string, std::uint64_t> wakes = {};  ///< how often each endpoint was woken
  /// What happens at the end of an operation whose request is answered only then, by its name.
  std::map<std::string, std::function<void(const Outcome&)>> awaited_operations = {};
  /// Pieces of PostgreSQL work that have begun and not ended; the virtual clock waits for them.
  int work_under_way = 0;
  std::uint64_t works_ended =
      0;                   ///< what was seen of PostgreSQL before the last end is out of date
  Instant leap_goal = {};  ///< where a virtual clock that is being moved will arrive
  /// Open and close the front's door at a loopback address; opening may throw.
  std::function<void(const std::string& address)> open_address = [](const std::string&) {};
  std::function<void(const std::string& address)> close_address = [](const std::string&) {};
  /// Makes the loop look at the timers in the store; set by the Timekeeper.
  std::function<void()> timers_changed = [] {};
};

struct Call {
  Identity caller;
  const Request& request;
  std::string trace;
};

struct ApiAnswer {
  std::string body;
  std::string awaited_operation = {};  ///< holds when this ends well; empty when it holds at once
};

/// Reads a boolean parameter: "true", "false" or absent.
bool flag_parameter(const World& world, const Call& call, const std::string& name);

}  // namespace emulator
