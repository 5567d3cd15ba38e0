// The file that keeps a state: who may touch it, where it may stand, what it must look like.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace weir {

/// The name of the file with all links in its folder followed, and none in its last part.
std::filesystem::path real_place(const std::filesystem::path& file);
/// Makes the folder, for us alone, unless it is there.
void make_private_folder(const std::filesystem::path& folder);
/// Throws StateError when somebody else could put another file there, or when the folder is on
/// another machine, where locks are not to be trusted.
void check_folder(const std::filesystem::path& folder);
/// Whether there is a file. Throws StateError for a link, and for what others own or may change.
bool check_file(const std::filesystem::path& file);
/// Tells a file from another one under the same name; all zero for none.
struct FileIdentity {
  std::uint64_t device = 0;
  std::uint64_t number = 0;

  bool operator==(const FileIdentity&) const = default;
};
FileIdentity identity_of(const std::filesystem::path& file);
/// Makes a file with this content, for us alone, all of it or nothing. Another process may have
/// been faster: then its file stays.
void make_private_file(const std::filesystem::path& file, std::string_view content);

/// "NFS" and the like, by the number that statfs(2) gives; nothing for a file system of this
/// machine.
std::optional<std::string_view> network_file_system(std::uint64_t magic);

}  // namespace weir
