#include "manifest/export_apart.h"

#include <algorithm>

#include <fmt/format.h>

#include "core/address.h"
#include "core/value.h"

namespace weir {
namespace {

constexpr const char* kPipelineId = "pipeline.id";

/// "projects/shop/branches/dev" and the name inside Postgres; an instance's is called like that
/// too.
std::string key_of_database(const std::string& container, const std::string& name) {
  return container + " " + name;
}

std::string container_of(const Observed& database) {
  return database.name.substr(0, database.name.rfind("/databases/"));
}

std::string text_of_field(const Observed& observed, const char* field) {
  const auto value = observed.fields.find(field);
  return value != observed.fields.end() && value->is_string() ? value->get<std::string>() : "";
}

/// "crm" and "customers" of "synced_tables/shop.crm.customers", and "shop".
struct TableName {
  std::string catalog;
  std::string schema;
  std::string table;
};

TableName name_of_copy(const Observed& copy) {
  const std::string name = unescape_segment(copy.name.substr(copy.name.find('/') + 1));
  const std::size_t first = std::min(name.find('.'), name.size());
  const std::size_t second = std::min(name.find('.', first + 1), name.size());
  return {.catalog = name.substr(0, first),
          .schema = name.substr(std::min(first + 1, name.size()), second - first - 1),
          .table = name.substr(std::min(second + 1, name.size()))};
}

}  // namespace

ApartOfDatabases::ApartOfDatabases(const Observations& observations,
                                   std::vector<std::string>& left_out) {
  const auto each_of = [&](std::string_view sort, auto call) {
    for (const auto& [name, observed] : observations.all()) {
      if (observed.kind->is_a(sort) && !observed.is_deleted()) call(observed);
    }
  };
  each_of("catalog", [&](const Observed& catalog) { take_catalog(catalog); });
  each_of("synced_table",
          [&](const Observed& copy) { ++of_pipelines_[text_of_field(copy, kPipelineId)]; });
  each_of("synced_table", [&](const Observed& copy) { take_copy(copy, left_out); });
  each_of("cdf_config", [&](const Observed& feed) { take_feed(feed, left_out); });
}

void ApartOfDatabases::take_catalog(const Observed& catalog) {
  const std::string name = unescape_segment(catalog.name.substr(catalog.name.find('/') + 1));
  const std::string instance = text_of_field(catalog, "instance");
  const std::string container =
      instance.empty() ? text_of_field(catalog, "branch") : "instances/" + escape_segment(instance);
  const std::string key = key_of_database(container, text_of_field(catalog, "database"));
  registered_[name] = key;
  by_database_[key]["catalog"] = {{"name", name}};
}

Document ApartOfDatabases::fields_of_copy(const Observed& copy) const {
  Document fields = Document::object();
  for (const Field& field : copy.kind->fields) {
    const auto value = copy.fields.find(field.name);
    const bool is_shown = value != copy.fields.end() && !field.observed_at.empty();
    if (!is_shown || field.is_derived || value->empty()) continue;
    // A pipeline of its own goes with the table.
    if (field.name == kPipelineId && of_pipelines_.at(value->get<std::string>()) < 2) continue;
    set_path(fields, field.name, written_value(field, *value));
  }
  return fields;
}

/// Without what must be said it cannot be declared.
bool ApartOfDatabases::tell_what_is_hidden(const Observed& observed,
                                           std::vector<std::string>& left_out) {
  const auto hidden = std::ranges::find_if(observed.kind->fields, [&](const Field& field) {
    return field.is_required && !observed.fields.contains(field.name);
  });
  if (hidden == observed.kind->fields.end()) return false;
  left_out.push_back(fmt::format("{}: the service does not show its {}; declare it by hand",
                                 observed.name, hidden->name));
  return true;
}

void ApartOfDatabases::take_copy(const Observed& copy, std::vector<std::string>& left_out) {
  const TableName name = name_of_copy(copy);
  const auto database = registered_.find(name.catalog);
  if (database == registered_.end() || tell_what_is_hidden(copy, left_out)) return;
  by_database_[database->second]["schemas"][name.schema]["synced_tables"][name.table] =
      fields_of_copy(copy);
}

void ApartOfDatabases::take_feed(const Observed& feed, std::vector<std::string>& left_out) {
  if (tell_what_is_hidden(feed, left_out)) return;
  const std::string schema = text_of_field(feed, "postgres_schema");
  const std::string id = feed.name.substr(feed.name.rfind('/') + 1);
  Document fields = {{"catalog", text_of_field(feed, "catalog")},
                     {"schema", text_of_field(feed, "schema")}};
  if (id != schema) fields["id"] = id;
  // Below the name of the database, which is an id.
  by_database_[feed.name.substr(0, feed.name.rfind("/cdf-configs/"))]["schemas"][schema]["cdf"] =
      std::move(fields);
}

Document ApartOfDatabases::below(const Observed& database) {
  Document all = Document::object();
  for (const std::string& key :
       {key_of_database(container_of(database), database.postgres_name), database.name}) {
    const auto found = by_database_.find(key);
    if (found == by_database_.end()) continue;
    written_.insert(key);
    all.merge_patch(found->second);
  }
  return all;
}

std::vector<std::string> ApartOfDatabases::left_out() const {
  std::vector<std::string> reasons;
  for (const auto& [key, content] : by_database_) {
    if (written_.contains(key)) continue;
    const std::string catalog = text_at(content, "catalog.name");
    reasons.push_back(fmt::format("{}: its database, {}, is not written, nor what is copied there",
                                  catalog.empty() ? "a change data feed" : "the catalog " + catalog,
                                  key));
  }
  return reasons;
}

}  // namespace weir
