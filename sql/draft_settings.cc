// What sessions of the database begin with.
#include <algorithm>

#include <fmt/format.h>

#include "sql/draft.h"
#include "sql/quote.h"
#include "sql/setting_value.h"

namespace weir::sql {
namespace {

bool is_setting_name(const std::string& name) {
  constexpr std::string_view kLetters =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.";
  return !name.empty() && name.front() != '.' && name.back() != '.' &&
         name.find("..") == std::string::npos &&
         name.find_first_not_of(kLetters) == std::string::npos;
}

/// The value that is set in just this place, or nothing.
std::optional<std::string> present_value(const Catalogue& world, RoleId role,
                                         const std::string& name) {
  for (const Setting& setting : world.settings) {
    const bool is_it =
        setting.role == role && setting.is_of_database && same_setting_name(setting.name, name);
    if (is_it) return setting.value;
  }
  return std::nullopt;
}

void draft_setting(Draft& draft, const SettingWish& wish) {
  const std::vector<Tag> tags = {wish.tag};
  if (!is_setting_name(wish.name)) {
    draft.find(FindingKind::kInvalidWish, tags,
               fmt::format("\"{}\" is no name of a setting", shown_name(wish.name)));
    return;
  }
  const auto role = wish.role ? draft.role(*wish.role, tags) : std::optional(kPublic);
  if (!role) return;
  const auto present = present_value(draft.world, *role, wish.name);
  const bool is_same = present.has_value() == wish.value.has_value() &&
                       (!present || same_setting_value(wish.name, *present, *wish.value));
  if (is_same) return;
  if (!wish.role) {
    const bool is_allowed = draft.obtain(Right::kActAs, draft.world.database_owner(), tags,
                                         "change settings of the database");
    if (!is_allowed) return;
  }
  const std::string subject = wish.role ? shown_name(*wish.role) : "the database";
  draft.add(
      Phase::kSettings,
      {.text = change_setting(draft.world.database, wish.role, wish.name, wish.value),
       .tags = tags,
       .why = fmt::format("{} of {} is {} instead of {}", wish.name, subject,
                          present ? *present : "not set", wish.value ? *wish.value : "not set"),
       .takes_away = !wish.value});
}

}  // namespace

void draft_settings(Draft& draft, const Wishes& wishes) {
  const auto wanted = each_once(draft, wishes.settings, "a setting", [](const SettingWish& wish) {
    return std::pair(wish.role, wish.name);
  });
  for (const auto& [place, wish] : wanted) draft_setting(draft, wish);
}

}  // namespace weir::sql
