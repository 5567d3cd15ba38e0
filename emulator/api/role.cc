// Roles of a branch: identities, attributes and memberships.
#include <algorithm>
#include <array>

#include "emulator/api/identities.h"
#include "emulator/api/kinds.h"
#include "emulator/api/lifecycle.h"
#include "emulator/api/resource_name.h"
#include "emulator/contract_check.h"

namespace emulator {
namespace {

void complete(World& world, Row& row) {
  const std::string identity = text_input(row, "spec.identity_type");
  std::string method = identity.empty() ? "PG_PASSWORD_SCRAM_SHA_256" : "LAKEBASE_OAUTH_V1";
  if (identity == "GROUP") method = world.contract.assumptions.choice("group_auth_method");
  default_input(row, "spec.auth_method", method);
  for (const char* attribute : {"bypassrls", "createdb", "createrole"}) {
    default_input(row, std::string("spec.attributes.") + attribute, false);
  }
}

void check(World& world, const Row& row, const Row* before, const Call& /*call*/) {
  if (before != nullptr) return;
  const std::string name = text_input(row, "spec.postgres_role");
  if (is_reserved_role(name)) throw world.contract.problem("role_reserved", {{"name", name}});
  for (const Row& other : world.store.children(row.parent, "role")) {
    if (text_at(other.shown, "status.postgres_role") == name) {
      throw world.contract.problem("role_exists");
    }
  }
}

void show(World& world, Row& row) {
  if (at_path(row.shown, "status.identity_type") == nullptr) {
    set_path(row.shown, "status.postgres_role", text_input(row, "spec.postgres_role"));
    set_path(row.shown, "status.identity_type", "IDENTITY_TYPE_UNSPECIFIED");
  }
  show_values(world.contract.kind("role"), row.hidden["input"], row.shown);
  if (!has_input(row, "spec.membership_roles")) erase_path(row.shown, "status.membership_roles");
  show_switched_forms(world, row);
}

void check_delete(World& world, const Row& row, const Call& call) {
  const auto reassign = call.request.query.find("reassign_owned_to");
  if (reassign != call.request.query.end() && !reassign->second.empty()) {
    if (parent_of(reassign->second) != row.parent || reassign->second == row.name ||
        !is_visible(world, reassign->second)) {
      throw world.contract.problem(
          "owner_role_not_found",
          {{"role_id", last_segment(reassign->second)}, {"trace", call.trace}});
    }
    return;
  }
  for (const Row& database : world.store.children(row.parent, "database")) {
    if (text_at(database.shown, "status.role") == row.name) {
      throw world.contract.problem("role_owns_objects", {{"role", last_segment(row.name)}});
    }
  }
}

RoleDefinition definition_of(const Row& row) {
  const Json* memberships = input_at(row, "spec.membership_roles");
  return {.name = text_at(row.shown, "status.postgres_role"),
          .can_login = text_at(row.shown, "status.auth_method") != "NO_LOGIN",
          .is_member_of_superuser = memberships != nullptr && !memberships->empty(),
          .bypassrls = flag_at(row.shown, "status.attributes.bypassrls"),
          .createdb = flag_at(row.shown, "status.attributes.createdb"),
          .createrole = flag_at(row.shown, "status.attributes.createrole")};
}

void work(World& world, const Job& job, Computes::Done done) {
  auto row = world.store.find(job.name);
  const auto branch = world.store.find(branch_of(job.name));
  if (!row || !branch) return done({});
  const std::string uid = text_at(branch->shown, "uid");
  if (job.verb == "create") {
    return world.computes.create_role(uid, definition_of(*row), std::move(done));
  }
  if (job.verb == "update") {
    apply_update(world, *row, job.values, job.cleared);
    return world.computes.alter_role(uid, definition_of(*row), std::move(done));
  }
  world.computes.drop_role(uid, definition_of(*row).name, job.reassign_to, std::move(done));
}

/// After REASSIGN OWNED the databases of a dropped role belong to its heir.
void hand_over_databases(World& world, const Job& job) {
  const std::string branch = branch_of(job.name);
  for (const Row& heir : world.store.children(branch, "role")) {
    if (text_at(heir.shown, "status.postgres_role") != job.reassign_to) continue;
    for (Row database : world.store.children(branch, "database")) {
      if (text_at(database.shown, "status.role") != job.name) continue;
      apply_update(world, database, {{"spec", {{"role", heir.name}}}}, {});
      world.store.put(database);
    }
  }
}

void finish(World& world, const Job& job) {
  if (job.verb == "delete") {
    if (!job.reassign_to.empty()) hand_over_databases(world, job);
    return world.store.erase(job.name);
  }
  if (job.verb == "update") store_update(world, job);
}

}  // namespace

bool is_reserved_role(const std::string& name) {
  constexpr std::array kNames = {
      "databricks_superuser", "databricks_writer", "lakebase_internal", "public", "none",
      "current_user",         "session_user",      "current_role"};
  return name.starts_with("pg_") || std::find(kNames.begin(), kNames.end(), name) != kNames.end();
}

const KindRules kRoleRules = {.kind = "role",
                              .complete = &complete,
                              .check = &check,
                              .show = &show,
                              .check_delete = &check_delete,
                              .companions = &no_companions,
                              .work = &work,
                              .finish = &finish};

}  // namespace emulator
