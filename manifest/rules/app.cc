// Apps: their names, what they are bound to, and their variables.
#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "core/value.h"
#include "manifest/rules/rule.h"

namespace weir::rules {
namespace {

const Document& bindings_of(const Declaration& app) {
  static const Document none = Document::array();
  const Document* entries = value_of(app, "bind");
  return entries == nullptr ? none : *entries;
}

/// The address that an entry leads to.
Address target_of(const Document& entry) {
  return Address::parse(target_of_binding(entry)).value_or(Address());
}

std::string key_of(const Document& entry) {
  return text_at(entry, "resource_key");
}

/// Where an entry stands.
std::string place_of(const Document& entry) {
  return "bind." + key_of(entry);
}

void check_name(const Declaration& app, const Scene&, Findings& findings) {
  const bool is_right = std::ranges::all_of(
      app.id, [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; });
  if (is_right && !app.id.empty()) return;
  findings.push_back(
      finding(app, "id", fmt::format("the name {} cannot be that of an app", to_text(app.id)),
              "names have lower-case letters, digits and hyphens; id: says another one than the "
              "key"));
}

void check_same_target(const Declaration& app, const Scene&, Findings& findings) {
  std::map<Address, std::string> seen;
  for (const Document& entry : bindings_of(app)) {
    const auto [other, is_new] = seen.emplace(target_of(entry), key_of(entry));
    if (is_new) continue;
    findings.push_back(finding(app, place_of(entry),
                               fmt::format("bind: {} and {} lead to the same: {}", other->second,
                                           key_of(entry), other->first.text()),
                               "keep one of them, unless the app wants both names"));
  }
}

void check_covered(const Declaration& app, const Scene&, Findings& findings) {
  for (const Document& entry : bindings_of(app)) {
    const Address target = target_of(entry);
    for (const Document& other : bindings_of(app)) {
      const bool is_covered = other.contains("branch") && entry.contains("database") &&
                              target.parent() == target_of(other);
      if (!is_covered) continue;
      findings.push_back(finding(app, place_of(entry),
                                 fmt::format("bind: {} leads into a branch that {} covers already",
                                             key_of(entry), key_of(other)),
                                 "keep one of them, unless the app wants both names"));
    }
  }
}

/// The branch that an entry leads to or into, when it is declared.
const Declaration* branch_of(const Document& entry, const Scene& scene) {
  const Address target = target_of(entry);
  return scene.index.find(entry.contains("branch") ? target : target.parent());
}

void check_end(const Declaration& app, const Scene& scene, Findings& findings) {
  for (const Document& entry : bindings_of(app)) {
    const Declaration* branch = branch_of(entry, scene);
    if (branch == nullptr || branch->kind->name != "branch" || !is_expiring(*branch)) continue;
    if (text_of(*branch, "on_expiry") == "renew") continue;
    findings.push_back(finding(
        app, place_of(entry),
        fmt::format("bind: {} leads to {}, which ends by itself while the app stays bound to it",
                    key_of(entry), branch->address.text()),
        "bind the app to a branch that stays, or set on_expiry: renew there"));
  }
}

bool is_variable_name(std::string_view name) {
  const bool begins_right = !name.empty() && !(name.front() >= '0' && name.front() <= '9');
  return begins_right && std::ranges::all_of(name, [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  c == '_';
         });
}

void check_variables(const Declaration& app, const Scene&, Findings& findings) {
  const Document* env = value_of(app, "env");
  if (env == nullptr) return;
  for (const auto& [name, value] : env->items()) {
    if (is_variable_name(name)) continue;
    findings.push_back(
        finding(app, "env",
                fmt::format("env: {} cannot be the name of a variable", to_text(Document(name))),
                "names have letters, digits and _, and begin with no digit"));
  }
}

constexpr std::array kRules = {
    Rule{.id = "L176",
         .summary = "An app has a name that the service allows.",
         .source = "databricks-platform 8",
         .kind = "app",
         .check = &check_name},
    Rule{.id = "L177",
         .summary = "An app is bound to each thing once.",
         .source = "databricks-platform 8: allowed, and hardly meant",
         .severity = Severity::kWarning,
         .kind = "app",
         .check = &check_same_target},
    Rule{.id = "L178",
         .summary = "An app bound to a branch needs no binding to its databases.",
         .source = "databricks-platform 8: without a database the grant covers the branch",
         .severity = Severity::kWarning,
         .kind = "app",
         .check = &check_covered},
    Rule{.id = "L179",
         .summary = "An app is bound to what stays.",
         .source = "service-rules F-4",
         .severity = Severity::kWarning,
         .kind = "app",
         .check = &check_end},
    Rule{.id = "L180",
         .summary = "Variables of an app have names that shells take.",
         .source = "POSIX; app.yaml passes them on",
         .kind = "app",
         .check = &check_variables},
};

}  // namespace

std::span<const Rule> app_rules() {
  return kRules;
}

}  // namespace weir::rules
