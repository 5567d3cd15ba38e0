// The control calls below /_emulator, and the path that every request takes through the program.
#pragma once

#include "emulator/api/service.h"
#include "emulator/api/timekeeper.h"
#include "emulator/control/faults.h"
#include "emulator/control/traffic.h"

namespace emulator {

/// Whose Host headers are served: those of this machine, or any.
enum class Hosts { kLocal, kAny };

/// Takes every request: control calls are answered here, all others are noted, may meet a fault
/// and go on to the service.
class Control {
 public:
  Control(World& world, Service& service, Timekeeper& timekeeper, Traffic& traffic, Hosts hosts);

  void handle(Request request, const Reply& reply);
  /// Adds faults to the plan; throws std::invalid_argument that names the mistake.
  Json add_faults(const Json& plan);
  /// Makes source tables; throws std::invalid_argument that names the mistake.
  Json add_tables(const Json& plan);

 private:
  Response answered(const Request& request, const std::function<Json(const Json&)>& answer);
  Json call(const Request& request, const Json& body);
  Json clear_faults();
  Json drop_tables(const Request& request);
  Json sync_table(const Json& body);
  Json forget_requests();
  Json metrics() const;
  Json assumptions() const;
  Response answer_clock(const Request& request, const Reply& reply);
  void advance_to(Instant goal, const Reply& reply);
  Json sign_in_app(const std::string& app);
  Json add_identities(const Json& body);
  Json change_assumptions(const Json& body);
  Json change_latency(const Json& body);

  World& world_;
  Service& service_;
  Timekeeper& timekeeper_;
  Traffic& traffic_;
  Hosts hosts_;
  Faults faults_;
};

/// Whether a Host header names this machine: anything else is a web page that tries to use the
/// browser of a developer as a way in.
bool is_local_host(const std::string& host_header);

}  // namespace emulator
