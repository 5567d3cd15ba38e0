#include "emulator/postgres/roles.h"

#include <array>

#include "emulator/postgres/admin_session.h"

namespace emulator {
namespace {

namespace fs = std::filesystem;

bool exists(AdminSession& session, const std::string& name) {
  return !session.query("SELECT FROM pg_roles WHERE rolname = $1", {name}).empty();
}

void refuse_system_name(const std::string& name) {
  if (name == kInternalUser || name == kProjectSuperuser || name == kServiceWriter ||
      name.starts_with("pg_") || name == "public" || name == "none") {
    throw Failure(kBadRequest, "The role name \"" + name + "\" is reserved.");
  }
}

std::string attributes(const RoleDefinition& role) {
  const auto word = [](bool is_set, const std::string& name) {
    return (is_set ? " " : " NO") + name;
  };
  return word(role.can_login, "LOGIN") + word(role.bypassrls, "BYPASSRLS") +
         word(role.createdb, "CREATEDB") + word(role.createrole, "CREATEROLE");
}

void set_membership(AdminSession& session, const RoleDefinition& role) {
  const bool is_member = !session
                              .query(
                                  "SELECT FROM pg_auth_members WHERE roleid = $1::regrole "
                                  "AND member = $2::regrole",
                                  {identifier(kProjectSuperuser), identifier(role.name)})
                              .empty();
  if (is_member == role.is_member_of_superuser) return;
  session.query(role.is_member_of_superuser
                    ? "GRANT " + identifier(kProjectSuperuser) + " TO " + identifier(role.name)
                    : "REVOKE " + identifier(kProjectSuperuser) + " FROM " + identifier(role.name));
}

void apply(AdminSession& session, const std::string& verb, const RoleDefinition& role) {
  session.query(verb + " ROLE " + identifier(role.name) + attributes(role));
  set_membership(session, role);
}

void end_sessions(AdminSession& session, const std::string& role_id) {
  session.query(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
      "WHERE usesysid = $1::oid AND pid <> pg_backend_pid()",
      {role_id});
}

/// Ownership is kept in each database, so each has to be visited.
void reassign_everywhere(const fs::path& socket_folder, AdminSession& session,
                         const std::string& from, const std::string& to) {
  for (const auto& row : session.query("SELECT datname FROM pg_database WHERE datallowconn")) {
    AdminSession inside(socket_folder, row.at(0).value_or(""));
    inside.query("REASSIGN OWNED BY " + identifier(from) + " TO " + identifier(to));
    inside.query("DROP OWNED BY " + identifier(from));
  }
}

bool is_true(const std::optional<std::string>& field) {
  return field == "t";
}

}  // namespace

void create_role(const fs::path& socket_folder, const RoleDefinition& role) {
  refuse_system_name(role.name);
  AdminSession session(socket_folder, "postgres");
  apply(session, exists(session, role.name) ? "ALTER" : "CREATE", role);
}

void alter_role(const fs::path& socket_folder, const RoleDefinition& role) {
  refuse_system_name(role.name);
  AdminSession session(socket_folder, "postgres");
  apply(session, "ALTER", role);
}

void drop_role(const fs::path& socket_folder, const std::string& name,
               const std::string& reassign_to) {
  refuse_system_name(name);
  AdminSession session(socket_folder, "postgres");
  if (!exists(session, name)) return;
  const std::string id = session.value("SELECT oid::text FROM pg_roles WHERE rolname = $1", {name});
  if (!reassign_to.empty()) {
    refuse_system_name(reassign_to);
    if (reassign_to == name || !exists(session, reassign_to)) {
      throw Failure(kBadRequest, "There is no role \"" + reassign_to + "\" to reassign to.");
    }
    // Its open transactions would hold locks on what is reassigned.
    end_sessions(session, id);
    reassign_everywhere(socket_folder, session, name, reassign_to);
  }
  session.query("DROP ROLE " + identifier(name));
  end_sessions(session, id);
}

std::vector<RoleDefinition> roles_of(const fs::path& socket_folder) {
  AdminSession session(socket_folder, "postgres", kShortPatience);
  const auto rows = session.query(
      "SELECT rolname, rolcanlogin, EXISTS (SELECT FROM pg_auth_members WHERE member = r.oid AND "
      "roleid = $1::regrole), rolbypassrls, rolcreatedb, rolcreaterole FROM pg_roles r "
      "WHERE rolname !~ '^pg_' AND rolname NOT IN ($2, $3, $4) ORDER BY rolname",
      {identifier(kProjectSuperuser), kInternalUser, kProjectSuperuser, kServiceWriter});
  std::vector<RoleDefinition> roles;
  roles.reserve(rows.size());
  for (const auto& row : rows) {
    roles.push_back({.name = row.at(0).value_or(""),
                     .can_login = is_true(row.at(1)),
                     .is_member_of_superuser = is_true(row.at(2)),
                     .bypassrls = is_true(row.at(3)),
                     .createdb = is_true(row.at(4)),
                     .createrole = is_true(row.at(5))});
  }
  return roles;
}

}  // namespace emulator
