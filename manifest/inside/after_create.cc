#include "manifest/inside/after_create.h"

#include <algorithm>

#include <fmt/format.h>

#include "manifest/manifest_rules.h"
#include "sql/index_text.h"

namespace weir::inside {
namespace {

std::vector<sql::IndexText> read_indexes(const Node& value, const Part& table) {
  std::vector<sql::IndexText> indexes;
  for (const Node* text : names_of(value)) {
    const std::string problem = sql::problem_with_index(text->text);
    if (problem.empty()) {
      indexes.push_back(sql::read_index(text->text));
    } else {
      table.subject.complain(rule::kValue, text->place,
                             fmt::format("after_create.indexes: {}", problem),
                             "for example \"create index on {table} (sku)\"");
    }
  }
  std::sort(indexes.begin(), indexes.end());
  indexes.erase(std::unique(indexes.begin(), indexes.end()), indexes.end());
  return indexes;
}

std::vector<sql::ColumnComment> read_columns(const Node& columns) {
  std::vector<sql::ColumnComment> comments;
  for (const Entry& entry : columns.entries) {
    const bool is_comment = entry.value.is_scalar() && !entry.value.is_null();
    if (is_comment) comments.push_back({.column = entry.key, .text = entry.value.text});
  }
  std::sort(comments.begin(), comments.end());
  return comments;
}

void read_table(const Entry& entry, const std::string& schema, const Part& table,
                Reading& reading) {
  const WrittenWords words = read_words("schema.after_create", entry.value, table.subject);
  sql::AfterCreateWish wish = {.tag = reading.tag(table.address, entry.place),
                               .schema = schema,
                               .table = table.address.key()};
  if (const Node* indexes = words.value("indexes")) {
    wish.indexes = read_indexes(*indexes, table);
  }
  if (const Node* comment = words.value("comment")) wish.comment = comment->text;
  if (const Node* columns = words.value("columns")) wish.columns = read_columns(*columns);
  reading.wish(reading.inside.wishes.after_create, std::move(wish));
}

const Entry* entry_of(const Node& map, std::string_view key) {
  const auto found = std::ranges::find(map.entries, key, &Entry::key);
  return found == map.entries.end() ? nullptr : &*found;
}

}  // namespace

void read_after_create(const Node& tables, const Part& schema, Reading& reading) {
  for (const Entry& entry : tables.entries) {
    if (!entry.value.is_map() || entry.key.empty()) continue;
    const Part table = reading.part_at(schema.address.child("after_create", entry.key));
    read_table(entry, schema.address.key(), table, reading);
  }
}

void read_synced_tables(const Node& tables, const Node* after_create, const Part& schema,
                        Reading& reading) {
  for (const Entry& member : tables.entries) {
    const Entry* entry = member.value.is_map() ? entry_of(member.value, "after_create") : nullptr;
    if (entry == nullptr || member.key.empty()) continue;
    const Part table = reading.part_at(schema.address.child("synced_tables", member.key));
    if (!check_form(*find_word("synced_table.after_create"), *entry, table.subject)) continue;
    if (after_create != nullptr && entry_of(*after_create, member.key) != nullptr) {
      table.subject.complain(
          rule::kExactlyOne, entry->place,
          fmt::format("after_create of {} stands here and in its schema", member.key),
          "keep one of them");
      continue;
    }
    read_table(*entry, schema.address.key(), table, reading);
  }
}

}  // namespace weir::inside
