#include "manifest/server_choice.h"

#include <algorithm>
#include <array>
#include <span>
#include <vector>

#include <fmt/format.h>

#include "core/nearest.h"
#include "manifest/leftover.h"
#include "manifest/manifest_rules.h"
#include "manifest/postgres_url.h"

namespace weir {
namespace {

constexpr std::array<std::string_view, 3> kKeys = {"url", "from", "branch"};
constexpr std::span kAddresses = std::span(kKeys).first<2>();
constexpr const char* kForm = "postgres://USER@HOST:PORT/DATABASE, or a map with url or from";
constexpr const char* kHint = "write server: { from: { env: NAME } }";

PostgresUrl read_url(const std::string& path, const Node& node, const Declaring& declaring) {
  return read_postgres_url(node, {.path = path, .hint = kHint, .form = kForm}, declaring);
}

bool is_unknown(const Entry& entry, const Declaring& declaring) {
  if (std::find(kKeys.begin(), kKeys.end(), entry.key) != kKeys.end()) return false;
  declaring.complain(rule::kUnknownKey, "", entry.place,
                     fmt::format("unknown key server.{}", entry.key),
                     did_you_mean(entry.key, kKeys));
  return true;
}

std::vector<const Declaration*> branches_of(const Manifest& manifest) {
  std::vector<const Declaration*> branches;
  for (const Declaration& declaration : manifest.declarations) {
    if (declaration.kind->name == "branch") branches.push_back(&declaration);
  }
  return branches;
}

/// By its address, or by its name in the workspace, which is what ${….name} stands for.
bool is_called(const Declaration& branch, const std::string& name) {
  return branch.address.text() == name || branch.remote_name() == name;
}

}  // namespace

ServerChoice read_server_choice(const Node& node, const Declaring& declaring) {
  ServerChoice choice{.place = node.place};
  if (!node.is_map()) {
    choice.url = read_url("server", node, declaring);
    return choice;
  }
  Node address = node;
  std::erase_if(address.entries, [&](const Entry& entry) {
    if (entry.key == "branch") choice.branch = text_behind(entry, "server.branch", declaring);
    return entry.key == "branch" || is_unknown(entry, declaring);
  });
  const Entry* said = only_entry(address, "server", kAddresses, kHint, declaring);
  if (said == nullptr || is_leftover(said->value)) return choice;
  choice.url = said->key == "url" ? read_url("server.url", said->value, declaring)
                                  : read_url("server", address, declaring);
  return choice;
}

void choose_branch(Manifest& manifest, const Declaring& declaring) {
  ServerChoice& server = manifest.server;
  if (!server.is_made()) return;
  std::vector<const Declaration*> branches = branches_of(manifest);
  std::vector<std::string_view> names;
  names.reserve(branches.size());
  for (const Declaration* branch : branches) names.push_back(branch->address.text());
  const auto complain = [&](std::string message, std::string hint) {
    declaring.complain(rule::kServerBranch, "", server.place, std::move(message), std::move(hint));
  };
  if (!server.branch.empty()) {
    std::erase_if(branches,
                  [&](const Declaration* each) { return !is_called(*each, server.branch); });
  }
  if (branches.size() == 1) {
    server.branch = branches.front()->remote_name();
  } else if (names.empty()) {
    complain("server: it stands for a branch, and none is declared",
             "declare the branch whose databases and roles the server has");
  } else if (branches.empty()) {
    const std::string near = did_you_mean(server.branch, names);
    complain(fmt::format("server.branch: no branch {} is declared", server.branch),
             near.empty() ? fmt::format("write an address, such as {}", names.front()) : near);
  } else {
    complain(fmt::format("server: it stands for one branch, and {} are declared", names.size()),
             fmt::format("say which: server: {{ url: …, branch: {} }}", names.front()));
  }
}

void check_roles_of_server(const Manifest& manifest, const Declaring& declaring) {
  const std::string& server = manifest.server.branch;
  if (!manifest.server.is_made()) return;
  for (const Inside& inside : manifest.insides) {
    const Declaration* container = manifest.find(inside.address);
    const bool is_there = container != nullptr && (container->remote_name() == server ||
                                                   container->remote_parent == server);
    if (!is_there) continue;
    for (const auto& [alias, address] : inside.roles) {
      const Declaration* role = manifest.find(address);
      if (role == nullptr || role->remote_parent == server) continue;
      declaring.complain(
          rule::kServerBranch, inside.address.text(), inside.place,
          fmt::format("{} is a role of {}, which the server does not stand for", alias,
                      address.parent().text()),
          "let server.branch name that branch, or declare the role in this one as well");
    }
  }
}

Document document_of(const ServerChoice& choice) {
  Document url = document_of(choice.url);
  if (url.is_null()) return nullptr;
  Document document = url.is_object() ? std::move(url) : Document{{"url", std::move(url)}};
  document["branch"] = choice.branch;
  return document;
}

std::optional<ServerChoice> read_server_choice(const Document& document) {
  ServerChoice choice{.branch = text_at(document, "branch")};
  const Document* url = at_path(document, "url");
  Document address = url == nullptr ? document : *url;
  if (address.is_object()) address.erase("branch");
  choice.url = read_postgres_url(address).value_or(PostgresUrl());
  if (document_of(choice) != document) return std::nullopt;
  return choice;
}

}  // namespace weir
