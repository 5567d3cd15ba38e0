// Where roles and grants belong whose tool knows a connection and no service.
#include <algorithm>

#include <fmt/format.h>

#include "convert/formats.h"
#include "core/error.h"

namespace weir::convert {
namespace {

std::vector<std::string> split(const std::string& address) {
  std::vector<std::string> keys;
  for (std::size_t begin = 0; begin <= address.size();) {
    const std::size_t end = std::min(address.find('/', begin), address.size());
    keys.push_back(literal(address.substr(begin, end - begin)));
    begin = end + 1;
  }
  return keys;
}

/// All branches and instances that a manifest declares.
std::vector<Path> servers_of(const Document& manifest) {
  std::vector<Path> servers;
  if (const Document* projects = find_member(manifest, {"projects"})) {
    for (const auto& [project, fields] : projects->items()) {
      const Document* branches = find_member(fields, {"branches"});
      if (branches == nullptr) servers.push_back({"projects", project, "branches", "production"});
      for (const auto& [branch, unused] :
           (branches == nullptr ? Document::object() : *branches).items()) {
        servers.push_back({"projects", project, "branches", branch});
      }
    }
  }
  if (const Document* instances = find_member(manifest, {"instances"})) {
    for (const auto& [instance, unused] : instances->items()) {
      servers.push_back({"instances", instance});
    }
  }
  return servers;
}

}  // namespace

Destination read_destination(const std::string& address) {
  Path keys = split(address);
  const bool is_project = keys.front() == "projects";
  if (is_project && keys.size() == 2) keys = below(std::move(keys), {"branches", "production"});
  const std::size_t server = is_project ? 4 : 2;
  const bool is_whole =
      std::none_of(keys.begin(), keys.end(), [](const std::string& key) { return key.empty(); });
  const bool is_server =
      keys.size() >= server && (is_project ? keys[2] == "branches" : keys.front() == "instances");
  const bool is_database = keys.size() == server + 2 && keys[server] == "databases";
  if (!is_whole || !is_server || (keys.size() != server && !is_database)) {
    throw UsageError(fmt::format(
        "-in {}: write projects/NAME/branches/NAME/databases/NAME, or instances/NAME and the same",
        address));
  }
  Destination destination;
  if (is_database) destination.database = keys.back();
  keys.resize(server);
  destination.server = std::move(keys);
  return destination;
}

Destination choose_destination(Conversion& conversion, const Spot& spot) {
  if (conversion.destination) return *conversion.destination;
  const std::vector<Path> servers = servers_of(conversion.manifest);
  Destination destination;
  if (servers.empty()) {
    const std::string project = conversion.name.empty() ? "converted" : conversion.name;
    destination.server = {"projects", project, "branches", "production"};
  } else {
    const auto production = std::find_if(servers.begin(), servers.end(), [](const Path& server) {
      return server.back() == "production";
    });
    destination.server = production == servers.end() ? servers.front() : *production;
  }
  if (servers.size() != 1) {
    conversion.notes.remark(
        spot,
        fmt::format("does not say on which server its roles and grants are; they stand in {}",
                    fmt::join(destination.server, "/")),
        "-in projects/NAME/branches/NAME says where they belong");
  }
  conversion.destination = destination;
  return destination;
}

}  // namespace weir::convert
