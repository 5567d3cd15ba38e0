#include "emulator/api/instance_role.h"

#include <algorithm>

#include "emulator/api/inventory.h"
#include "emulator/api/kinds.h"
#include "emulator/api/lifecycle.h"
#include "emulator/api/resource_name.h"
#include "emulator/contract_check.h"

namespace emulator {
namespace {

constexpr const char* kSuperuser = "DATABRICKS_SUPERUSER";

void check(World& world, const Row& row, const Row* before, const Call& /*call*/) {
  if (before != nullptr) return;
  const std::string name = text_input(row, "name");
  if (is_reserved_role(name)) throw world.contract.problem("role_reserved", {{"name", name}});
  if (world.store.find(row.name)) throw world.contract.problem("instance_role_exists");
}

void show(World& world, Row& row) {
  show_values(world.contract.kind("instance_role"), row.hidden["input"], row.shown);
  if (!has_input(row, "membership_role")) row.shown.erase("membership_role");
}

void check_delete(World& /*world*/, const Row& /*row*/, const Call& /*call*/) {}

RoleDefinition definition_of(const Row& row) {
  const Json* can_login = input_at(row, "can_login");
  return {.name = text_input(row, "name"),
          .can_login = can_login == nullptr || *can_login == true,
          .is_member_of_superuser = text_input(row, "membership_role") == kSuperuser,
          .bypassrls = flag_at(row.shown, "effective_attributes.bypassrls"),
          .createdb = flag_at(row.shown, "effective_attributes.createdb"),
          .createrole = flag_at(row.shown, "effective_attributes.createrole")};
}

void work(World& world, const Job& job, Computes::Done done) {
  const auto row = world.store.find(job.name);
  const auto instance = world.store.find(project_of(job.name));
  if (!row || !instance) return done({});
  const std::string uid = text_at(instance->shown, "uid");
  const RoleDefinition role = definition_of(*row);
  if (job.verb == "create") return world.computes.create_role(uid, role, std::move(done));
  if (job.verb == "update") return world.computes.alter_role(uid, role, std::move(done));
  world.computes.drop_role(uid, role.name, job.reassign_to, std::move(done));
}

void finish(World& world, const Job& job) {
  if (job.verb == "delete") world.store.erase(job.name);
}

/// What a failed update wanted is forgotten; its job holds what was wanted before.
void undo(World& world, const Job& job) {
  auto row = world.store.find(job.name);
  if (!row || job.verb != "update") return;
  row->hidden["input"] = job.values;
  show(world, *row);
  world.store.put(*row);
}

Json input_of(const RoleDefinition& role) {
  Json input = {{"name", role.name},
                {"can_login", role.can_login},
                {"attributes",
                 {{"bypassrls", role.bypassrls},
                  {"createdb", role.createdb},
                  {"createrole", role.createrole}}}};
  if (role.is_member_of_superuser) input["membership_role"] = kSuperuser;
  return input;
}

void follow(World& world, Row row, const Json& wanted) {
  Json& input = row.hidden["input"];
  const Json before = input;
  input["attributes"] = wanted.at("attributes");
  if (input.value("can_login", true) != wanted.at("can_login")) {
    input["can_login"] = wanted.at("can_login");
  }
  input.erase("membership_role");
  if (wanted.contains("membership_role")) input["membership_role"] = wanted.at("membership_role");
  if (input == before) return;
  show(world, row);
  world.store.put(row);
}

void sync_roles(World& world, const std::string& instance,
                const std::vector<RoleDefinition>& roles) {
  for (const RoleDefinition& role : roles) {
    const auto known = world.store.find(role_row_name(instance, role.name));
    if (!known) {
      world.store.put(new_instance_role(world, instance, input_of(role)));
    } else if (world.store.open_operations(known->name).empty()) {
      follow(world, *known, input_of(role));
    }
  }
  for (const Row& row : world.store.children(instance, "instance_role")) {
    const bool is_there = std::any_of(roles.begin(), roles.end(), [&](const RoleDefinition& role) {
      return role.name == text_input(row, "name");
    });
    if (!is_there && world.store.open_operations(row.name).empty()) world.store.erase(row.name);
  }
}

}  // namespace

std::string role_row_name(const std::string& instance, const std::string& role) {
  std::string segment;
  for (const char letter : role) {
    segment += letter == '/' ? "%2F" : letter == '%' ? "%25" : std::string(1, letter);
  }
  return instance + "/roles/" + segment;
}

Row new_instance_role(World& world, const std::string& instance, Json input) {
  const std::string name = text_at(input, "name");
  Row row{.name = role_row_name(instance, name), .kind = "instance_role", .parent = instance};
  row.shown = {{"name", name}, {"instance_name", last_segment(instance)}};
  row.hidden["input"] = std::move(input);
  return made_by_service(world, std::move(row));
}

Row owner_of_instance(World& world, const std::string& instance, const Identity& creator) {
  return new_instance_role(
      world, instance,
      {{"name", creator.name},
       {"identity_type", creator.kind},
       {"membership_role", kSuperuser},
       {"attributes", {{"bypassrls", true}, {"createdb", true}, {"createrole", true}}}});
}

Row inherited_role(World& world, const Row& original, const std::string& instance) {
  Row copy = new_instance_role(world, instance, original.hidden.at("input"));
  copy.hidden["is_inherited"] = true;
  return copy;
}

void sync_instance(World& world, const std::string& instance, const Inventory& inventory) {
  auto row = world.store.find(instance);
  if (!row) return;
  sync_roles(world, instance, inventory.roles);
  Json databases = Json::array();
  for (const DatabaseDefinition& database : inventory.databases) databases.push_back(database.name);
  if (row->hidden["databases"] == databases) return;
  row->hidden["databases"] = std::move(databases);
  world.store.put(*row);
}

const KindRules kInstanceRoleRules = {.kind = "instance_role",
                                      .complete = &complete_by_contract,
                                      .check = &check,
                                      .show = &show,
                                      .check_delete = &check_delete,
                                      .companions = &no_companions,
                                      .work = &work,
                                      .finish = &finish,
                                      .undo = &undo,
                                      .is_awaited = &is_always_awaited};

}  // namespace emulator
