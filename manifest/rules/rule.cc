#include "manifest/rules/rule.h"

#include <algorithm>
#include <cctype>

#include <fmt/format.h>

#include "core/value.h"

namespace weir::rules {

Index::Index(const Manifest& manifest) {
  by_address_.reserve(manifest.declarations.size());
  for (const Declaration& declaration : manifest.declarations) {
    by_address_.emplace(declaration.address, &declaration);
    by_parent_[declaration.address.parent()].push_back(&declaration);
  }
}

const Declaration* Index::find(const Address& address) const {
  const auto found = by_address_.find(address);
  return found == by_address_.end() ? nullptr : found->second;
}

std::span<const Declaration* const> Index::children(const Declaration& parent) const {
  const auto found = by_parent_.find(parent.address);
  if (found == by_parent_.end()) return {};
  return found->second;
}

const Declaration* Index::parent_of(const Declaration& declaration) const {
  return find(declaration.address.parent());
}

const Document* value_of(const Declaration& declaration, std::string_view field) {
  const auto value = declaration.fields.find(field);
  return value == declaration.fields.end() || value->is_null() ? nullptr : &*value;
}

bool is_true(const Declaration& declaration, std::string_view field) {
  const Document* value = value_of(declaration, field);
  return value != nullptr && *value == true;
}

std::string text_of(const Declaration& declaration, std::string_view field) {
  const Document* value = value_of(declaration, field);
  return value != nullptr && value->is_string() ? value->get<std::string>() : "";
}

std::string shown(const Declaration& declaration, std::string_view field) {
  const Field* description = find_field(*declaration.kind, field);
  const Document* value = value_of(declaration, field);
  if (description == nullptr || value == nullptr) return "(not set)";
  return show_value(*description, *value);
}

std::optional<Duration> lifetime_of(const Declaration& branch) {
  const Document* expires = value_of(branch, "expires");
  if (expires == nullptr || !expires->contains("ttl")) return std::nullopt;
  return parse_duration(text_at(*expires, "ttl"));
}

bool is_expiring(const Declaration& branch) {
  const Document* expires = value_of(branch, "expires");
  return expires != nullptr && !expires->contains("never");
}

const Reference* reference_of(const Declaration& declaration, std::string_view field) {
  const auto& all = declaration.references;
  const auto found = std::find_if(all.begin(), all.end(),
                                  [&](const Reference& each) { return each.field == field; });
  return found == all.end() ? nullptr : &*found;
}

bool is_implied(const Declaration& declaration) {
  const auto& names = declaration.kind->implied;
  return std::find(names.begin(), names.end(), declaration.id) != names.end();
}

Finding finding(const Declaration& declaration, const std::string& field, std::string message,
                std::string hint) {
  return {.address = declaration.address.text(),
          .message = std::move(message),
          .hint = std::move(hint),
          .place = declaration.place_of(field)};
}

std::string or_override(std::string hint, std::string_view limit) {
  const auto limits = all_limits();
  const auto known = std::find_if(limits.begin(), limits.end(),
                                  [&](const LimitText& each) { return each.name == limit; });
  if (known == limits.end() || !known->is_disputed) return hint;
  return fmt::format("{}; this limit is disputed: set limits.{} to override", hint, limit);
}

void check_number_of(const Scene& scene, const char* kind, const char* limit, Findings& findings) {
  const double maximum = scene.limits.number(limit);
  double count = 0;
  const Declaration* first_over = nullptr;
  for (const Declaration& declaration : scene.manifest.declarations) {
    if (!declaration.kind->is_a(kind)) continue;
    if (++count > maximum && first_over == nullptr) first_over = &declaration;
  }
  if (first_over == nullptr) return;
  findings.push_back(finding(*first_over, "",
                             fmt::format("{} {}, over the maximum of {} in a workspace", count,
                                         first_over->kind->collection, maximum),
                             or_override("declare fewer, or divide them among workspaces", limit)));
}

Duration limit_duration(const Scene& scene, std::string_view limit) {
  return parse_duration(scene.limits.duration(limit)).value_or(Duration::zero());
}

bool is_mail_address(std::string_view text) {
  const std::size_t at = text.find('@');
  return at != std::string_view::npos && at > 0 && at + 1 < text.size() &&
         text.find('@', at + 1) == std::string_view::npos &&
         text.find_first_of(" \t\r\n") == std::string_view::npos;
}

bool is_uuid(std::string_view text) {
  constexpr std::string_view kForm = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
  if (text.size() != kForm.size()) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool is_digit = std::isxdigit(static_cast<unsigned char>(text[i])) != 0;
    if (kForm[i] == 'x' ? !is_digit : text[i] != '-') return false;
  }
  return true;
}

bool is_setting_name(std::string_view name) {
  bool is_start = true;
  for (const char c : name) {
    const bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
    const bool is_other = (c >= '0' && c <= '9') || c == '$' || c == '.';
    if (!is_letter && (is_start || !is_other)) return false;
    is_start = c == '.';
  }
  return !is_start;
}

std::string lower_case(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lower;
}

}  // namespace weir::rules
