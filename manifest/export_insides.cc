#include "manifest/export_insides.h"

namespace weir {
namespace {

/// "projects/shop/branches/dev" of "projects/shop/branches/dev/roles/web"
std::string branch_of_member(const std::string& name) {
  const std::size_t id = name.rfind('/');
  return name.substr(0, name.rfind('/', id - 1));
}

}  // namespace

void ExportedInsides::fold(
    const std::function<inside::KeysOfRoles(const std::string& branch)>& keys_of_roles) {
  for (const auto& [place, catalogue] : seen_) {
    const auto [keys, is_new] = keys_.try_emplace(place.branch);
    if (is_new) keys->second = keys_of_roles(place.branch);
    databases_.emplace(place, inside::fold_database(catalogue, keys->second));
  }
  std::vector<const inside::FoldedDatabase*> all;
  all.reserve(databases_.size());
  for (const auto& [place, database] : databases_) all.push_back(&database);
  profiles_ = inside::name_profiles(all);
}

const sql::Catalogue* ExportedInsides::catalogue_of(const std::string& branch) const {
  const auto any = seen_.lower_bound({.branch = branch, .database = ""});
  return any == seen_.end() || any->first.branch != branch ? nullptr : &any->second;
}

std::optional<bool> ExportedInsides::logs_in(const Observed& role) const {
  const sql::Catalogue* catalogue = catalogue_of(branch_of_member(role.name));
  const sql::Role* seen =
      catalogue == nullptr ? nullptr : catalogue->role_named(role.postgres_name);
  return seen == nullptr ? std::nullopt : std::optional(seen->can_login);
}

std::string ExportedInsides::owner_of(const Observed& database) const {
  const auto seen =
      seen_.find({.branch = branch_of_member(database.name), .database = database.postgres_name});
  return seen == seen_.end() ? "" : seen->second.name_of(seen->second.database_owner());
}

void ExportedInsides::write(Document& fields, const Observed& member,
                            std::vector<std::string>& left_out) const {
  inside::LeftOut reasons;
  if (member.kind->identity == Identity::kRoleAlias) {
    write_memberships(fields, member, reasons);
  } else if (member.kind->identity == Identity::kPostgresName) {
    const auto database = databases_.find(
        {.branch = branch_of_member(member.name), .database = member.postgres_name});
    if (database == databases_.end()) return;
    fields.update(inside::database_words(database->second, profiles_, reasons));
  }
  for (const std::string& reason : reasons) left_out.push_back(member.name + ": " + reason);
}

void ExportedInsides::write_memberships(Document& fields, const Observed& role,
                                        inside::LeftOut& left_out) const {
  const std::string branch = branch_of_member(role.name);
  const sql::Catalogue* catalogue = catalogue_of(branch);
  const auto keys = keys_.find(branch);
  if (catalogue == nullptr || keys == keys_.end()) return;
  Document list = inside::membership_words(*catalogue, keys->second, role.postgres_name, left_out);
  if (!list.empty()) fields["member_of"] = std::move(list);
}

}  // namespace weir
