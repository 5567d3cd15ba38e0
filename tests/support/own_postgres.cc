#include "tests/support/own_postgres.h"

#include <sys/stat.h>

#include "emulator/postgres/layout.h"
#include "emulator/postgres/template_cluster.h"

namespace weir::test {
namespace {

namespace fs = std::filesystem;

/// The server runs as another user, who must get to its files.
emulator::Server::Place make_cluster(const emulator::Installation& installation,
                                     const fs::path& folder) {
  chmod(folder.c_str(), 0711);
  const emulator::Layout layout{.folder = folder / "cluster", .sockets = folder / "sockets"};
  fs::create_directories(layout.sockets);
  chmod(layout.sockets.c_str(), 0711);
  emulator::make_template(installation, layout);
  return {.data = layout.data(), .socket_folder = layout.socket_folder(), .log = layout.log()};
}

}  // namespace

OwnPostgres::OwnPostgres()
    : installation_{.bin = emulator::find_postgres_bin(),
                    .user = emulator::find_system_user("postgres")},
      server_(installation_, make_cluster(installation_, folder_.path())) {}

void OwnPostgres::start(const emulator::Settings& more) {
  emulator::Settings settings = emulator::lean_settings();
  settings["max_connections"] = "60";
  for (const auto& [name, value] : more) settings[name] = value;
  server_.start(settings);
}

}  // namespace weir::test
