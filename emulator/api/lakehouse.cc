#include "emulator/api/lakehouse.h"

#include <algorithm>
#include <charconv>

#include "emulator/api/resource_name.h"

namespace emulator {
namespace {

constexpr const char* kRoot = "unity/";
constexpr const char* kDocument = "unity_catalog";
/// Whoever puts tables here stands outside of the service's identities.
constexpr const char* kOwner = "admins";
constexpr const char* kChangeDataFeed = "delta.enableChangeDataFeed";

/// "decimal(10,2)" → "decimal" and "(10,2)".
std::pair<std::string, std::string> split_type(const std::string& type) {
  const std::size_t open = std::min(type.find_first_of("(<"), type.size());
  return {type.substr(0, open), type.substr(open)};
}

bool has_precision(const std::string& arguments) {
  const std::regex form(R"(\([0-9]{1,2}(, *[0-9]{1,2})?\))");
  return std::regex_match(arguments, form);
}

Row unity_row(World& world, const std::string& full_name, const std::string& kind) {
  Row row{.name = unity_row_name(full_name), .kind = kind, .parent = ""};
  row.parent = row.name.substr(0, row.name.rfind('/'));
  row.shown["name"] = last_segment(row.name);
  row.shown["full_name"] = full_name;
  row.shown["owner"] = kOwner;
  row.shown["created_at"] = unity_time(world.clock.now());
  row.shown["updated_at"] = unity_time(world.clock.now());
  return row;
}

/// The parts of a DECIMAL's type text, "decimal(10,2)".
void show_precision(const std::string& type, Json& column) {
  const std::string arguments = split_type(type).second;
  int precision = 10;
  int scale = 0;
  if (!arguments.empty()) {
    const char* end = arguments.data() + arguments.size();
    const auto first = std::from_chars(arguments.data() + 1, end, precision);
    const char* rest = first.ptr;
    while (rest < end && (*rest == ',' || *rest == ' ')) ++rest;
    std::from_chars(rest, end, scale);
  }
  column["type_precision"] = precision;
  column["type_scale"] = scale;
}

Json shown_columns(const std::vector<SourceColumn>& columns) {
  Json shown = Json::array();
  for (const SourceColumn& column : columns) {
    Json line = {{"name", column.name},
                 {"type_name", column.type_name},
                 {"type_text", column.type},
                 {"nullable", column.is_nullable},
                 {"position", shown.size()}};
    if (column.type_name == "DECIMAL") show_precision(column.type, line);
    if (!column.comment.empty()) line["comment"] = column.comment;
    shown.push_back(std::move(line));
  }
  return shown;
}

Row table_row(World& world, const std::string& full_name, const std::string& id) {
  const auto parts = name_parts(full_name, 3);
  Row row = unity_row(world, full_name, "unity_table");
  row.shown["catalog_name"] = parts->at(0);
  row.shown["schema_name"] = parts->at(1);
  row.shown["table_id"] = id;
  return row;
}

Json constraints_of(const SourceTable& table) {
  const std::string name = table.full_name.substr(table.full_name.rfind('.') + 1);
  return Json::array({{{"primary_key_constraint",
                        {{"name", name + "_pk"}, {"child_columns", table.primary_key}}}}});
}

void require_parent(const World& world, const std::string& full_name) {
  const std::size_t dot = full_name.rfind('.');
  if (dot != std::string::npos) require_in_unity(world, full_name.substr(0, dot));
}

}  // namespace

std::optional<std::vector<std::string>> name_parts(const std::string& full_name,
                                                   std::size_t count) {
  std::vector<std::string> parts;
  std::size_t start = 0;
  while (start <= full_name.size()) {
    const std::size_t dot = std::min(full_name.find('.', start), full_name.size());
    parts.push_back(full_name.substr(start, dot - start));
    start = dot + 1;
  }
  const bool is_whole = std::none_of(parts.begin(), parts.end(), [](const std::string& part) {
    return part.empty() || part.find('/') != std::string::npos;
  });
  if (parts.size() != count || !is_whole) return std::nullopt;
  return parts;
}

std::string unity_row_name(const std::string& full_name) {
  std::string path = full_name;
  std::replace(path.begin(), path.end(), '.', '/');
  return kRoot + path;
}

std::optional<Row> find_in_unity(const World& world, const std::string& full_name) {
  return world.store.find(unity_row_name(full_name));
}

Row require_in_unity(const World& world, const std::string& full_name) {
  require_parent(world, full_name);
  auto row = find_in_unity(world, full_name);
  if (row) return *std::move(row);
  const auto depth = std::count(full_name.begin(), full_name.end(), '.');
  const char* error = depth == 0   ? "unity_catalog_not_found"
                      : depth == 1 ? "unity_schema_not_found"
                                   : "unity_table_not_found";
  throw world.contract.problem(error, {{"name", full_name}});
}

std::optional<SourceColumn> read_column_type(const World& world, const std::string& type) {
  std::string text = type;
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  const auto [name, arguments] = split_type(text);
  for (const Json& line : world.contract.document(kDocument).at("types")) {
    if (text_at(line, "type") != name) continue;
    const std::string form = text_at(line, "arguments");
    const bool is_nested = form == "types" && arguments.size() > 2 && arguments.front() == '<' &&
                           arguments.back() == '>';
    const bool is_sized = form == "precision" && has_precision(arguments);
    if (!arguments.empty() && !is_nested && !is_sized) return std::nullopt;
    if (form == "types" && !is_nested) return std::nullopt;
    std::string postgres = text_at(line, "postgres");
    if (is_sized) postgres += arguments;
    return SourceColumn{
        .name = "", .type = text, .type_name = text_at(line, "type_name"), .postgres = postgres};
  }
  return std::nullopt;
}

void put_catalog(World& world, const std::string& name, const std::string& type) {
  if (find_in_unity(world, name)) return;
  Row row = unity_row(world, name, "unity_catalog");
  row.parent = "unity";
  row.shown["catalog_type"] = type;
  row.shown["securable_type"] = "CATALOG";
  row.shown["provisioning_info"] = {{"state", "ACTIVE"}};
  world.store.put(row);
}

void put_schema(World& world, const std::string& full_name) {
  if (find_in_unity(world, full_name)) return;
  Row row = unity_row(world, full_name, "unity_schema");
  row.shown["catalog_name"] = full_name.substr(0, full_name.find('.'));
  row.shown["schema_id"] = world.ids.uuid();
  world.store.put(row);
}

void put_table(World& world, const SourceTable& table) {
  put_catalog(world, table.full_name.substr(0, table.full_name.find('.')), kStandardCatalog);
  put_schema(world, table.full_name.substr(0, table.full_name.rfind('.')));
  const auto before = find_in_unity(world, table.full_name);
  if (before && before->hidden.contains("rows") && to_source_table(world, *before) == table) return;
  Row row = before ? *before : table_row(world, table.full_name, world.ids.uuid());
  row.shown["table_type"] = "MANAGED";
  row.shown["data_source_format"] = "DELTA";
  row.shown["updated_at"] = unity_time(world.clock.now());
  row.shown["columns"] = shown_columns(table.columns);
  row.shown["properties"] = Json::object();
  if (table.has_change_data_feed) row.shown["properties"][kChangeDataFeed] = "true";
  row.shown.erase("table_constraints");
  if (!table.primary_key.empty()) row.shown["table_constraints"] = constraints_of(table);
  row.hidden["version"] = before ? before->hidden.at("version").get<std::int64_t>() + 1 : 0;
  row.hidden["commit_time"] = to_text(world.clock.now());
  row.hidden["rows"] = table.rows;
  world.store.put(row);
}

void put_unity_table(World& world, const UnityTable& entry) {
  put_schema(world, entry.full_name.substr(0, entry.full_name.rfind('.')));
  Row row = table_row(world, entry.full_name, entry.table_id);
  row.shown["owner"] = entry.owner;
  row.shown["table_type"] = entry.table_type;
  row.shown["data_source_format"] = entry.format;
  row.shown["columns"] = entry.columns;
  row.shown["properties"] = Json::object();
  if (!entry.pipeline_id.empty()) row.shown["pipeline_id"] = entry.pipeline_id;
  world.store.put(row);
}

SourceTable to_source_table(const World& world, const Row& row) {
  SourceTable table{.full_name = text_at(row.shown, "full_name"),
                    .columns = {},
                    .primary_key = {},
                    .has_change_data_feed = row.shown.at("properties").contains(kChangeDataFeed),
                    .rows = row.hidden.at("rows")};
  for (const Json& line : row.shown.at("columns")) {
    auto column = read_column_type(world, text_at(line, "type_text"));
    if (!column) continue;
    column->name = text_at(line, "name");
    column->is_nullable = flag_at(line, "nullable");
    column->comment = text_at(line, "comment");
    table.columns.push_back(*std::move(column));
  }
  const auto constraints = row.shown.find("table_constraints");
  if (constraints != row.shown.end()) {
    constraints->at(0).at("primary_key_constraint").at("child_columns").get_to(table.primary_key);
  }
  return table;
}

std::int64_t unity_time(Instant time) {
  return time.seconds * 1000 + time.nanoseconds / 1'000'000;
}

}  // namespace emulator
