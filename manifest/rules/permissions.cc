// Permissions of projects: who is named, and how much the name stands for.
#include <unordered_map>

#include <fmt/format.h>

#include "core/value.h"
#include "manifest/rules/rule.h"

namespace weir::rules {
namespace {

const Document& entries_of(const Declaration& permissions) {
  static const Document none = Document::array();
  const Document* entries = value_of(permissions, "entries");
  return entries == nullptr ? none : *entries;
}

void check_everybody(const Declaration& permissions, const Scene&, Findings& findings) {
  for (const Document& entry : entries_of(permissions)) {
    if (text_at(entry, "group") != "users" || text_at(entry, "level") != "CAN_MANAGE") continue;
    findings.push_back(finding(permissions, "entries",
                               fmt::format("group users has CAN_MANAGE: everybody in the workspace "
                                           "may delete the {}",
                                           permissions.kind->parent),
                               "name a smaller group, or write CAN_USE"));
  }
}

void check_users(const Declaration& permissions, const Scene&, Findings& findings) {
  for (const Document& entry : entries_of(permissions)) {
    const std::string user = text_at(entry, "user");
    if (user.empty() || is_mail_address(user)) continue;
    findings.push_back(finding(permissions, "entries",
                               fmt::format("user {} does not look like an e-mail address", user),
                               "write the address with which the user logs in"));
  }
}

void check_service_principals(const Declaration& permissions, const Scene&, Findings& findings) {
  for (const Document& entry : entries_of(permissions)) {
    const std::string id = text_at(entry, "service_principal");
    if (id.empty() || is_uuid(id)) continue;
    findings.push_back(finding(
        permissions, "entries",
        fmt::format("service_principal {} does not look like an application id", id),
        "write its application id, such as 11111111-1111-1111-1111-111111111111, not its name"));
  }
}

void check_same_users(const Declaration& permissions, const Scene&, Findings& findings) {
  std::unordered_map<std::string, std::string> seen;
  for (const Document& entry : entries_of(permissions)) {
    const std::string user = text_at(entry, "user");
    if (user.empty()) continue;
    const auto [other, is_new] = seen.emplace(lower_case(user), user);
    if (is_new) continue;
    findings.push_back(
        finding(permissions, "entries",
                fmt::format("users {} and {} differ only in capitals", other->second, user),
                "remove one of them"));
  }
}

void check_somebody(const Declaration& permissions, const Scene&, Findings& findings) {
  const bool is_read = permissions.fields.contains("entries");
  if (!is_read || !entries_of(permissions).empty()) return;
  findings.push_back(finding(permissions, "entries",
                             "the list is empty: nobody is named, and nothing will be changed",
                             "name somebody, or remove permissions"));
}

constexpr std::array kRules = {
    Rule{.id = "L045",
         .summary = "Not everybody in the workspace may manage a project or an instance.",
         .source = "service-rules P-1: allowed, and dangerous",
         .severity = Severity::kWarning,
         .kind = "permissions",
         .check = &check_everybody},
    Rule{.id = "L046",
         .summary = "A user is named by an e-mail address.",
         .source = "service-rules X-3",
         .severity = Severity::kWarning,
         .kind = "permissions",
         .check = &check_users},
    Rule{.id = "L047",
         .summary = "A service principal is named by its application id.",
         .source = "service-rules X-3",
         .severity = Severity::kWarning,
         .kind = "permissions",
         .check = &check_service_principals},
    Rule{.id = "L048",
         .summary = "A user stands in a list of permissions once.",
         .source = "service-rules P-4",
         .severity = Severity::kWarning,
         .kind = "permissions",
         .check = &check_same_users},
    Rule{.id = "L049",
         .summary = "A list of permissions names somebody.",
         .source = "the manifest language: who is not named is left alone",
         .severity = Severity::kWarning,
         .kind = "permissions",
         .check = &check_somebody},
};

}  // namespace

std::span<const Rule> permission_rules() {
  return kRules;
}

}  // namespace weir::rules
