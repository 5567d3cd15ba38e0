#include "manifest/files.h"

#include <algorithm>
#include <fstream>
#include <iostream>
#include <iterator>
#include <set>
#include <string>

#include <fmt/format.h>

#include "manifest/manifest_rules.h"

namespace weir {
namespace {

namespace fs = std::filesystem;

/// JSON is read where it is named: in a folder it is mostly a plan, a schema or another tool's own.
bool is_manifest_name(const fs::path& path) {
  return path.extension() == ".yaml" || path.extension() == ".yml";
}

bool is_hidden(const fs::path& path) {
  return path.filename().string().starts_with('.');
}

bool is_below(const fs::path& path, const fs::path& folder) {
  const auto ends = std::mismatch(folder.begin(), folder.end(), path.begin(), path.end());
  return ends.first == folder.end();
}

enum class Chosen { kByName, kByFolder };

class Reader {
 public:
  Reader(const FileLimits& limits, Sources& sources, Diagnostics& diagnostics)
      : limits_(limits), sources_(sources), diagnostics_(diagnostics) {}

  void read(const fs::path& path) {
    if (path == "-") return read_standard_input();
    std::error_code error;
    const fs::file_status status = fs::status(path, error);
    if (error && status.type() != fs::file_type::not_found) {
      return complain(rule::kUnreadable,
                      fmt::format("{} cannot be looked at: {}", shown(path), error.message()),
                      "check the permissions of its folders");
    }
    if (!fs::exists(status)) {
      return complain(rule::kMissingPath, fmt::format("{} does not exist", shown(path)),
                      "name a file, a folder, or - for standard input");
    }
    if (fs::is_directory(status)) return read_folder(path);
    read_file(path, Chosen::kByName);
  }

  std::vector<ReadText> take_texts() { return std::move(texts_); }

 private:
  static std::string shown(const fs::path& path) {
    return path.lexically_normal().generic_string();
  }

  void complain(const char* rule, std::string message, std::string hint) {
    diagnostics_.add({.rule = rule, .message = std::move(message), .hint = std::move(hint)});
  }

  void read_folder(const fs::path& folder) {
    std::error_code error;
    const fs::path root = fs::canonical(folder, error);
    std::vector<fs::path> found;
    if (!error) error = collect(folder, root, found);
    if (error) {
      return complain(rule::kUnreadable,
                      fmt::format("{} cannot be read: {}", shown(folder), error.message()),
                      "check its permissions");
    }
    if (found.empty()) {
      return complain(rule::kNoManifests,
                      fmt::format("the folder {} has no *.yaml or *.yml file",
                                  folder == "." ? root.string() : shown(folder)),
                      "name a manifest or its folder, or write weir.yaml here");
    }
    std::sort(found.begin(), found.end());
    for (const fs::path& path : found) read_file(path, Chosen::kByFolder);
  }

  /// Hidden entries are tools' own; folders behind links are met under their own names.
  std::error_code collect(const fs::path& folder, const fs::path& root,
                          std::vector<fs::path>& found) {
    std::error_code error;
    fs::recursive_directory_iterator entry(folder, error);
    for (const fs::recursive_directory_iterator end; !error && entry != end;
         entry.increment(error)) {
      if (is_hidden(entry->path())) {
        entry.disable_recursion_pending();
        continue;
      }
      std::error_code ignored;  // what cannot be looked at is no folder, and reading it will say so
      if (entry->is_directory(ignored)) {
        if (!can_be_listed(entry->path())) entry.disable_recursion_pending();
        continue;
      }
      if (!is_manifest_name(entry->path())) continue;
      if (entry->is_symlink(ignored) && !stays_below(entry->path(), root)) continue;
      found.push_back(entry->path());
      if (found.size() > limits_.count) break;
    }
    return error;
  }

  /// One folder that is closed to us, such as a database's, does not close those beside it.
  bool can_be_listed(const fs::path& folder) {
    std::error_code error;
    const fs::directory_iterator first(folder, error);
    if (!error) return true;
    diagnostics_.add({.severity = Severity::kWarning,
                      .rule = rule::kUnreadable,
                      .message = fmt::format("the folder {} cannot be read and is left out: {}",
                                             shown(folder), error.message()),
                      .hint = "check its permissions, or name the folders that have manifests"});
    return false;
  }

  bool stays_below(const fs::path& link, const fs::path& root) {
    std::error_code error;
    const fs::path target = fs::canonical(link, error);
    if (error) {
      complain(rule::kUnreadable,
               fmt::format("the link {} leads nowhere: {}", shown(link), error.message()),
               "remove the link");
      return false;
    }
    if (is_below(target, root)) return true;
    complain(
        rule::kLeavesFolder,
        fmt::format("the link {} leads out of its folder, to {}", shown(link), target.string()),
        "name that file on the command line, or copy it into the folder");
    return false;
  }

  void read_file(const fs::path& path, Chosen chosen) {
    std::error_code error;
    const fs::file_status status = fs::status(path, error);
    if (error || !fs::is_regular_file(status)) {
      return complain(rule::kUnreadable, fmt::format("{} is no regular file", shown(path)),
                      "give - to read from standard input");
    }
    // A file that two names lead to is read once.
    if (!seen_.insert(fs::canonical(path, error)).second) return;
    std::ifstream stream(path, std::ios::binary);
    if (!stream) {
      return complain(rule::kUnreadable, fmt::format("{} cannot be read", shown(path)),
                      "check its permissions");
    }
    read_stream(stream, shown(path), chosen);
  }

  void read_standard_input() {
    if (!seen_.insert("-").second) return;
    read_stream(std::cin, "<stdin>", Chosen::kByName);
  }

  /// Reads no more than is allowed, whatever the size that the file claims to have.
  void read_stream(std::istream& stream, const std::string& name, Chosen chosen) {
    if (is_full_) return;
    std::string text;
    std::vector<char> block(std::size_t{1} << 16);
    while (stream && text.size() <= limits_.file_bytes) {
      stream.read(block.data(), static_cast<std::streamsize>(block.size()));
      text.append(block.data(), static_cast<std::size_t>(stream.gcount()));
    }
    if (stream.bad()) {
      return complain(rule::kUnreadable, fmt::format("{} cannot be read to its end", name),
                      "check the disk and the file's permissions");
    }
    bytes_ += text.size();
    is_full_ = texts_.size() >= limits_.count || bytes_ > limits_.bytes;
    if (is_full_) {
      return complain(rule::kTooMuch,
                      fmt::format("more than {} files or {} MiB in all, at {}", limits_.count,
                                  limits_.bytes >> 20, name),
                      "split the manifest into several with names of their own");
    }
    texts_.push_back({sources_.add(name, std::move(text)), chosen == Chosen::kByName});
  }

  const FileLimits& limits_;
  Sources& sources_;
  Diagnostics& diagnostics_;
  std::set<fs::path> seen_;
  std::vector<ReadText> texts_;
  std::size_t bytes_ = 0;
  bool is_full_ = false;
};

}  // namespace

std::vector<ReadText> read_texts(std::span<const fs::path> paths, const FileLimits& limits,
                                 Sources& sources, Diagnostics& diagnostics) {
  Reader reader(limits, sources, diagnostics);
  if (paths.empty()) reader.read(".");
  for (const fs::path& path : paths) reader.read(path);
  return reader.take_texts();
}

}  // namespace weir
