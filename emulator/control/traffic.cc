#include "emulator/control/traffic.h"

#include <algorithm>
#include <array>

namespace emulator {
namespace {

constexpr std::size_t kMostEntries = 10'000;
constexpr std::size_t kMostPatterns = 1'000;
constexpr std::size_t kMostBodyBytes = std::size_t{64} * 1024;

bool is_collection(const std::string& segment) {
  static constexpr std::array kCollections = {
      "projects",  "branches",          "endpoints",         "roles", "databases", "operations",
      "instances", "database-projects", "database-instances"};
  return std::find(kCollections.begin(), kCollections.end(), segment) != kCollections.end();
}

}  // namespace

std::string path_pattern(const std::string& path) {
  std::string pattern;
  bool is_id = false;
  std::size_t start = 0;
  while (start < path.size()) {
    const std::size_t slash = std::min(path.find('/', start), path.size());
    const std::string segment = path.substr(start, slash - start);
    const bool is_last_part = is_id && pattern.ends_with("/operations/");
    pattern += is_id ? "{}" : segment;
    // The id of an operation may contain slashes: everything behind it belongs to it.
    if (is_last_part) return pattern;
    is_id = !is_id && is_collection(segment);
    if (slash < path.size()) pattern += '/';
    start = slash + 1;
  }
  return pattern;
}

std::uint64_t Traffic::received(const Request& request) {
  // Made-up paths are patterns of their own: beyond what the API has they are counted together.
  const std::string pattern = request.method + " " + path_pattern(request.path);
  ++calls_[calls_.count(pattern) != 0 || calls_.size() < kMostPatterns ? pattern : "other"];
  // A token request carries a secret in its form; its body is left out.
  const bool is_secret = request.path.starts_with("/oidc/");
  entries_.push_back({.number = ++last_,
                      .method = request.method,
                      .path = request.path,
                      .query = request.raw_query,
                      .body = is_secret ? "" : request.body.substr(0, kMostBodyBytes)});
  if (entries_.size() > kMostEntries) entries_.pop_front();
  return last_;
}

void Traffic::answered(std::uint64_t number, int status) {
  if (entries_.empty() || number < entries_.front().number) return;
  entries_[number - entries_.front().number].status = status;
}

void Traffic::forget() {
  entries_.clear();
  calls_.clear();
}

Json Traffic::requests(std::uint64_t since) const {
  Json list = Json::array();
  for (const Entry& entry : entries_) {
    if (entry.number <= since) continue;
    Json row = {{"number", entry.number}, {"method", entry.method}, {"path", entry.path}};
    if (!entry.query.empty()) row["query"] = entry.query;
    if (!entry.body.empty()) row["body"] = entry.body;
    if (entry.status != 0) row["status"] = entry.status;
    list.push_back(std::move(row));
  }
  return {{"requests", std::move(list)}, {"last", last_}};
}

}  // namespace emulator
