#include "manifest/export_keys.h"

#include <algorithm>

#include <fmt/format.h>

#include "core/value.h"
#include "manifest/inside/aliases.h"
#include "manifest/interpolate.h"
#include "manifest/yaml.h"
#include "sql/quote.h"

namespace weir {
namespace {

/// Enough of one to find it by.
constexpr std::size_t kShownOfNames = 100;

std::string last_part(const std::string& name) {
  return name.substr(name.rfind('/') + 1);
}

}  // namespace

ExportedKeys::ExportedKeys(const Observations& observations, const Catalogue& catalogue,
                           const ExportedInsides& insides, std::vector<std::string>& left_out)
    : observations_(observations), catalogue_(catalogue), insides_(insides), left_out_(left_out) {
  for (const auto& [name, observed] : observations.all()) {
    if (observed.kind->name != "app" || observed.is_deleted()) continue;
    const std::string principal = text_at(observed.facts, "service_principal_client_id");
    if (!principal.empty()) apps_.emplace(principal, last_part(name));
  }
}

void ExportedKeys::name_members(const Kind& kind, const std::string& parent) {
  if (!named_.emplace(&kind, parent).second) return;
  std::set<std::string> taken;
  const auto name = [&](const Observed& member, std::string key) {
    if (!can_be_written(member, key)) return;
    taken.insert(key);
    keys_[member.name] = std::move(key);
  };
  std::vector<const Observed*> with_aliases;
  for (const Observed* member : observations_.children(kind, parent)) {
    if (member->is_deleted()) continue;
    if (kind.identity == Identity::kId) {
      name(*member, last_part(member->name));
    } else if (kind.identity == Identity::kPostgresName) {
      name(*member, member->postgres_name);
    } else if (can_be_declared(*member)) {
      // A plain role is called like its key, so that others have to make way for it.
      if (is_plain(*member))
        name(*member, member->postgres_name);
      else
        with_aliases.push_back(member);
    }
  }
  for (const Observed* role : with_aliases) name(*role, alias_of(*role, taken));
}

const std::string& ExportedKeys::of(const std::string& name) const {
  static const std::string none;
  const auto key = keys_.find(name);
  return key == keys_.end() ? none : key->second;
}

inside::KeysOfRoles ExportedKeys::of_roles(const std::string& branch) {
  inside::KeysOfRoles keys;
  const Observed* container = observations_.find(branch);
  for (const Kind* kind : catalogue_.kinds()) {
    const bool is_role = kind->identity == Identity::kRoleAlias && container != nullptr &&
                         kind->parent == container->kind->name;
    if (!is_role) continue;
    name_members(*kind, branch);
    for (const Observed* role : observations_.children(*kind, branch)) {
      const std::string& key = of(role->name);
      if (!key.empty()) keys.emplace(role->postgres_name, key);
    }
  }
  return keys;
}

std::string ExportedKeys::app_of(const Observed& role) const {
  const auto app = apps_.find(role.postgres_name);
  const bool is_such = text_at(role.fields, "identity") == "service_principal";
  return is_such && app != apps_.end() ? app->second : "";
}

/// The app, or the local part of its name, unless that would mean somebody else.
std::string ExportedKeys::alias_of(const Observed& role, const std::set<std::string>& taken) const {
  const std::string app = app_of(role);
  const std::string name =
      app.empty() ? role.postgres_name.substr(0, role.postgres_name.find('@')) : app;
  const bool is_free = !name.empty() && !inside::hides_another(name, role.postgres_name);
  const std::string alias = is_free ? name : "role_" + name;
  std::string unique = alias;
  for (int number = 2; taken.contains(unique); ++number) {
    unique = fmt::format("{}_{}", alias, number);
  }
  return unique;
}

std::string ExportedKeys::method_of(const Observed& role) const {
  std::string method = text_at(role.fields, "auth_method");
  if (!method.empty()) return method;
  const auto logs_in = insides_.logs_in(role);
  if (!logs_in) return "";
  return *logs_in ? "password" : "no_login";
}

bool ExportedKeys::is_plain(const Observed& role) {
  return text_at(role.fields, "identity") == "none";
}

bool ExportedKeys::can_be_declared(const Observed& role) const {
  const std::string identity = text_at(role.fields, "identity");
  const std::string method = method_of(role);
  if (is_plain(role) && method.empty()) {
    leave_out(role,
              "a plain role, of which the API does not say whether it logs in, and none of its "
              "databases was looked into; declare it with login: false or with a password");
    return false;
  }
  const bool is_known =
      is_plain(role) ? method == "password" || method == "no_login"
                     : identity == "user" || identity == "group" || identity == "service_principal";
  if (!is_known) {
    leave_out(role, fmt::format("a role with the identity {} that logs in by {} cannot be declared",
                                identity, method));
  }
  return is_known;
}

bool ExportedKeys::can_be_written(const Observed& member, const std::string& key) const {
  if (sql::has_control_character(member.postgres_name)) {
    leave_out(member,
              fmt::format("its name {} has a control character, which manifests cannot have",
                          sql::shown_name(member.postgres_name)));
    return false;
  }
  if (escape_interpolation(key).size() <= YamlLimits{}.key_bytes) return true;
  leave_out(member, fmt::format("its name has {} bytes, which are too many for a key", key.size()));
  return false;
}

void ExportedKeys::leave_out(const Observed& member, const std::string& why) const {
  left_out_.push_back(fmt::format("{}: {}", member.name.substr(0, kShownOfNames), why));
}

}  // namespace weir
