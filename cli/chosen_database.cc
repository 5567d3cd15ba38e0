#include "cli/chosen_database.h"

#include <algorithm>

#include <fmt/format.h>

#include "cli/terminal.h"
#include "core/error.h"
#include "providers/lakebase/kinds.h"

namespace weir {
namespace {

/// The member of a kind that the service makes together with its parent.
std::string_view implied(std::string_view kind) {
  return lakebase_catalogue().find(kind)->implied.front();
}

ChosenDatabase implied_in(const Address& branch, const std::string& remote_branch) {
  const std::string_view name = implied("database");
  return {.branch = branch,
          .address = branch.child("databases", name),
          .place = {.branch = remote_branch, .database = std::string(name)}};
}

bool has_member(const Manifest& manifest, const Declaration& parent, std::string_view kind) {
  return std::ranges::any_of(manifest.declarations, [&](const Declaration& each) {
    return each.kind->is_a(kind) && each.address.parent() == parent.address;
  });
}

bool is_meant(const ChosenDatabase& database, const std::string& said) {
  return said.empty() || said == database.address.text() || said == database.address.key() ||
         said == database.branch.text() || said == database.branch.key();
}

std::vector<const Declaration*> projects_of(const Manifest& manifest) {
  std::vector<const Declaration*> projects;
  for (const Declaration& each : manifest.declarations) {
    if (each.kind->name == "project") projects.push_back(&each);
  }
  return projects;
}

/// A branch of a declared project that nobody declares, such as one for a pull request.
std::vector<ChosenDatabase> undeclared(const Manifest& manifest, const std::string& said) {
  const auto projects = projects_of(manifest);
  std::optional<Address> branch = Address::parse(said);
  const bool is_key = said.find('/') == std::string::npos;
  if (is_key && projects.size() == 1) branch = projects.front()->address.child("branches", said);
  for (const Declaration* project : projects) {
    if (!branch || *branch != project->address.child("branches", branch->key())) continue;
    return {implied_in(*branch, project->remote_name() + "/branches/" + branch->key())};
  }
  return {};
}

[[noreturn]] void refuse(const std::vector<ChosenDatabase>& found, const std::string& said,
                         std::string_view flag) {
  if (found.empty()) {
    throw UsageError(
        fmt::format("{} {}: the manifest declares no such branch or database; write its address, "
                    "such as projects/shop/branches/dev/databases/app",
                    flag, harmless(said)));
  }
  std::string names;
  constexpr std::size_t kMost = 5;
  for (std::size_t at = 0; at < std::min(found.size(), kMost); ++at) {
    names += "\n  " + harmless(found[at].address.text());
  }
  if (found.size() > kMost) names += fmt::format("\n  and {} more", found.size() - kMost);
  throw UsageError(
      fmt::format("{} databases may be meant; say which with {}:{}", found.size(), flag, names));
}

}  // namespace

std::vector<ChosenDatabase> databases_in(const Manifest& manifest) {
  std::vector<ChosenDatabase> databases;
  for (const Declaration& each : manifest.declarations) {
    if (each.kind->is_a("database")) {
      databases.push_back({.branch = each.address.parent(),
                           .address = each.address,
                           .place = {.branch = each.remote_parent, .database = each.id}});
    } else if (each.kind->holds_databases && !has_member(manifest, each, "database")) {
      databases.push_back(implied_in(each.address, each.remote_name()));
    } else if (each.kind->name == "project" && !has_member(manifest, each, "branch")) {
      const std::string_view branch = implied("branch");
      databases.push_back(implied_in(each.address.child("branches", branch),
                                     fmt::format("{}/branches/{}", each.remote_name(), branch)));
    }
  }
  // A server stands for one branch, and there is no way to the others.
  std::erase_if(databases, [&](const ChosenDatabase& each) {
    return manifest.server.is_made() && each.place.branch != manifest.server.branch;
  });
  return databases;
}

ChosenDatabase chosen_database(const Manifest& manifest, const std::string& said,
                               std::string_view flag) {
  std::vector<ChosenDatabase> found = databases_in(manifest);
  std::erase_if(found, [&](const ChosenDatabase& each) { return !is_meant(each, said); });
  if (found.empty() && !manifest.server.is_made()) found = undeclared(manifest, said);
  if (found.size() != 1) refuse(found, said, flag);
  return found.front();
}

}  // namespace weir
