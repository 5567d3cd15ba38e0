#include "manifest/inside/database.h"

#include <map>

#include <fmt/format.h>

#include "manifest/inside/access.h"
#include "manifest/inside/grants.h"
#include "manifest/inside/schemas.h"
#include "manifest/leftover.h"
#include "manifest/manifest_rules.h"

namespace weir::inside {
namespace {

std::optional<std::string> text_or_none(const WrittenWords& words, std::string_view key) {
  const Node* value = words.value(key);
  return value == nullptr ? std::nullopt : std::optional(value->text);
}

/// One item of `extensions`, which may be the name alone.
std::optional<sql::ExtensionWish> read_extension(const Node& item, const Subject& subject) {
  if (is_text(item)) return sql::ExtensionWish{.name = item.text};
  if (!item.is_map()) return std::nullopt;
  const WrittenWords words = read_words("database.extensions", item, subject);
  if (words.find("name") == nullptr) return std::nullopt;
  return sql::ExtensionWish{.name = words.text("name"),
                            .version = text_or_none(words, "version"),
                            .schema = text_or_none(words, "schema")};
}

void read_extensions(const Node& extensions, const Part& database, Reading& reading) {
  std::map<std::string, Place> seen;
  for (const Node& item : extensions.items) {
    std::optional<sql::ExtensionWish> wish = read_extension(item, database.subject);
    if (!wish) continue;
    const auto [first, is_new] = seen.emplace(wish->name, item.place);
    if (!is_new) {
      database.subject.complain(rule::kSameName, item.place,
                                fmt::format("the extension {} stands here twice", wish->name),
                                "remove one of them");
      continue;
    }
    wish->tag = reading.tag(database.address.child("extensions", wish->name), item.place);
    reading.wish(reading.inside.wishes.extensions, std::move(*wish));
  }
}

void read_settings(const Node& settings, const Part& database, Reading& reading) {
  for (const Entry& entry : settings.entries) {
    if (!entry.value.is_scalar() || entry.value.is_null()) continue;
    sql::SettingWish wish{.name = entry.key, .value = entry.value.text};
    wish.tag = reading.tag(database.address.child("settings", entry.key), entry.place);
    reading.wish(reading.inside.wishes.settings, std::move(wish));
  }
}

}  // namespace

void read_database(const WrittenWords& words, const Part& database, Reading& reading) {
  const auto read = [&](std::string_view key, const auto& reader) {
    if (const Node* value = words.value(key)) reader(*value, database, reading);
  };
  read("schemas", read_schemas);
  read("extensions", read_extensions);
  read("settings", read_settings);
  read("access", read_database_access);
  read("grants", read_grants);
  read("default_privileges", read_default_privileges);
  if (words.flag("exclusive")) {
    close_database(words.find("exclusive")->place, database, reading);
  }
}

}  // namespace weir::inside
