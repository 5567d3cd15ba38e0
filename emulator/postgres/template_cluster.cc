#include "emulator/postgres/template_cluster.h"

#include "emulator/postgres/admin_session.h"
#include "emulator/postgres/files.h"
#include "emulator/postgres/server.h"

namespace emulator {
namespace {

namespace fs = std::filesystem;

bool initialise(const Installation& installation, const fs::path& data, const char* locale,
                std::string& output) {
  remove_tree(data);
  Finished finished = run({installation.program("initdb"), "-D", data.string(), "-U", kInternalUser,
                           "-A", "trust", "-E", "UTF8", std::string("--locale=") + locale,
                           "--wal-segsize=1", "--no-sync", "--no-instructions"},
                          installation.user);
  output = std::move(finished.output);
  return finished.status == 0;
}

/// Whoever is a member of the project superuser can use what the service's owner role can.
void create_project_superuser(const fs::path& socket_folder) {
  const std::string role = identifier(kProjectSuperuser);
  AdminSession session(socket_folder, "template1");
  session.query("CREATE ROLE " + role + " NOLOGIN");
  session.query("GRANT pg_read_all_data, pg_write_all_data, pg_monitor, pg_signal_backend TO " +
                role);
  // From version 15 on.
  session.query(
      "DO $$ BEGIN IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'pg_checkpoint') THEN "
      "GRANT pg_checkpoint TO " +
      role + "; END IF; END $$");
  // Inherited by every database that is created later.
  session.query("GRANT ALL ON SCHEMA public TO " + role + " WITH GRANT OPTION");
  // A session in template1 would keep everybody from creating databases.
  session.query("REVOKE CONNECT ON DATABASE template1 FROM PUBLIC");
}

void create_default_database(const fs::path& socket_folder) {
  AdminSession session(socket_folder, "postgres");
  const std::string role = identifier(kProjectSuperuser);
  session.query("CREATE DATABASE databricks_postgres OWNER " + role);
  session.query("GRANT ALL ON DATABASE databricks_postgres TO " + role + " WITH GRANT OPTION");
}

}  // namespace

void make_template(const Installation& installation, const Layout& layout) {
  if (fs::exists(layout.data())) return;
  const Layout unfinished{.folder = partial(layout.folder), .sockets = layout.sockets};
  remove_tree(unfinished.folder);
  make_private_folder(unfinished.folder, installation.user);
  std::string output;
  if (!initialise(installation, unfinished.data(), "C.UTF-8", output) &&
      !initialise(installation, unfinished.data(), "C", output)) {
    throw Failure(kInternalError, "initdb failed: " + output);
  }
  // The folder of the socket is the lock: only we and the server's user can enter it.
  write_file(unfinished.data() / "pg_hba.conf",
             "local all all trust\nlocal replication lakebase_internal trust\n");
  give_to(installation.user, unfinished.data() / "pg_hba.conf");
  Server server(installation, {.data = unfinished.data(),
                               .socket_folder = unfinished.socket_folder(),
                               .log = unfinished.log()});
  server.start(lean_settings());
  create_project_superuser(unfinished.socket_folder());
  create_default_database(unfinished.socket_folder());
  if (!server.stop()) throw Failure(kInternalError, "The template cluster did not stop.");
  fs::rename(unfinished.folder, layout.folder);
}

}  // namespace emulator
