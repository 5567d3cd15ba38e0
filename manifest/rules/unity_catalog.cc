// Databases that are registered in Unity Catalog, and tables that are copied from there.
#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "manifest/rules/rule.h"

namespace weir::rules {
namespace {

constexpr std::size_t kParts = 3;

bool is_name(std::string_view text) {
  return !text.empty() && std::ranges::none_of(text, [](char c) {
    return c == '.' || c == '/' || c == '\x7f' || (c >= 0 && c <= ' ');
  });
}

/// "main.crm.customers"
bool is_table_name(std::string_view text) {
  std::size_t parts = 0;
  for (std::size_t start = 0; start <= text.size(); ++parts) {
    const std::size_t end = std::min(text.find('.', start), text.size());
    if (!is_name(text.substr(start, end - start))) return false;
    start = end + 1;
  }
  return parts == kParts;
}

void check_source(const Declaration& table, const Scene&, Findings& findings) {
  const std::string source = text_of(table, "from");
  if (source.empty() || is_table_name(source)) return;
  findings.push_back(finding(table, "from",
                             fmt::format("from: \"{}\" is no table of Unity Catalog", source),
                             "write CATALOG.SCHEMA.TABLE"));
}

void check_own_name(const Declaration& table, const Scene&, Findings& findings) {
  // Without a name another mistake was told already.
  if (table.id.empty() || is_table_name(table.id) || table.id == table.address.key()) return;
  findings.push_back(finding(
      table, "uc_name",
      fmt::format("\"{}\" cannot be its name in Unity Catalog: that has three parts without "
                  "dots, slashes and blanks",
                  table.id),
      "choose another key, or another name for its schema or catalog"));
}

void check_lengths(const Declaration& table, const Scene& scene, Findings& findings) {
  const double most = scene.limits.number("postgres_name_bytes_maximum");
  for (const std::string& name : {table.address.key(), table.address.parent().key()}) {
    if (static_cast<double>(name.size()) <= most) continue;
    findings.push_back(finding(
        table, "",
        fmt::format("\"{}\" has {} bytes; Postgres cuts names after {}", name, name.size(), most),
        "choose a shorter one"));
  }
}

/// The service can make a pipeline by itself only in a regular catalog.
void check_pipeline(const Declaration& table, const Scene&, Findings& findings) {
  const bool is_elsewhere = table.fields.contains("uc_name");
  const bool has_pipeline =
      table.fields.contains("pipeline.id") || table.fields.contains("pipeline.storage_catalog");
  if (is_elsewhere || has_pipeline || table.id.find('.') == std::string::npos) return;
  const std::string share = text_of(table, "pipeline.share");
  findings.push_back(
      finding(table, "", "its pipeline has nowhere to keep its data: its catalog is a database",
              share.empty()
                  ? "add pipeline: { storage_catalog: main, storage_schema: SCHEMA }, or "
                    "pipeline.id"
                  : fmt::format("add storage_catalog and storage_schema to pipelines.{}", share)));
}

void check_catalog_name(const Declaration& catalog, const Scene&, Findings& findings) {
  const std::string name = text_of(catalog, "name");
  if (name.empty() || is_name(name)) return;
  findings.push_back(
      finding(catalog, "name",
              fmt::format("name: \"{}\" cannot be that of a catalog: it has a dot, a "
                          "slash or a blank",
                          name),
              "write a name of letters, digits, - and _"));
}

/// The first that is declared of each name.
std::map<std::string, const Declaration*> catalogs_of(const Scene& scene) {
  std::map<std::string, const Declaration*> catalogs;
  for (const Declaration& each : scene.manifest.declarations) {
    if (each.kind->is_a("catalog") && !each.id.empty()) catalogs.emplace(each.id, &each);
  }
  return catalogs;
}

void check_storage(const Scene& scene, Findings& findings) {
  const auto catalogs = catalogs_of(scene);
  if (catalogs.empty()) return;
  for (const Declaration& table : scene.manifest.declarations) {
    const std::string storage = text_of(table, "pipeline.storage_catalog");
    const auto catalog = catalogs.find(storage);
    if (catalog == catalogs.end()) continue;
    findings.push_back(
        finding(table, "pipeline.storage_catalog",
                fmt::format("pipeline.storage_catalog: {} is the database {}, and pipelines keep "
                            "what they need in a regular catalog",
                            storage, catalog->second->address.parent().text()),
                "name a catalog that is none of a database, such as main"));
  }
}

/// Within one generation a name that is there twice is told of like any other.
void check_generations(const Scene& scene, Findings& findings) {
  const auto catalogs = catalogs_of(scene);
  for (const Declaration& each : scene.manifest.declarations) {
    if (!each.kind->is_a("catalog") || each.id.empty()) continue;
    const Declaration& first = *catalogs.at(each.id);
    if (first.kind == each.kind) continue;
    findings.push_back(finding(each, "name",
                               fmt::format("name: {} is the catalog of {} already", each.id,
                                           first.address.parent().text()),
                               "give one of them another name"));
  }
}

/// The declared database of the same name in the branch that `database` begins as a copy of.
const Declaration* source_of(const Declaration& database, const Scene& scene) {
  const Declaration* branch = scene.index.parent_of(database);
  const Reference* from = branch == nullptr ? nullptr : reference_of(*branch, "from");
  if (from == nullptr) return nullptr;
  return scene.index.find(from->target.child("databases", database.address.key()));
}

void check_inherited(const Declaration& catalog, const Scene& scene, Findings& findings) {
  const Declaration* database = scene.index.parent_of(catalog);
  if (database == nullptr || database->kind->api->is_plain) return;
  const Declaration* source = source_of(*database, scene);
  if (source == nullptr) return;
  if (scene.index.find(source->address.singleton("catalog")) == nullptr) return;
  findings.push_back(finding(
      catalog, "name",
      fmt::format("the branch inherits the registration of {}, so that the service refuses another "
                  "one of the same database",
                  source->address.text()),
      "register one of the two, or give this branch a database of another name"));
}

void check_number(const Scene& scene, Findings& findings) {
  const double most = scene.limits.number("synced_tables_per_source");
  std::map<std::string, double> counts;
  for (const Declaration& each : scene.manifest.declarations) {
    if (!each.kind->is_a("synced_table")) continue;
    const std::string source = text_of(each, "from");
    if (++counts[source] != most + 1) continue;
    findings.push_back(finding(
        each, "from",
        fmt::format("from: {} has more synced tables than the {} that one may have", source, most),
        or_override("let some of them share a copy", "synced_tables_per_source")));
  }
}

void check_rows(const Declaration& api, const Scene&, Findings& findings) {
  const Document* rows = value_of(api, "max_rows");
  if (rows == nullptr || rows->get<std::int64_t>() > 0) return;
  findings.push_back(
      finding(api, "max_rows",
              fmt::format("max_rows {}: an answer has one row at least", rows->get<std::int64_t>()),
              "write 1 or more, or remove it for as many as there are"));
}

bool is_schema_name(std::string_view name) {
  constexpr std::size_t kLongest = 63;
  const auto is_letter = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  };
  return !name.empty() && name.size() <= kLongest && is_letter(name.front()) &&
         std::ranges::all_of(
             name, [&](char c) { return is_letter(c) || (c >= '0' && c <= '9') || c == '$'; });
}

void check_shown_schemas(const Declaration& api, const Scene& scene, Findings& findings) {
  for (const char* field : {"schemas", "extra_search_path"}) {
    const Document* schemas = value_of(api, field);
    if (schemas == nullptr) continue;
    const double most = scene.limits.number("data_api_schemas_maximum");
    if (static_cast<double>(schemas->size()) > most) {
      findings.push_back(finding(
          api, field,
          fmt::format("{} has {} schemas, over the maximum of {}", field, schemas->size(), most),
          "name those that programs need"));
    }
    for (const Document& name : *schemas) {
      if (is_schema_name(name.get<std::string>())) continue;
      findings.push_back(finding(
          api, field,
          fmt::format("{}: the Data API takes no schema \"{}\"", field, name.get<std::string>()),
          "its names have letters, digits, _ and $, begin with a letter or _, and have 63 of these "
          "at most"));
    }
  }
}

void check_feed(const Declaration& feed, const Scene&, Findings& findings) {
  constexpr std::size_t kLongest = 63;
  const bool is_right = !feed.id.empty() && feed.id.size() <= kLongest && feed.id.front() >= 'a' &&
                        feed.id.front() <= 'z' && std::ranges::all_of(feed.id, [](char c) {
                          return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
                        });
  if (is_right) return;
  findings.push_back(finding(feed, "",
                             fmt::format("\"{}\" cannot be the id of a change data feed", feed.id),
                             "give it one with id: lower-case letters, digits and _, beginning "
                             "with a letter, 63 at most"));
}

constexpr std::array kRules = {
    Rule{.id = "L164",
         .summary = "A synced table is a copy of a table with a name of three parts.",
         .source = "lakebase-api-autoscaling 5.7",
         .kind = "synced_table",
         .check = &check_source},
    Rule{.id = "L165",
         .summary = "A synced table has a name that Unity Catalog allows.",
         .source = "service-rules ID-9; its characters are inferred",
         .kind = "synced_table",
         .check = &check_own_name},
    Rule{.id = "L166",
         .summary = "A catalog has a name that Unity Catalog allows.",
         .source = "service-rules ID-9; its characters are inferred",
         .kind = "catalog",
         .check = &check_catalog_name},
    Rule{.id = "L167",
         .summary = "Pipelines keep what they need in a regular catalog.",
         .source = "service-rules S-3",
         .check_manifest = &check_storage},
    Rule{.id = "L168",
         .summary = "A catalog is one database, of whatever generation.",
         .source = "service-rules ID-12: inferred",
         .check_manifest = &check_generations},
    Rule{.id = "L169",
         .summary = "A branch inherits the registrations of its source.",
         .source = "service-rules C-2",
         .severity = Severity::kWarning,
         .kind = "catalog",
         .check = &check_inherited},
    Rule{.id = "L170",
         .summary = "A table is the source of no more synced tables than it may be.",
         .source = "service-rules Q-11",
         .severity = Severity::kWarning,
         .check_manifest = &check_number},
    Rule{.id = "L171",
         .summary = "An answer of the Data API may have rows.",
         .source = "service-rules F-20",
         .kind = "data_api",
         .check = &check_rows},
    Rule{.id = "L172",
         .summary = "The Data API shows schemas that it can name, and not too many.",
         .source = "service-rules ID-11, Q-10",
         .kind = "data_api",
         .check = &check_shown_schemas},
    Rule{.id = "L173",
         .summary = "A change data feed has an id of the service's form.",
         .source = "service-rules ID-8",
         .kind = "cdf_config",
         .check = &check_feed},
    Rule{.id = "L174",
         .summary =
             "A synced table in a registered database has a pipeline, or says where its data go.",
         .source = "lakebase-api-provisioned 10; of the newer API inferred",
         .severity = Severity::kWarning,
         .kind = "synced_table",
         .check = &check_pipeline},
    Rule{.id = "L175",
         .summary = "A synced table has a name that fits into Postgres.",
         .source = "service-rules ID-10",
         .kind = "synced_table",
         .check = &check_lengths},
};

}  // namespace

std::span<const Rule> unity_catalog_rules() {
  return kRules;
}

}  // namespace weir::rules
