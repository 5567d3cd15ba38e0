// Roles: what their names name, how they log in, and what they may do.
#include <algorithm>
#include <unordered_map>

#include <fmt/format.h>

#include "core/value.h"
#include "manifest/rules/rule.h"

namespace weir::rules {
namespace {

void check_user(const Declaration& role, const Scene&, Findings& findings) {
  if (value_of(role, "user") == nullptr || is_mail_address(text_of(role, "user"))) return;
  findings.push_back(finding(
      role, "user", fmt::format("user {} is no e-mail address", shown(role, "user")),
      "write the address with which the user logs in, or group, service_principal or login"));
}

void check_service_principal(const Declaration& role, const Scene&, Findings& findings) {
  const std::string id = text_of(role, "service_principal");
  if (value_of(role, "service_principal") == nullptr || is_uuid(id)) return;
  findings.push_back(finding(
      role, "service_principal",
      fmt::format("service_principal {} does not look like an application id",
                  shown(role, "service_principal")),
      "write its application id, such as 11111111-1111-1111-1111-111111111111, not its name"));
}

void check_reserved_names(const Declaration& role, const Scene&, Findings& findings) {
  const std::string& name = role.id;
  const bool is_reserved = name.starts_with("pg_") || name == "public" || name == "none" ||
                           lower_case(name) == "databricks_superuser";
  if (!is_reserved) return;
  findings.push_back(finding(role, "id",
                             fmt::format("the name {} inside Postgres is reserved", name),
                             name.starts_with("pg_") ? "choose a name that does not begin with pg_"
                                                     : "choose another name"));
}

void check_native_login(const Declaration& role, const Scene& scene, Findings& findings) {
  if (text_of(role, "auth_method") != "password") return;
  const Declaration* branch = scene.index.parent_of(role);
  const Declaration* project = branch == nullptr ? nullptr : scene.index.parent_of(*branch);
  const Declaration* server = project == nullptr ? branch : project;
  if (server == nullptr || is_true(*server, "native_login")) return;
  findings.push_back(
      finding(role, value_of(role, "password") == nullptr ? "login" : "password",
              fmt::format("the role logs in with a password, and the {} does not say "
                          "native_login: true",
                          server->kind->name),
              fmt::format("write native_login: true in {}", server->address.text())));
}

void check_superuser(const Declaration& role, const Scene&, Findings& findings) {
  if (value_of(role, "group") == nullptr || !is_true(role, "superuser")) return;
  findings.push_back(
      finding(role, "superuser",
              fmt::format("superuser: every member of the group {} may do nearly everything",
                          shown(role, "group")),
              "give it to single users, or grant what the group needs"));
}

/// The service gives whoever makes a project a role that may do everything; whoever declares it as
/// it is means it.
bool is_like_an_owners(const Declaration& role, const Document& attributes) {
  const bool is_somebodys =
      value_of(role, "user") != nullptr || value_of(role, "service_principal") != nullptr;
  const auto has = [&](std::string_view name) {
    return std::find(attributes.begin(), attributes.end(), name) != attributes.end();
  };
  return is_somebodys && is_true(role, "superuser") && has("createdb") && has("createrole");
}

void check_row_security(const Declaration& role, const Scene&, Findings& findings) {
  const Document* attributes = value_of(role, "attributes");
  if (attributes == nullptr || is_like_an_owners(role, *attributes)) return;
  for (const Document& attribute : *attributes) {
    if (attribute != "bypassrls") continue;
    findings.push_back(finding(role, "attributes",
                               "attributes: bypassrls reads rows that policies hide from the role",
                               "remove bypassrls when that is not meant"));
  }
}

void check_plain_names(const Declaration& role, const Scene&, Findings& findings) {
  const bool is_plain = value_of(role, "login") != nullptr || value_of(role, "password") != nullptr;
  if (!is_plain) return;
  const bool is_user = is_mail_address(role.id);
  if (!is_user && !is_uuid(role.id)) return;
  findings.push_back(finding(
      role, "id",
      fmt::format("the plain role {} is called like a {}", role.id,
                  is_user ? "user" : "service principal"),
      fmt::format("write {}: {} when it is one", is_user ? "user" : "service_principal", role.id)));
}

void check_similar_names(const Declaration& branch, const Scene& scene, Findings& findings) {
  std::unordered_map<std::string, const Declaration*> seen;
  for (const Declaration* role : scene.index.children(branch)) {
    if (!role->kind->is_a("role") || role->id.empty()) continue;
    const auto [other, is_new] = seen.emplace(lower_case(role->id), role);
    if (is_new || other->second->id == role->id) continue;
    findings.push_back(
        finding(*role, "id",
                fmt::format("the role {} differs from {} of {} only in capitals", role->id,
                            other->second->id, other->second->address.text()),
                "remove one of them, when they are meant to be the same"));
  }
}

constexpr std::array kRules = {
    Rule{.id = "L080",
         .summary = "The role of a user is named by an e-mail address.",
         .source = "service-rules F-13",
         .kind = "role",
         .check = &check_user},
    Rule{.id = "L081",
         .summary = "The role of a service principal is named by its application id.",
         .source = "service-rules F-13",
         .severity = Severity::kWarning,
         .kind = "role",
         .check = &check_service_principal},
    Rule{.id = "L082",
         .summary = "Names that Postgres or the service has for itself are no names of roles.",
         .source = "service-rules ID-10; PostgreSQL, CREATE ROLE",
         .kind = "role",
         .check = &check_reserved_names},
    Rule{.id = "L084",
         .summary = "A role with a password needs a project or an instance with native_login.",
         .source = "service-rules F-15: inferred",
         .severity = Severity::kWarning,
         .kind = "role",
         .check = &check_native_login},
    Rule{.id = "L085",
         .summary = "A group is no superuser.",
         .source = "service-rules X-8: allowed, and dangerous",
         .severity = Severity::kWarning,
         .kind = "role",
         .check = &check_superuser},
    Rule{.id = "L086",
         .summary = "A role does not bypass row-level security.",
         .source = "service-rules X-8: allowed, and dangerous",
         .severity = Severity::kWarning,
         .kind = "role",
         .check = &check_row_security},
    Rule{.id = "L087",
         .summary = "A plain role is not called like a user or a service principal.",
         .source = "service-rules F-13: allowed, and a likely mistake",
         .severity = Severity::kWarning,
         .kind = "role",
         .check = &check_plain_names},
    Rule{.id = "L088",
         .summary = "Two roles of a branch differ in more than capitals.",
         .source = "service-rules ID-10: allowed, and a likely mistake",
         .severity = Severity::kWarning,
         .kind = "branch",
         .check = &check_similar_names},
};

}  // namespace

std::span<const Rule> role_rules() {
  return kRules;
}

}  // namespace weir::rules
