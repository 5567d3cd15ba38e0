// What is wanted inside databases, one line for each wish, without its places.
#pragma once

#include <string>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "manifest/manifest.h"

namespace weir::test {

inline std::string shown(const sql::Grantee& grantee) {
  return grantee.is_public ? "PUBLIC" : grantee.role;
}

inline std::string shown(const sql::Target& target) {
  std::string text(target.is_all() ? sql::plural(target.object_class)
                                   : sql::noun(target.object_class));
  text += target.is_all() ? " in " : " ";
  if (!target.schema.empty()) text += target.schema + (target.is_all() ? "" : ".");
  if (!target.table.empty()) text += target.table + ".";
  return text + target.name;
}

inline std::string shown(sql::PrivilegeSet privileges) {
  return privileges.is_empty() ? "nothing" : sql::text_of(privileges);
}

inline std::string grant_option(bool is_grantable) {
  return is_grantable ? " with grant option" : "";
}

inline std::string flag(std::string_view name, std::optional<bool> value) {
  return value ? fmt::format(" {}={}", name, *value) : "";
}

inline std::string optional_text(std::string_view before, const std::optional<std::string>& text) {
  return text ? fmt::format(" {} {}", before, *text) : "";
}

/// Below the address that all tags of an inside begin with.
inline std::string short_tag(const Inside& inside, const sql::Tag& tag) {
  return tag.substr(std::min(tag.size(), inside.address.text().size() + 1));
}

inline std::string listed(const sql::FutureWish& wish) {
  return fmt::format(
      "later {} in {} of {}: {} has {}{}", sql::plural(wish.object_class), wish.schema,
      wish.creators.empty() ? "all" : fmt::format("{}", fmt::join(wish.creators, ", ")),
      shown(wish.grantee), shown(wish.privileges), grant_option(wish.is_grantable));
}

inline std::string listed(const sql::DefaultWish& wish) {
  return fmt::format("later {}{} of {}: {} has {}{}", sql::plural(wish.object_class),
                     optional_text("in", wish.schema), wish.creator, shown(wish.grantee),
                     shown(wish.privileges), grant_option(wish.is_grantable));
}

inline std::string listed(const sql::AccessWish& wish) {
  return fmt::format("{}: {} has {}{}{}", shown(wish.target), shown(wish.grantee),
                     shown(wish.privileges), grant_option(wish.is_grantable),
                     wish.target.is_all() && !wish.covers_future ? ", not later" : "");
}

inline std::string listed(const sql::ExclusiveWish& wish) {
  return fmt::format("{}: nobody else", shown(wish.target));
}

inline std::string listed(const sql::SchemaWish& wish) {
  return fmt::format("schema {}{}", wish.name, optional_text("owned by", wish.owner));
}

inline std::string listed(const sql::ExtensionWish& wish) {
  return fmt::format("extension {}{}{}", wish.name, optional_text("version", wish.version),
                     optional_text("in", wish.schema));
}

inline std::string listed(const sql::SettingWish& wish) {
  return fmt::format("setting {} = {}", wish.name, wish.value.value_or(""));
}

inline std::string listed(const sql::MembershipWish& wish) {
  return fmt::format("{} is a member of {}{}{}{}", wish.member, wish.role,
                     flag("admin", wish.is_admin), flag("inherit", wish.inherits),
                     flag("set", wish.can_set));
}

inline std::string listed(const PasswordWish& wish) {
  return fmt::format("{} has the password {}", wish.role, wish.variable);
}

inline std::string listed(const sql::AfterCreateWish& wish) {
  std::string text = fmt::format("table {}.{}", wish.schema, wish.table);
  for (const sql::IndexText& index : wish.indexes) {
    text += fmt::format(",{} index {}", index.is_unique ? " unique" : "", index.definition);
  }
  if (wish.comment) text += fmt::format(", comment {}", *wish.comment);
  for (const sql::ColumnComment& comment : wish.columns) {
    text += fmt::format(", {}: {}", comment.column, comment.text);
  }
  return text;
}

template <typename Wish>
std::string listed_all(const Inside& inside, const std::vector<Wish>& wishes) {
  std::string text;
  for (const Wish& wish : wishes) {
    text += fmt::format("  {}  [{}]\n", listed(wish), short_tag(inside, wish.tag));
  }
  return text;
}

inline std::string listed_wishes(const Inside& inside) {
  const sql::Wishes& wishes = inside.wishes;
  std::string text = listed_all(inside, wishes.memberships) + listed_all(inside, inside.passwords) +
                     listed_all(inside, wishes.schemas);
  for (const auto& [schema, end] : inside.schema_ends) {
    if (end.protect) text += fmt::format("  schema {} is protected\n", schema);
    if (end.on_remove.empty()) continue;
    text += fmt::format("  schema {} at its end: {}\n", schema, end.on_remove);
  }
  return text + listed_all(inside, wishes.extensions) + listed_all(inside, wishes.settings) +
         listed_all(inside, wishes.access) + listed_all(inside, wishes.exclusive) +
         listed_all(inside, wishes.future) + listed_all(inside, wishes.defaults) +
         listed_all(inside, wishes.after_create);
}

inline std::string listed(const Inside& inside) {
  std::string text = inside.address.text() + "\n" + listed_wishes(inside);
  for (const auto& [alias, address] : inside.roles) {
    text += fmt::format("  {} is {}\n", alias, address.text());
  }
  return text;
}

inline std::string listed_insides(const Manifest& manifest) {
  std::string text;
  for (const Inside& inside : manifest.insides) text += listed(inside);
  return text;
}

}  // namespace weir::test
