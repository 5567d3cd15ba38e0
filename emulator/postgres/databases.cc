#include "emulator/postgres/databases.h"

#include "emulator/postgres/admin_session.h"

namespace emulator {
namespace {

namespace fs = std::filesystem;

constexpr int kRenameAttempts = 5;
constexpr const char* kObjectInUse = "55006";

bool exists(AdminSession& session, const std::string& name) {
  return !session.query("SELECT FROM pg_database WHERE datname = $1", {name}).empty();
}

void refuse_system_name(const std::string& name) {
  if (name == "postgres" || name == "template0" || name == "template1") {
    throw Failure(kBadRequest, "The database name \"" + name + "\" is reserved.");
  }
}

void set_owner(AdminSession& session, const DatabaseDefinition& database) {
  if (database.owner.empty()) return;
  session.query("ALTER DATABASE " + identifier(database.name) + " OWNER TO " +
                identifier(database.owner));
}

void rename(AdminSession& session, const std::string& from, const std::string& to) {
  for (int attempt = 1;; ++attempt) {
    session.query(
        "SELECT pg_terminate_backend(pid, 1000) FROM pg_stat_activity "
        "WHERE datname = $1",
        {from});
    try {
      session.query("ALTER DATABASE " + identifier(from) + " RENAME TO " + identifier(to));
      return;
    } catch (const SqlFailure& failure) {
      // Somebody connected in between.
      if (failure.sqlstate() != kObjectInUse || attempt == kRenameAttempts) throw;
    }
  }
}

}  // namespace

void create_database(const fs::path& socket_folder, const DatabaseDefinition& database) {
  refuse_system_name(database.name);
  AdminSession session(socket_folder, "postgres");
  const std::string name = identifier(database.name);
  if (exists(session, database.name)) {
    set_owner(session, database);
  } else {
    const std::string owner = database.owner.empty() ? kProjectSuperuser : database.owner;
    session.query("CREATE DATABASE " + name + " OWNER " + identifier(owner));
  }
  session.query("GRANT ALL ON DATABASE " + name + " TO " + identifier(kProjectSuperuser) +
                " WITH GRANT OPTION");
}

void alter_database(const fs::path& socket_folder, const std::string& name,
                    const DatabaseDefinition& wanted) {
  refuse_system_name(name);
  refuse_system_name(wanted.name);
  AdminSession session(socket_folder, "postgres");
  const bool is_renamed = !exists(session, name) && exists(session, wanted.name);
  if (name != wanted.name && !is_renamed) rename(session, name, wanted.name);
  set_owner(session, wanted);
}

void drop_database(const fs::path& socket_folder, const std::string& name) {
  refuse_system_name(name);
  AdminSession session(socket_folder, "postgres");
  session.query("DROP DATABASE IF EXISTS " + identifier(name) + " WITH (FORCE)");
}

void grant_database(const fs::path& socket_folder, const std::string& name,
                    const std::string& role) {
  if (name.empty()) {
    for (const DatabaseDefinition& each : databases_of(socket_folder)) {
      grant_database(socket_folder, each.name, role);
    }
    return;
  }
  refuse_system_name(name);
  AdminSession session(socket_folder, "postgres");
  session.query("GRANT CONNECT, CREATE ON DATABASE " + identifier(name) + " TO " +
                identifier(role));
}

std::vector<DatabaseDefinition> databases_of(const fs::path& socket_folder) {
  AdminSession session(socket_folder, "postgres", kShortPatience);
  const auto rows = session.query(
      "SELECT datname, pg_get_userbyid(datdba) FROM pg_database WHERE NOT datistemplate "
      "AND datname NOT IN ('postgres', 'template0', 'template1') ORDER BY datname");
  std::vector<DatabaseDefinition> databases;
  databases.reserve(rows.size());
  for (const auto& row : rows) {
    databases.push_back({.name = row.at(0).value_or(""), .owner = row.at(1).value_or("")});
  }
  return databases;
}

}  // namespace emulator
