#include "manifest/inside/schemas.h"

#include <algorithm>

#include <fmt/format.h>

#include "manifest/inside/access.h"
#include "manifest/inside/after_create.h"
#include "manifest/manifest_rules.h"

namespace weir::inside {
namespace {

std::vector<std::string> read_creators(const Node& value, const Part& schema, Reading& reading) {
  std::vector<std::string> creators;
  const std::vector<const Node*> names = names_of(value);
  if (names.size() > kMostCreators) {
    schema.subject.complain(
        rule::kTooMany, value.place,
        fmt::format("created_by has {} roles; {} are allowed", names.size(), kMostCreators),
        "leave it away: then all who may create here are meant");
    return {};
  }
  for (const Node* name : names) {
    const auto role = reading.role(name->text, name->place, "created_by", schema.subject);
    if (role) creators.push_back(*role);
  }
  std::sort(creators.begin(), creators.end());
  creators.erase(std::unique(creators.begin(), creators.end()), creators.end());
  return creators;
}

SchemaEnd read_end(const Node* lifecycle, const Subject& subject) {
  if (lifecycle == nullptr) return {};
  const WrittenWords words = read_words("schema.lifecycle", *lifecycle, subject);
  return {.on_remove = words.text("on_remove"), .protect = words.flag("protect")};
}

void read_schema(const Entry& entry, const Part& schema, Reading& reading) {
  const std::string& name = entry.key;
  const WrittenWords words = read_words("schema", entry.value, schema.subject);
  sql::SchemaWish wish{.tag = reading.tag(schema.address, entry.place), .name = name};
  if (const Node* owner = words.value("owner")) {
    wish.owner = reading.role(owner->text, owner->place, "owner", schema.subject);
  }
  reading.inside.schema_ends.emplace(name, read_end(words.value("lifecycle"), schema.subject));
  reading.wish(reading.inside.wishes.schemas, std::move(wish));
  SchemaAccess about{.schema = name};
  if (const Node* creators = words.value("created_by")) {
    about.creators = read_creators(*creators, schema, reading);
  }
  if (const Node* access = words.value("access")) {
    read_schema_access(*access, about, schema, reading);
  }
  const Node* after_create = words.value("after_create");
  if (after_create != nullptr) read_after_create(*after_create, schema, reading);
  if (const Node* tables = words.value("synced_tables")) {
    read_synced_tables(*tables, after_create, schema, reading);
  }
  if (words.flag("exclusive")) {
    close_schema(words.find("exclusive")->place, name, schema, reading);
  }
}

}  // namespace

void read_schemas(const Node& schemas, const Part& database, Reading& reading) {
  for (const Entry& entry : schemas.entries) {
    if (!entry.value.is_map() || entry.key.empty()) continue;
    const Part schema = reading.part_at(database.address.child("schemas", entry.key));
    read_schema(entry, schema, reading);
  }
}

}  // namespace weir::inside
