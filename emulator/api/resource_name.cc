#include "emulator/api/resource_name.h"

#include <algorithm>
#include <vector>

namespace emulator {
namespace {

std::vector<std::string> segments_of(const std::string& path) {
  std::vector<std::string> segments;
  std::size_t start = 0;
  while (start <= path.size()) {
    const std::size_t slash = std::min(path.find('/', start), path.size());
    segments.push_back(path.substr(start, slash - start));
    start = slash + 1;
  }
  return segments;
}

/// The first `count` segments of a name, or "" when it has fewer.
std::string first_segments(const std::string& name, std::size_t count) {
  std::size_t end = 0;
  for (std::size_t i = 0; i < count; ++i) {
    if (end > name.size()) return "";
    end = std::min(name.find('/', end), name.size()) + 1;
  }
  return name.substr(0, end - 1);
}

const KindContract* find_kind(const Contract& contract, const std::string& parent,
                              const std::string& collection) {
  for (const KindContract& kind : contract.kinds()) {
    if (kind.parent == parent && kind.collection == collection) return &kind;
  }
  return nullptr;
}

}  // namespace

std::optional<Target> parse_target(const Contract& contract, const std::string& path) {
  std::vector<std::string> segments = segments_of(path);
  Target target;
  if (segments.size() > 1 && segments.back() == "undelete" && segments.size() % 2 == 1) {
    target.is_undelete = true;
    segments.pop_back();
  }
  if (std::any_of(segments.begin(), segments.end(),
                  [](const auto& part) { return part.empty(); })) {
    return std::nullopt;
  }
  for (std::size_t i = 0; i < segments.size();) {
    target.kind = find_kind(contract, target.kind == nullptr ? "" : target.kind->kind, segments[i]);
    if (target.kind == nullptr) return std::nullopt;
    if (!target.name.empty()) target.parent = target.name;
    const std::string collection =
        (target.parent.empty() ? "" : target.parent + "/") + segments[i++];
    const bool has_id = !target.kind->is_singleton && i < segments.size();
    target.name = target.kind->is_singleton ? collection : "";
    if (has_id) target.name = collection + "/" + segments[i++];
  }
  if (target.is_undelete && target.name.empty()) return std::nullopt;
  return target;
}

std::string parent_of(const std::string& name) {
  const std::size_t id = name.rfind('/');
  if (id == std::string::npos || id == 0) return "";
  // Collections and ids alternate; what is alone at its parent has no id.
  if (std::count(name.begin(), name.end(), '/') % 2 == 0) return name.substr(0, id);
  const std::size_t collection = name.rfind('/', id - 1);
  return collection == std::string::npos ? "" : name.substr(0, collection);
}

std::string last_segment(const std::string& name) {
  return name.substr(name.rfind('/') + 1);
}

std::string project_of(const std::string& name) {
  return first_segments(name, 2);
}

std::string branch_of(const std::string& name) {
  const std::string branch = first_segments(name, 4);
  return branch.find("/branches/") == std::string::npos ? "" : branch;
}

}  // namespace emulator
