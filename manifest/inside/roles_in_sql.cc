#include "manifest/inside/roles_in_sql.h"

#include <algorithm>
#include <unordered_map>

#include "manifest/limits.h"

namespace weir::inside {
namespace {

bool has_attribute(const Document& attributes, const char* name) {
  return std::find(attributes.begin(), attributes.end(), name) != attributes.end();
}

bool is_without_login(const Declaration& role) {
  return text_at(role.fields, "auth_method") == "no_login";
}

sql::RoleWish wish_for(const Declaration& role) {
  sql::RoleWish wish = {
      .tag = role.address.text(), .name = role.address.key(), .can_login = !is_without_login(role)};
  const auto attributes = role.fields.find("attributes");
  if (attributes != role.fields.end()) {
    wish.can_create_databases = has_attribute(*attributes, "createdb");
    wish.can_create_roles = has_attribute(*attributes, "createrole");
    wish.bypasses_row_security = has_attribute(*attributes, "bypassrls");
  }
  return wish;
}

class Making {
 public:
  explicit Making(Manifest& manifest) : manifest_(manifest) {
    for (std::size_t index = 0; index < manifest.insides.size(); ++index) {
      places_[manifest.insides[index].address] = index;
    }
  }

  void run() {
    for (Declaration& declaration : manifest_.declarations) {
      if (declaration.kind->is_a("role")) mark(declaration);
    }
    for (Declaration& declaration : manifest_.declarations) {
      if (declaration.kind->is_a("database")) give_to_owner(declaration);
    }
    std::sort(manifest_.insides.begin(), manifest_.insides.end(),
              [](const Inside& left, const Inside& right) { return left.address < right.address; });
  }

 private:
  void mark(Declaration& role) {
    // A server has no service that could make the others.
    if (!is_without_login(role) && !manifest_.server.is_made()) return;
    role.is_made_in_sql = true;
    const Address branch = role.address.parent();
    const Declaration* container = manifest_.find(branch);
    Inside& inside = inside_at(branch, container == nullptr ? role.place : container->place);
    inside.roles.emplace(role.address.key(), role.address);
    inside.places.emplace(role.address.text(), role.place);
    inside.wishes.roles.push_back(wish_for(role));
  }

  void give_to_owner(Declaration& database) {
    const auto reference =
        std::find_if(database.references.begin(), database.references.end(),
                     [](const Reference& each) { return each.field == "owner"; });
    if (reference == database.references.end()) return;
    const Declaration* owner = manifest_.find(reference->target);
    if (owner == nullptr || !owner->is_made_in_sql) return;
    Inside& inside = inside_at(database.address, database.place);
    const sql::Tag tag = database.address.singleton("owner").text();
    inside.roles.emplace(owner->address.key(), owner->address);
    inside.places.emplace(tag, reference->place);
    inside.wishes.owners.push_back(
        {.tag = tag, .target = sql::the_database(database.id), .owner = owner->address.key()});
    database.references.erase(reference);
  }

  Inside& inside_at(const Address& address, const Place& place) {
    const auto [known, is_new] = places_.try_emplace(address, manifest_.insides.size());
    if (is_new) manifest_.insides.push_back({.address = address, .place = place});
    return manifest_.insides[known->second];
  }

  Manifest& manifest_;
  std::unordered_map<Address, std::size_t> places_;
};

}  // namespace

void make_roles_in_sql(Manifest& manifest) {
  const bool service_makes_all = Limits(manifest.limits).flag("no_login_roles");
  if (!service_makes_all || manifest.server.is_made()) Making(manifest).run();
}

}  // namespace weir::inside
