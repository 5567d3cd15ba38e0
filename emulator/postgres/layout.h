// The folders of one cluster below the emulator's data folder.
#pragma once

#include <filesystem>
#include <string>

namespace emulator {

struct Layout {
  std::filesystem::path folder;
  std::filesystem::path sockets;  ///< common to all clusters, with a short path

  std::filesystem::path data() const { return folder / "data"; }
  std::filesystem::path archive() const { return folder / "archive"; }
  std::filesystem::path bases() const { return folder / "bases"; }
  std::filesystem::path standbys() const { return folder / "standbys"; }
  std::filesystem::path log() const { return folder / "log"; }
  std::filesystem::path birth() const { return folder / "birth"; }
  std::filesystem::path last_stop() const { return folder / "last_stop"; }
  std::filesystem::path settings() const { return folder / "settings"; }
  std::filesystem::path socket_folder() const { return sockets / folder.filename(); }
};

}  // namespace emulator
