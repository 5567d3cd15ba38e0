// A PostgreSQL that belongs to one test program.
#pragma once

#include <filesystem>

#include "emulator/postgres/installation.h"
#include "emulator/postgres/server.h"
#include "emulator/postgres/settings.h"
#include "tests/support/temporary_folder.h"

namespace weir::test {

/// Listens on a socket in a folder of its own, and is gone with it.
class OwnPostgres {
 public:
  /// Makes the cluster, and starts nothing yet.
  OwnPostgres();

  /// With the settings put over those of a lean server.
  void start(const emulator::Settings& more = {});
  void stop() { server_.stop(); }

  const std::filesystem::path& folder() const { return folder_.path(); }
  const std::filesystem::path& socket_folder() const { return server_.place().socket_folder; }
  const emulator::Installation& installation() const { return installation_; }

 private:
  TemporaryFolder folder_;
  emulator::Installation installation_;
  emulator::Server server_;
};

}  // namespace weir::test
