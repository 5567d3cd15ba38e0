#include "cli/state_place.h"

#include <fmt/format.h>

#include "cli/secrets.h"
#include "core/address.h"
#include "core/error.h"
#include "state/postgres_store.h"
#include "state/refusals.h"
#include "state/sqlite_store.h"

namespace weir {
namespace {

/// The folder of the first manifest that is named, or this one.
std::filesystem::path manifest_folder(const Invocation& invocation) {
  const auto files = invocation.options.values("file");
  if (files.empty() || files.front() == "-") return ".";
  std::filesystem::path first = files.front();
  std::error_code ignored;
  if (std::filesystem::is_directory(first, ignored)) return first;
  return first.has_parent_path() ? first.parent_path() : ".";
}

constexpr const char* kVariable = "WEIR_STATE";

StateChoice choice_said(const std::string& text) {
  if (is_postgres_url(text)) return {.postgres = {.source = "env", .source_name = kVariable}};
  // What was meant as an address may have a password, and must not become the name of a file.
  const std::size_t colon = text.find(':');
  const bool has_user = colon != std::string::npos && text.find('@', colon) != std::string::npos;
  const bool is_address =
      has_user || text.starts_with("postgres:") || text.starts_with("postgresql:") ||
      text.find("://") != std::string::npos || text.find("host=") != std::string::npos ||
      text.find("password=") != std::string::npos;
  if (is_address) {
    throw ConfigurationError(
        "WEIR_STATE is neither a path nor an address that weir understands; write "
        "postgres://USER@HOST:PORT/DATABASE");
  }
  return {.file = std::filesystem::path(text).lexically_normal()};
}

std::string deployment_of(const std::string& name, const std::string& environment) {
  return environment.empty() ? name : name + "/" + environment;
}

StatePlace place_of(const Invocation& invocation, const std::string& deployment,
                    const StateChoice& choice) {
  if (!choice.file.empty()) return {.deployment = deployment, .file = choice.file};
  return {.deployment = deployment,
          .connection = postgres_url(invocation, choice.postgres, "the state")};
}

}  // namespace

bool StatePlace::is_same(const StatePlace& other) const {
  if (file.empty() || other.file.empty()) return connection.reveal() == other.connection.reveal();
  return std::filesystem::weakly_canonical(file) == std::filesystem::weakly_canonical(other.file);
}

std::string StatePlace::words() const {
  return file.empty() ? "the state in PostgreSQL" : "the state in " + file.string();
}

StateChoice chosen_state(const Invocation& invocation, const Manifest& manifest) {
  if (manifest.state.is_made()) return manifest.state;
  if (const auto said = invocation.variable(kVariable)) return choice_said(*said);
  const auto folder = invocation.variable("WEIR_DATA_DIR");
  const std::filesystem::path file =
      (folder ? std::filesystem::path(*folder) : manifest_folder(invocation) / ".weir") /
      (escape_segment(deployment_of(manifest.name, manifest.environment)) + ".db");
  return {.file = file.lexically_normal()};
}

StatePlace state_place(const Invocation& invocation, const std::string& name,
                       const std::string& environment, const StateChoice& choice) {
  const std::string deployment = deployment_of(name, environment);
  StatePlace place = place_of(invocation, deployment, choice);
  const auto said = invocation.variable(kVariable);
  if (!said || place_of(invocation, deployment, choice_said(*said)).is_same(place)) return place;
  throw ConfigurationError(
      fmt::format("WEIR_STATE means another place than {}, which was chosen already: unset it, or "
                  "let both say the same",
                  place.words()));
}

StatePlace state_place(const Invocation& invocation, const Manifest& manifest) {
  return state_place(invocation, manifest.name, manifest.environment,
                     chosen_state(invocation, manifest));
}

std::unique_ptr<Store> open_state(const StatePlace& place, const Clock& clock) {
  if (place.file.empty()) return open_postgres_store(place.connection, place.deployment);
  return open_sqlite_store(place.file, place.deployment, clock);
}

std::unique_ptr<Store> read_state(const StatePlace& place, const Clock& clock) {
  if (place.file.empty()) return read_postgres_store(place.connection, place.deployment);
  return read_sqlite_store(place.file, place.deployment, clock);
}

void SeenState::check_workspace(const std::string& host, const std::string& workspace_id) const {
  is_bound(head, host, workspace_id, words);
}

SeenState seen_state(const Invocation& invocation, const Manifest& manifest) {
  const StatePlace place = state_place(invocation, manifest);
  const std::unique_ptr<Store> store = read_state(place, *clock_of(invocation));
  if (store == nullptr) return {};
  const std::size_t open = store->intents().size();
  if (open > 0) {
    note(invocation, fmt::format("an apply runs or was killed: {} step{} open; the next weir apply "
                                 "finds out what became of {}\n",
                                 open, open == 1 ? " is" : "s are", open == 1 ? "it" : "them"));
  }
  return {.records = store->records(), .head = store->head(), .words = place.words()};
}

}  // namespace weir
