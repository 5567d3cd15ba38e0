// Memberships, and what of roles the language has no words for.
#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include "manifest/inside/export_inside.h"
#include "sql/membership.h"
#include "sql/quote.h"

namespace weir::inside {
namespace {

/// All entries of one member in one role: there is one for each grantor.
struct JoinedMembership {
  bool is_admin = false;
  bool inherits = false;
  bool can_set = false;

  void add(const sql::Membership& entry) {
    is_admin = is_admin || entry.is_admin;
    inherits = inherits || entry.inherits;
    can_set = can_set || entry.can_set;
  }
  /// From PostgreSQL 16 on whoever makes a role becomes such a member by itself.
  bool is_of_its_maker() const { return is_admin && !inherits && !can_set; }
};

Document membership_item(const std::string& role, const JoinedMembership& joined,
                         const sql::Role& member, sql::ServerVersion version) {
  Document item = {{"role", role}};
  const bool has_options = version.major() >= sql::kMembershipOptionsMajor;
  if (joined.is_admin) item["admin"] = true;
  if (has_options && joined.inherits != member.inherits) item["inherit"] = joined.inherits;
  if (has_options && !joined.can_set) item["set"] = false;
  return item.size() == 1 ? Document(role) : item;
}

/// "NOINHERIT, CONNECTION LIMIT 5"
std::string unsaid_attributes(const sql::Role& role) {
  std::string words;
  const auto add = [&](const std::string& word) {
    words.append(words.empty() ? "" : ", ").append(word);
  };
  if (role.is_superuser) add("SUPERUSER");
  if (!role.inherits) add("NOINHERIT");
  if (role.can_replicate) add("REPLICATION");
  if (role.connection_limit >= 0) add(fmt::format("CONNECTION LIMIT {}", role.connection_limit));
  return words;
}

}  // namespace

Document membership_words(const sql::Catalogue& catalogue, const KeysOfRoles& keys,
                          const std::string& role, LeftOut& left_out) {
  Document list = Document::array();
  const sql::Role* member = catalogue.role_named(role);
  const RoleNames names = names_of_roles(catalogue, keys);
  if (member == nullptr || !names.contains(member->id)) return list;
  std::map<std::string, JoinedMembership> joined;
  for (const sql::Membership& entry : catalogue.memberships) {
    if (entry.member == member->id) joined[catalogue.name_of(entry.role)].add(entry);
  }
  for (const auto& [role_name, membership] : joined) {
    const sql::Role* other = catalogue.role_named(role_name);
    // Who is a member of the service's own says the service.
    const bool is_unsaid =
        other == nullptr || membership.is_of_its_maker() || is_name_of_service(other->name);
    if (is_unsaid) continue;
    const auto name = names.find(other->id);
    if (name != names.end()) {
      list.push_back(membership_item(name->second, membership, *member, catalogue.version));
    } else if (!is_of_service(*other)) {
      left_out.push_back(fmt::format("its membership in {}, whom no manifest declares",
                                     sql::shown_name(role_name)));
    }
  }
  const std::string attributes = unsaid_attributes(*member);
  if (!attributes.empty()) {
    left_out.push_back(attributes + ", for which manifests have no words");
  }
  for (const sql::Setting& setting : catalogue.settings) {
    if (setting.role != member->id || setting.is_of_database) continue;
    left_out.push_back(
        fmt::format("its setting {}, as manifests have settings of databases alone", setting.name));
  }
  return list;
}

}  // namespace weir::inside
