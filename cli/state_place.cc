#include "cli/state_place.h"

#include <fmt/format.h>

#include "core/address.h"
#include "state/postgres_store.h"
#include "state/sqlite_store.h"

namespace weir {
namespace {

bool is_url(const std::string& text) {
  return text.starts_with("postgres://") || text.starts_with("postgresql://");
}

/// The folder of the first manifest that is named, or this one.
std::filesystem::path manifest_folder(const Invocation& invocation) {
  const auto files = invocation.options.values("file");
  if (files.empty() || files.front() == "-") return ".";
  std::filesystem::path first = files.front();
  std::error_code ignored;
  if (std::filesystem::is_directory(first, ignored)) return first;
  return first.has_parent_path() ? first.parent_path() : ".";
}

}  // namespace

std::string StatePlace::words() const {
  return file.empty() ? "the state in PostgreSQL" : "the state in " + file.string();
}

StatePlace state_place(const Invocation& invocation, const std::string& name,
                       const std::string& environment) {
  StatePlace place = {.deployment = environment.empty() ? name : name + "/" + environment};
  if (const auto chosen = invocation.variable("WEIR_STATE")) {
    if (is_url(*chosen)) {
      place.connection = Secret(*chosen);
    } else {
      place.file = *chosen;
    }
    return place;
  }
  const auto folder = invocation.variable("WEIR_DATA_DIR");
  place.file = (folder ? std::filesystem::path(*folder) : manifest_folder(invocation) / ".weir") /
               (escape_segment(place.deployment) + ".db");
  place.file = place.file.lexically_normal();
  return place;
}

std::unique_ptr<Store> open_state(const StatePlace& place, const Clock& clock) {
  if (place.file.empty()) return open_postgres_store(place.connection, place.deployment);
  return open_sqlite_store(place.file, place.deployment, clock);
}

std::unique_ptr<Store> read_state(const StatePlace& place, const Clock& clock) {
  if (place.file.empty()) return read_postgres_store(place.connection, place.deployment);
  return read_sqlite_store(place.file, place.deployment, clock);
}

Records recorded(const Invocation& invocation, const std::string& name,
                 const std::string& environment) {
  const StatePlace place = state_place(invocation, name, environment);
  const std::unique_ptr<Store> store = read_state(place, *clock_of(invocation));
  if (store == nullptr) return {};
  const std::size_t open = store->intents().size();
  if (open > 0) {
    note(invocation, fmt::format("an apply runs or was killed: {} step{} open; the next weir apply "
                                 "finds out what became of {}\n",
                                 open, open == 1 ? " is" : "s are", open == 1 ? "it" : "them"));
  }
  return store->records();
}

}  // namespace weir
