// Small files and whole folders on disk, written so that a crash leaves no half of either.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include "emulator/postgres/process.h"

namespace emulator {

std::optional<std::string> read_file(const std::filesystem::path& path);
/// Replaces `path` in one step, readable by its owner alone unless `mode` says otherwise.
void write_file(const std::filesystem::path& path, const std::string& text, unsigned mode = 0600);
/// Makes a folder that only `user` may enter, and keeps an existing one.
void make_private_folder(const std::filesystem::path& path, const SystemUser& user);
/// Renames a folder to a "*.partial" that is no longer in use, and gives its new place.
std::filesystem::path set_aside(const std::filesystem::path& path);
/// Removes a folder in two steps, so that a crash leaves at most a "*.partial".
void remove_folder(const std::filesystem::path& path);
/// Removes a folder with all in it, also while a dying server still removes files of its own.
void remove_tree(const std::filesystem::path& folder);
void remove_tree(const std::filesystem::path& folder, std::error_code& error);
/// Removes what an earlier crash left unfinished directly below `folder`.
void remove_partial_folders(const std::filesystem::path& folder);
std::filesystem::path partial(const std::filesystem::path& path);

/// Answers whether a file or folder, given relative to the root of the copy, is left out.
using LeftOut = std::function<bool(const std::filesystem::path& relative)>;

/// Copies a data directory for `user`, sharing blocks where the file system can. Files that vanish
/// meanwhile are left out, as a backup of a running server allows.
void copy_folder(const std::filesystem::path& from, const std::filesystem::path& to,
                 const SystemUser& user, const LeftOut& left_out);
void copy_file(const std::filesystem::path& from, const std::filesystem::path& to,
               const SystemUser& user);

}  // namespace emulator
