#include "convert/roles.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "convert/secrets.h"

namespace weir::convert {
namespace {

constexpr std::array<std::string_view, 3> kManagedIdentities = {"user", "group",
                                                                "service_principal"};

/// The name inside Postgres of a role as a manifest has it; "" when only the workspace knows it.
std::string name_inside(const std::string& key, const Document& fields) {
  for (const std::string_view identity : kManagedIdentities) {
    const auto found = fields.find(identity);
    if (found != fields.end() && found->is_string()) return found->get<std::string>();
  }
  return fields.contains("app") ? "" : key;
}

/// Roles of the server that nobody declares and everybody may name.
bool is_servers_own(std::string_view name) {
  return name.starts_with("pg_") || name == "databricks_superuser";
}

}  // namespace

bool is_user_name(std::string_view name) {
  const std::size_t at = name.find('@');
  return at != std::string_view::npos && at > 0 && name.find('.', at) != std::string_view::npos;
}

bool is_application_id(std::string_view name) {
  constexpr std::string_view kForm = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
  return name.size() == kForm.size() &&
         std::equal(name.begin(), name.end(), kForm.begin(), [](char c, char form) {
           const bool is_hex = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
           return form == '-' ? c == '-' : is_hex;
         });
}

Roles::Roles(Document& manifest, Path server, Notes& notes)
    : manifest_(manifest), server_(std::move(server)), notes_(notes) {
  const Document* roles = find_member(manifest, below(server_, {"roles"}));
  if (roles == nullptr) return;
  for (const auto& [key, fields] : roles->items()) {
    declared_.insert(key);
    const std::string name = name_inside(key, fields);
    if (!name.empty()) keys_.emplace(name, key);
  }
}

Document& Roles::fields_of(const std::string& key) {
  declared_.insert(key);
  return member(manifest_, below(server_, {"roles", key}));
}

std::string Roles::free_key(const std::string& wanted) const {
  std::string key = wanted;
  for (int number = 2; declared_.contains(key); ++number) {
    key = fmt::format("{}_{}", wanted, number);
  }
  return key;
}

void Roles::declare(const RoleFacts& role) {
  const std::string name = literal(role.name);
  const bool is_known = keys_.contains(name);
  if (!is_known && (is_user_name(name) || is_application_id(name))) {
    if (!role.label.empty() && role.label != role.name) keys_[name] = free_key(literal(role.label));
    key_of(role.name, role.spot);
  } else if (!is_known) {
    keys_.emplace(name, name);
  }
  const std::string& key = keys_.at(name);
  if (fields_of(key).empty()) write_login(role, key);
  if (!role.attributes.empty()) fields_of(key)["attributes"] = role.attributes;
}

void Roles::write_login(const RoleFacts& role, const std::string& key) {
  if (!role.has_password) {
    fields_of(key)["login"] = role.logs_in;
    if (role.logs_in) allow_passwords(role.spot);
    return;
  }
  const std::string variable = secret_variable(manifest_, role.name, role.password_from);
  fields_of(key)["password"] = variable;
  notes_.remark(role.spot, "has a password, which stays where it is",
                fmt::format("{} stands for it, and comes from the environment", variable));
  allow_passwords(role.spot);
}

/// A server lets nobody in by password unless it says so.
void Roles::allow_passwords(const Spot& spot) {
  const Path owner(server_.begin(), server_.begin() + 2);
  Document& fields = member(manifest_, owner);
  if (fields.contains("native_login")) return;
  fields["native_login"] = true;
  notes_.remark(spot, fmt::format("logs in with a password, for which {} says native_login: true",
                                  fmt::join(owner, "/")));
}

std::string Roles::key_of(const std::string& written, const Spot& spot) {
  if (written == "public" || written == "PUBLIC") return "public";
  const std::string name = literal(written);
  const auto known = keys_.find(name);
  const bool is_managed = is_user_name(name) || is_application_id(name);
  if (known != keys_.end() && declared_.contains(known->second)) return known->second;
  if (is_servers_own(name)) return name;
  if (!is_managed) {
    notes_.lost(spot, fmt::format("names the role {}, which is not described there", written),
                "declare it in roles, with login: false or a password, or as what it is");
    return name;
  }
  const bool is_user = is_user_name(name);
  std::string key = known != keys_.end() ? known->second : "";
  if (key.empty()) {
    key = free_key(is_user ? name.substr(0, name.find('@'))
                           : fmt::format("principal_{}", name.substr(0, name.find('-'))));
  }
  fields_of(key) = {{is_user ? "user" : "service_principal", name}};
  keys_[name] = key;
  return key;
}

void Roles::add_membership(const std::string& member_name, const Membership& membership,
                           const Spot& spot) {
  const std::string in = key_of(membership.in, spot);
  const std::string key = key_of(member_name, spot);
  if (!declared_.contains(key)) return;  // it was said that nobody describes it
  Document item = in;
  if (membership.is_admin || membership.inherits.has_value()) {
    item = {{"role", in}};
    if (membership.is_admin) item["admin"] = true;
    if (membership.inherits) item["inherit"] = *membership.inherits;
  }
  Document& list = fields_of(key)["member_of"];
  if (!list.is_array()) list = Document::array();
  list.push_back(std::move(item));
}

}  // namespace weir::convert
