// Decides who may connect to which endpoint, and wakes it for them.
#pragma once

#include <string>

#include "emulator/api/world.h"
#include "emulator/gatekeeper.h"

namespace emulator {

class Gate : public Gatekeeper {
 public:
  explicit Gate(World& world) : world_(world) {}

  void admit(const LoginAttempt& attempt, Decided decided) override;
  void session_ended(const std::string& endpoint) override;
  std::string awake_socket_folder(const std::string& address) override;

 private:
  Verdict judge(const LoginAttempt& attempt, const Row& endpoint);
  void open(const Row& endpoint, const std::string& address, Verdict verdict, Decided decided);

  World& world_;
  std::map<std::string, std::string> socket_folders_;  ///< of awake computes, by address
};

/// The endpoint that has `address` as one of its hosts and lies in a visible branch.
std::optional<Row> endpoint_at(World& world, const std::string& address);

}  // namespace emulator
