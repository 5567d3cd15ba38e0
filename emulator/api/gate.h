// Decides who may connect to which endpoint, and wakes it for them.
#pragma once

#include <string>

#include "emulator/api/world.h"
#include "emulator/gatekeeper.h"

namespace emulator {

struct Door;

class Gate : public Gatekeeper {
 public:
  explicit Gate(World& world) : world_(world) {}

  void admit(const LoginAttempt& attempt, Decided decided) override;
  void session_ended(const std::string& endpoint) override;
  std::string awake_socket_folder(const std::string& address) override;

 private:
  Verdict judge(const LoginAttempt& attempt, const Door& door);
  void open(const Door& door, const std::string& address, Verdict verdict, Decided decided);

  World& world_;
  std::map<std::string, std::string> socket_folders_;  ///< of awake computes, by address
};

}  // namespace emulator
