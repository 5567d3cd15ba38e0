// Names and ids, of whatever kind.
#include <algorithm>

#include <fmt/format.h>

#include "core/value.h"
#include "manifest/rules/rule.h"
#include "manifest/text_gate.h"
#include "sql/quote.h"

namespace weir::rules {
namespace {

/// Nobody says what the names of Provisioned instances may be; Unity Catalog has rules of its own.
bool has_id(const Declaration& declaration) {
  const Kind& kind = *declaration.kind;
  return kind.identity == Identity::kId && !kind.api->is_plain && !kind.is_apart;
}

bool has_postgres_name(const Declaration& declaration) {
  const Identity identity = declaration.kind->identity;
  if (identity != Identity::kPostgresName && identity != Identity::kRoleAlias) return false;
  return !declaration.fields.contains("app");  // only the workspace knows the name of an app
}

/// The field behind a name inside Postgres, when it is not the key.
std::string name_field(const Declaration& declaration) {
  for (std::string field : {"user", "group", "service_principal"}) {
    if (declaration.fields.contains(field)) return field;
  }
  return "";
}

bool is_lower(char c) {
  return c >= 'a' && c <= 'z';
}

bool is_id_character(char c) {
  return is_lower(c) || (c >= '0' && c <= '9') || c == '-';
}

/// An id as near to `text` as the pattern allows, or "" when nothing remains.
std::string nearest_id(const std::string& text) {
  std::string id;
  for (const char c : lower_case(text)) {
    const char next = is_id_character(c) ? c : '-';
    if (id.empty() ? is_lower(next) : next != '-' || id.back() != '-') id += next;
  }
  while (id.ends_with('-')) id.pop_back();
  return id;
}

std::string id_hint(const std::string& id) {
  const std::string better = nearest_id(id);
  if (better.empty()) return "choose another key, or keep it and set id";
  return fmt::format("write {}, or keep the key and set id: {}", better, better);
}

void check_id_form(const Declaration& declaration, const Scene&, Findings& findings) {
  if (!has_id(declaration)) return;
  const std::string& id = declaration.id;
  const bool is_well_formed =
      !id.empty() && is_lower(id.front()) && std::all_of(id.begin(), id.end(), is_id_character);
  if (is_well_formed) return;
  findings.push_back(finding(
      declaration, "id",
      fmt::format("the id {} is not a lower-case letter and then lower-case letters, digits and "
                  "hyphens",
                  to_text(id)),
      id_hint(id)));
}

void check_id_end(const Declaration& declaration, const Scene&, Findings& findings) {
  if (!has_id(declaration) || !declaration.id.ends_with('-')) return;
  findings.push_back(finding(declaration, "id",
                             fmt::format("the id {} ends with a hyphen", to_text(declaration.id)),
                             id_hint(declaration.id)));
}

void check_id_length(const Declaration& declaration, const Scene& scene, Findings& findings) {
  const double maximum = scene.limits.number("id_length_maximum");
  const auto length = static_cast<double>(declaration.id.size());
  if (!has_id(declaration) || length <= maximum) return;
  findings.push_back(
      finding(declaration, "id",
              fmt::format("the id has {} characters, over the maximum of {}", length, maximum),
              or_override("shorten it, or keep the key and set id", "id_length_maximum")));
}

void check_postgres_name_length(const Declaration& declaration, const Scene& scene,
                                Findings& findings) {
  const double maximum = scene.limits.number("postgres_name_bytes_maximum");
  const auto length = static_cast<double>(declaration.id.size());
  if (!has_postgres_name(declaration) || length <= maximum) return;
  findings.push_back(finding(
      declaration, name_field(declaration),
      fmt::format("the name inside Postgres has {} bytes, over the maximum of {}", length, maximum),
      or_override("shorten it: Postgres would cut it, and two names could become one",
                  "postgres_name_bytes_maximum")));
}

void check_postgres_name(const Declaration& declaration, const Scene&, Findings& findings) {
  if (!has_postgres_name(declaration)) return;
  const bool has_control = sql::has_control_character(declaration.id);
  // Without an identity there is no name yet, which is another mistake.
  const bool is_empty = declaration.id.empty() && !name_field(declaration).empty();
  if (!has_control && !is_empty) return;
  findings.push_back(finding(
      declaration, name_field(declaration),
      has_control
          ? fmt::format("the name {} has a control character", sql::shown_name(declaration.id))
          : "the name inside Postgres is empty",
      "give it a name of at least one character, and no control characters"));
}

void check_invisible_characters(const Declaration& declaration, const Scene&, Findings& findings) {
  const std::string& name = declaration.id;
  const bool is_looked_at =
      has_postgres_name(declaration) && !name.empty() && !sql::has_control_character(name);
  if (!is_looked_at) return;
  const bool has_edge = name.front() == ' ' || name.back() == ' ';
  if (!has_edge && !find_forbidden_text(name)) return;
  findings.push_back(
      finding(declaration, name_field(declaration),
              fmt::format("the name \"{}\" has characters that nobody sees", sql::shown_name(name)),
              "remove spaces at its ends, and what cannot be seen"));
}

void check_setting_names(const Declaration& declaration, const Scene&, Findings& findings) {
  for (const Field& field : declaration.kind->fields) {
    const Document* settings = field.type == Type::kSettings && field.on_change != OnChange::kLocal
                                   ? value_of(declaration, field.name)
                                   : nullptr;
    if (settings == nullptr) continue;
    for (const auto& [name, value] : settings->items()) {
      if (is_setting_name(name)) continue;
      findings.push_back(
          finding(declaration, std::string(field.name),
                  fmt::format("{}: {} cannot be the name of a PostgreSQL setting", field.name,
                              to_text(name)),
                  "write names such as statement_timeout or auto_explain.log_min_duration"));
    }
  }
}

constexpr std::array kRules = {
    Rule{.id = "L001",
         .summary = "An id is a lower-case letter and then lower-case letters, digits and hyphens.",
         .source = "service-rules ID-1",
         .check = &check_id_form},
    Rule{.id = "L002",
         .summary = "An id does not end with a hyphen.",
         .source = "service-rules ID-2",
         .check = &check_id_end},
    Rule{.id = "L003",
         .summary = "An id has at most 63 characters.",
         .source = "service-rules ID-1",
         .check = &check_id_length},
    Rule{.id = "L004",
         .summary = "A name inside Postgres has at most 63 bytes.",
         .source = "service-rules ID-10",
         .check = &check_postgres_name_length},
    Rule{.id = "L005",
         .summary = "A name inside Postgres is not empty and has no control characters.",
         .source = "service-rules ID-10",
         .check = &check_postgres_name},
    Rule{.id = "L006",
         .summary =
             "A name inside Postgres has no marks that nobody sees and no spaces at its ends.",
         .source = "service-rules ID-10: allowed there, and a likely mistake",
         .severity = Severity::kWarning,
         .check = &check_invisible_characters},
    Rule{.id = "L007",
         .summary = "Names of PostgreSQL settings are identifiers, with dots between them.",
         .source = "service-rules F-17: the allowed names are not stated",
         .severity = Severity::kWarning,
         .check = &check_setting_names},
};

}  // namespace

std::span<const Rule> name_rules() {
  return kRules;
}

}  // namespace weir::rules
