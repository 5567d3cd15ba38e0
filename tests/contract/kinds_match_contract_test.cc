// Compares our tables of kinds with the contract that the emulator was given by somebody else.
// Each disagreement is a row; one that the reference explains stands in known() with its reason.
#include <fstream>
#include <iterator>
#include <map>
#include <set>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "core/value.h"
#include "providers/lakebase/kinds.h"

namespace weir {
namespace {

using Rows = std::set<std::string>;

constexpr const char* kMadeByItself =
    "its database is declared around it, and so is its schema: they are there by then";
constexpr const char* kOthersApp = "databricks-platform.md 8: whoever deploys the app says it";
constexpr const char* kOneSdkAlone = "lakebase-api-provisioned.md 1: only one of the SDKs has it";
/// The SDK's text and what was seen of the service disagree; service-rules.md says to read both.
constexpr const char* kReadBoth =
    "the SDK says that most of spec comes back and nobody has seen it: read where it would be";

/// Disagreements that stay, with the line of the reference that explains them.
const std::map<std::string, std::string>& known() {
  static const std::map<std::string, std::string> reasons = {
      {"database.postgres_database: fixed for us, changeable in the contract",
       "a database is found by this name, so another name is another database to us"},
      {"project.default_endpoint.suspend_after: spec.default_endpoint_settings.no_suspension is "
       "shown as status.default_endpoint_settings.no_suspension, we look at "
       "status.default_endpoint_settings.suspend_timeout_duration",
       "the absence of a timeout says the same, whether or not the service echoes the flag"},
      {"project.initial_branch_spec: sent by nobody",
       "create only; weir sends the same to the branch itself after the project is there"},
      {"project.initial_endpoint_spec: sent by nobody",
       "create only; weir sends the same to the endpoint itself after the project is there"},
      {"catalog.spec.create_database_if_missing: sent by nobody", kMadeByItself},
      {"instance_catalog.create_database_if_not_exists: sent by nobody", kMadeByItself},
      {"synced_table.spec.create_database_objects_if_missing: sent by nobody", kMadeByItself},
      {"instance_synced_table.spec.create_database_objects_if_missing: sent by nobody",
       kMadeByItself},
      {"app.description: sent by nobody", kOthersApp},
      {"instance_synced_table.spec.extra_columns: sent by nobody", kOneSdkAlone},
      {"instance_synced_table.spec.new_pipeline_spec.pipeline_channel: sent by nobody",
       kOneSdkAlone},
      {"synced_table.branch: spec.branch is no output", kReadBoth},
      {"synced_table.database: spec.postgres_database is no output", kReadBoth},
      {"synced_table.extra_columns: spec.extra_columns is no output", kReadBoth},
      {"synced_table.from: spec.source_table_full_name is no output", kReadBoth},
      {"synced_table.mode: spec.scheduling_policy is no output", kReadBoth},
      {"synced_table.primary_key: spec.primary_key_columns is no output", kReadBoth},
      {"synced_table.timeseries_key: spec.timeseries_key is no output", kReadBoth},
      {"synced_table.type_overrides: spec.type_overrides is no output", kReadBoth},
  };
  return reasons;
}

/// The contract speaks of the older API as its reference does.
std::string_view name_in_contract(std::string_view kind) {
  if (kind == "instance_catalog") return "database_catalog";
  return kind == "instance_synced_table" ? "synced_database_table" : kind;
}

Document contract_of(std::string_view kind) {
  std::ifstream file(fmt::format("{}/{}.json", CONTRACT_FOLDER, name_in_contract(kind)));
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  return parse_document(text).value();
}

/// The contract's fields of one direction, by path.
std::map<std::string, Document> fields_of(const Document& contract, const char* flow) {
  std::map<std::string, Document> fields;
  for (const Document& field : contract.at("fields")) {
    if (text_at(field, "flow") == flow) fields[text_at(field, "path")] = field;
  }
  return fields;
}

/// Values of every form that a field can take.
std::vector<Document> samples(const Field& field) {
  switch (field.type) {
    case Type::kBoolean:
    case Type::kSuperuser:
      return {true};
    case Type::kInteger:
    case Type::kNumber:
      return {1};
    case Type::kDuration:
      return {"60s"};
    case Type::kTimestamp:
      return {"2026-01-01T00:00:00Z"};
    case Type::kTags:
    case Type::kSettings:
      return {{{"a", "b"}}};
    case Type::kExpiry:
      return {{{"never", true}}, {{"ttl", "60s"}}, {{"expire_time", "2026-01-01T00:00:00Z"}}};
    case Type::kSuspension:
      return {"never", "60s"};
    case Type::kGroup:
      return {{{"size", 2}, {"readable_secondaries", true}}};
    case Type::kFlags: {
      Document all = Document::array();
      for (const Choice& choice : field.choices) all.push_back(std::string(choice.name));
      return {all};
    }
    case Type::kNames:
      return {Document::array({"x"})};
    case Type::kBindings:
      return {Document::array({{{"resource_key", "x"},
                                {"database", "instances/a/databases/b"},
                                {"permission", "CAN_CONNECT_AND_CREATE"}}})};
    case Type::kColumnTypes: {
      Document all = Document::object();
      for (const Choice& choice : field.choices) {
        const std::string name(choice.name);
        all[name] = name + "(3)";
      }
      return {all};
    }
    case Type::kColumns:
      return {{{"column", {{"type", "text"}, {"compute", "1"}}}}};
    case Type::kChoice: {
      std::vector<Document> all;
      for (const Choice& choice : field.choices) all.emplace_back(std::string(choice.name));
      return all;
    }
    default:
      return {"x"};
  }
}

/// Paths of what a body says, down to those that the contract names.
void collect_leaves(const Document& body, const std::string& path,
                    const std::map<std::string, Document>& inputs,
                    std::map<std::string, Document>& leaves) {
  const auto input = inputs.find(path);
  const bool is_named = input != inputs.end() && text_at(input->second, "type") != "object";
  if (!body.is_object() || is_named) {
    leaves[path] = body;
    return;
  }
  for (const auto& [key, value] : body.items()) {
    collect_leaves(value, path.empty() ? key : fmt::format("{}.{}", path, key), inputs, leaves);
  }
}

std::map<std::string, Document> leaves_of(const Field& field,
                                          const std::map<std::string, Document>& inputs) {
  std::map<std::string, Document> leaves;
  for (const Document& sample : samples(field)) {
    Document body = Document::object();
    put_value(body, field, sample, [](const Field&, const std::string& value) { return value; });
    collect_leaves(body, "", inputs, leaves);
  }
  return leaves;
}

bool is_value_of(const Document& input, const Document& value) {
  const Document* values = at_path(input, "values");
  return values == nullptr || !value.is_string() ||
         std::find(values->begin(), values->end(), value) != values->end();
}

/// Whether a mask of ours covers what the contract wants masked: itself or a path above it.
bool is_covered(std::string_view mask, const std::string& wanted) {
  return wanted == mask || wanted.starts_with(std::string(mask) + ".");
}

void compare_sent(const Kind& kind, const Field& field,
                  const std::map<std::string, Document>& inputs, Rows& rows, Rows& reached) {
  const std::string subject = fmt::format("{}.{}", kind.name, field.name);
  for (const auto& [path, value] : leaves_of(field, inputs)) {
    const auto input = inputs.find(path);
    if (input == inputs.end()) {
      rows.insert(fmt::format("{}: {} is no input", subject, path));
      continue;
    }
    reached.insert(path);
    const std::string mask = text_at(input->second, "mask");
    const bool is_fixed = flag_at(input->second, "immutable") || mask.empty();
    if (is_fixed && field.on_change == OnChange::kUpdate) {
      rows.insert(subject + ": changeable for us, fixed in the contract");
    }
    if (!is_fixed && field.on_change == OnChange::kReplace) {
      rows.insert(subject + ": fixed for us, changeable in the contract");
    }
    if (field.on_change == OnChange::kUpdate && !mask.empty() && !is_covered(field.mask(), mask)) {
      rows.insert(fmt::format("{}: masked as {}, in the contract {}", subject, field.mask(), mask));
    }
    if (!is_value_of(input->second, value)) {
      rows.insert(fmt::format("{}: {} is no value of {}", subject, to_text(value), path));
    }
    const std::string shown = text_at(input->second, "shown_as");
    if (!shown.empty() && !is_covered(field.observed_at, shown)) {
      rows.insert(fmt::format("{}: {} is shown as {}, we look at {}", subject, path, shown,
                              field.observed_at));
    }
  }
}

/// Where there is no status, what is sent may be shown as it is.
bool is_shown_as_sent(const std::map<std::string, Document>& inputs, const std::string& path) {
  const auto input = inputs.find(path);
  return input != inputs.end() && text_at(input->second, "shown_as") == path;
}

void compare_shown(const Kind& kind, const Field& field,
                   const std::map<std::string, Document>& inputs,
                   const std::map<std::string, Document>& outputs, Rows& rows) {
  if (field.observed_at.empty()) return;
  const std::string path(field.observed_at);
  if (outputs.contains(path) || is_shown_as_sent(inputs, path)) return;
  rows.insert(fmt::format("{}.{}: {} is no output", kind.name, field.name, path));
}

/// What can be changed by the API and by no field of ours.
void compare_unreached(const Kind& kind, const std::map<std::string, Document>& inputs,
                       const Rows& reached, Rows& rows) {
  for (const auto& [path, input] : inputs) {
    // Parts of a list are masked and sent with it.
    const bool is_container =
        text_at(input, "type") == "object" || path.find("[]") != std::string::npos;
    const auto below = reached.lower_bound(path + ".");
    const bool has_reached =
        reached.contains(path) || (below != reached.end() && below->starts_with(path + "."));
    const std::string top = path.substr(0, path.find('.'));
    if (!has_reached && !is_container) {
      rows.insert(fmt::format("{}.{}: sent by nobody", kind.name, top == "spec" ? path : top));
    }
  }
}

void compare_kind(const Kind& kind, const Document& contract, Rows& rows) {
  const auto say = [&](const char* what) { rows.insert(fmt::format("{}: {}", kind.name, what)); };
  if (text_at(contract, "collection") != kind.request_key()) say("another collection");
  if (text_at(contract, "parent") != (kind.is_apart ? "" : kind.container())) say("another parent");
  if (text_at(contract, "id.parameter") != kind.id_parameter) say("another id parameter");
  for (const Document& method : contract.at("methods")) {
    if (text_at(method, "method") != "delete") continue;
    if (flag_at(method, "soft") != kind.is_deleted_softly) say("deleted in another way");
  }
}

TEST(Kinds, AgreeWithTheContractOfTheEmulator) {
  Rows rows;
  for (const Kind* kind : lakebase_catalogue().kinds()) {
    if (kind->identity == Identity::kSingleton) continue;  // another API, with a shape of its own
    if (!kind->is_made_by_requests()) continue;            // a list in the contract of its parent
    const Document contract = contract_of(kind->name);
    const auto inputs = fields_of(contract, "input");
    const auto outputs = fields_of(contract, "output");
    Rows reached;
    if (kind->api->is_plain) reached.emplace(kind->id_parameter);
    compare_kind(*kind, contract, rows);
    for (const Field& field : kind->fields) {
      if (field.on_change == OnChange::kLocal) continue;
      compare_sent(*kind, field, inputs, rows, reached);
      compare_shown(*kind, field, inputs, outputs, rows);
    }
    compare_unreached(*kind, inputs, reached, rows);
  }
  for (const std::string& row : rows) {
    EXPECT_TRUE(known().contains(row)) << row;
  }
  for (const auto& [row, reason] : known()) {
    EXPECT_TRUE(rows.contains(row)) << "no longer true: " << row;
  }
}

TEST(Kinds, TakeTheLevelsOfTheContract) {
  const Document contract = contract_of("permissions");
  Document levels = Document::array();
  for (const Choice& choice : kPermissionsOfProject.fields[0].choices) {
    levels.push_back(std::string(choice.name));
  }
  Document theirs = Document::array();
  for (const Document& level : contract.at("levels")) {
    theirs.push_back(level.is_string() ? level : level.at("level"));
  }
  EXPECT_EQ(levels, theirs);
}

}  // namespace
}  // namespace weir
