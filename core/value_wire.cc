// From canonical values to request bodies, and from answers to canonical values.
#include <algorithm>
#include <map>

#include "core/address.h"
#include "core/units.h"
#include "core/value.h"

namespace weir {
namespace {

constexpr const char* kSuperuserRole = "DATABRICKS_SUPERUSER";

std::string_view wire_choice(const Choice& choice) {
  return choice.wire.empty() ? choice.name : choice.wire;
}

void put_choice(Document& body, const Field& field, const std::string& name) {
  for (const Choice& choice : field.choices) {
    if (choice.name != name || choice.is_never_sent) continue;
    set_path(body, field.sent_as, std::string(wire_choice(choice)));
  }
}

/// A value that this version does not know stays as the service spells it.
std::string choice_of_wire(const Field& field, const std::string& wire) {
  for (const Choice& choice : field.choices) {
    if (wire_choice(choice) == wire) return std::string(choice.name);
  }
  return wire;
}

std::string member(const Field& field, std::string_view name) {
  return std::string(field.sent_as) + "." + std::string(name);
}

void put_expiry(Document& body, const Field& field, const Document& value) {
  if (value.contains("never")) return set_path(body, member(field, "no_expiry"), true);
  const char* name = value.contains("ttl") ? "ttl" : "expire_time";
  set_path(body, member(field, name), value.at(name));
}

void put_suspension(Document& body, const Field& field, const Document& value) {
  if (value == "never") return set_path(body, member(field, "no_suspension"), true);
  set_path(body, member(field, "suspend_timeout_duration"), value);
}

Document tag_list(const Document& tags) {
  Document list = Document::array();
  for (const auto& [key, value] : tags.items()) list.push_back({{"key", key}, {"value", value}});
  return list;
}

Document flag_object(const Field& field, const Document& names) {
  Document object = Document::object();
  for (const Choice& choice : field.choices) {
    const std::string name(choice.name);
    object[std::string(wire_choice(choice))] =
        std::find(names.begin(), names.end(), name) != names.end();
  }
  return object;
}

Document column_types_list(const Field& field, const Document& types) {
  Document list = Document::array();
  for (const auto& [column, text] : types.items()) {
    const auto type = read_sized_type(text.get_ref<const std::string&>());
    if (!type) continue;  // read_value has refused it
    Document entry = {{"column_name", column}};
    for (const Choice& choice : field.choices) {
      if (choice.name == type->name) entry["pg_type"] = std::string(wire_choice(choice));
    }
    entry["size"] = type->size;
    list.push_back(std::move(entry));
  }
  return list;
}

Document columns_list(const Document& columns) {
  Document list = Document::array();
  for (const auto& [column, what] : columns.items()) {
    list.push_back({{"column_name", column},
                    {"column_type", what.at("type")},
                    {"compute", what.at("compute")},
                    {"maintenance", "STORED_GENERATED"}});
  }
  return list;
}

/// Where there is one membership at most, its absence says that there is none.
void put_superuser(Document& body, const Field& field, bool is_superuser) {
  if (field.is_single) {
    if (is_superuser) set_path(body, field.sent_as, kSuperuserRole);
    return;
  }
  set_path(body, field.sent_as,
           is_superuser ? Document::array({kSuperuserRole}) : Document::array());
}

Document days_of(const Document& value) {
  const auto duration = parse_duration(value.get<std::string>());
  return duration ? Document(std::chrono::floor<std::chrono::days>(*duration).count()) : value;
}

constexpr std::string_view kInstances = "instances/";

/// The segments of "instances/legacy/databases/orders" that are names.
Document instance_database(const std::string& name) {
  const std::size_t end = std::min(name.find('/', kInstances.size()), name.size());
  return {
      {"instance_name", unescape_segment(name.substr(kInstances.size(), end - kInstances.size()))},
      {"database_name", unescape_segment(name.substr(name.rfind('/') + 1))}};
}

Document postgres_resource(const Document& entry) {
  const std::string branch = text_at(entry, "branch");
  if (!branch.empty()) return {{"branch", branch}};
  const std::string database = text_at(entry, "database");
  return {{"branch", database.substr(0, database.rfind("/databases/"))}, {"database", database}};
}

/// As the list of an app's resources has it.
Document wire_binding(const Document& entry) {
  Document wire = {{"name", entry.at("resource_key")}};
  if (entry.contains("description")) wire["description"] = entry.at("description");
  const bool is_of_instance = text_at(entry, "database").starts_with(kInstances);
  Document resource =
      is_of_instance ? instance_database(text_at(entry, "database")) : postgres_resource(entry);
  resource["permission"] = entry.at("permission");
  wire[is_of_instance ? "database" : "postgres"] = std::move(resource);
  return wire;
}

Document bindings_list(const Document& entries) {
  Document list = Document::array();
  for (const Document& entry : entries) list.push_back(wire_binding(entry));
  return list;
}

// ---- from answers ----------------------------------------------------------------------------

Document canonical_duration(const Document& shown) {
  const auto duration = shown.is_string() ? parse_duration(shown.get<std::string>()) : std::nullopt;
  return duration ? Document(wire_duration(*duration)) : shown;
}

Document duration_of_days(const Document& shown) {
  constexpr std::int64_t kMostDays = 100'000;
  const bool is_count = shown.is_number_integer() && shown >= 0 && shown <= kMostDays;
  return is_count ? Document(wire_duration(std::chrono::days(shown.get<std::int64_t>()))) : shown;
}

Document canonical_timestamp(const Document& shown) {
  const auto instant = shown.is_string() ? parse_timestamp(shown.get<std::string>()) : std::nullopt;
  return instant ? Document(timestamp_text(*instant)) : shown;
}

/// An expiration shows as a time; its distance from the creation is the lifetime.
Document observe_expiry(const Document& resource, const Document* shown) {
  if (shown == nullptr || !shown->is_string()) return {{"never", true}};
  const auto expiry = parse_timestamp(shown->get<std::string>());
  if (!expiry) return {{"expire_time", *shown}};
  Document value = {{"expire_time", timestamp_text(*expiry)}};
  const auto creation = parse_timestamp(text_at(resource, "create_time"));
  if (creation && *expiry >= *creation) value["ttl"] = wire_duration(*expiry - *creation);
  return value;
}

Document observe_suspension(const Document* shown) {
  if (shown == nullptr || *shown == "0s") return "never";
  return canonical_duration(*shown);
}

Document sorted_texts(const std::map<std::string, std::string>& texts) {
  Document sorted = Document::object();
  for (const auto& [key, value] : texts) sorted[key] = value;
  return sorted;
}

Document observe_tags(const Document* shown) {
  std::map<std::string, std::string> tags;
  if (shown != nullptr && shown->is_array()) {
    for (const Document& tag : *shown) tags[text_at(tag, "key")] = text_at(tag, "value");
  }
  return sorted_texts(tags);
}

Document observe_settings(const Document* shown) {
  std::map<std::string, std::string> settings;
  if (shown != nullptr && shown->is_object()) {
    for (const auto& [key, value] : shown->items()) {
      settings[key] = value.is_string() ? value.get<std::string>() : to_text(value);
    }
  }
  return sorted_texts(settings);
}

Document observe_group(const Document* shown) {
  const bool is_group = shown != nullptr && shown->is_object();
  const Document* size = is_group ? at_path(*shown, "max") : nullptr;
  return {{"size", size != nullptr && size->is_number() ? *size : Document(1)},
          {"readable_secondaries", is_group && flag_at(*shown, "enable_readable_secondaries")}};
}

Document observe_flags(const Field& field, const Document* shown) {
  std::vector<std::string> names;
  for (const Choice& choice : field.choices) {
    if (shown != nullptr && flag_at(*shown, wire_choice(choice))) names.emplace_back(choice.name);
  }
  std::sort(names.begin(), names.end());
  return names;
}

Document observe_column_types(const Field& field, const Document& shown) {
  std::map<std::string, std::string> sorted;
  for (const Document& entry : shown.is_array() ? shown : Document::array()) {
    const Document* size = at_path(entry, "size");
    std::string type = choice_of_wire(field, text_at(entry, "pg_type"));
    if (size != nullptr && size->is_number_integer() && *size > 0) {
      type += "(" + to_text(*size) + ")";
    }
    sorted[text_at(entry, "column_name")] = std::move(type);
  }
  Document types = Document::object();
  for (auto& [column, type] : sorted) types[column] = std::move(type);
  return types;
}

Document observe_columns(const Document& shown) {
  std::map<std::string, Document> sorted;
  for (const Document& entry : shown.is_array() ? shown : Document::array()) {
    sorted[text_at(entry, "column_name")] = {{"type", text_at(entry, "column_type")},
                                             {"compute", text_at(entry, "compute")}};
  }
  Document columns = Document::object();
  for (auto& [column, what] : sorted) columns[column] = std::move(what);
  return columns;
}

/// The name of the first member that says what an entry is.
std::string sort_of(const Document& entry) {
  for (const auto& [key, value] : entry.items()) {
    if (key != "name" && key != "description") return key;
  }
  return "nothing";
}

Document observed_binding(const Document& shown) {
  Document entry = {{"resource_key", text_at(shown, "name")}};
  const std::string instance = text_at(shown, "database.instance_name");
  const std::string database = text_at(shown, "postgres.database");
  const std::string branch = text_at(shown, "postgres.branch");
  if (!instance.empty()) {
    entry["database"] = std::string(kInstances) + escape_segment(instance) + "/databases/" +
                        escape_segment(text_at(shown, "database.database_name"));
  } else if (!database.empty()) {
    entry["database"] = database;
  } else if (!branch.empty()) {
    entry["branch"] = branch;
  } else {
    entry["other"] = sort_of(shown);
    return entry;
  }
  entry["permission"] =
      text_at(shown, instance.empty() ? "postgres.permission" : "database.permission");
  const std::string description = text_at(shown, "description");
  if (!description.empty()) entry["description"] = description;
  return entry;
}

Document observe_bindings(const Document* shown) {
  std::map<std::string, Document> sorted;
  const Document none = Document::array();
  for (const Document& entry : shown != nullptr && shown->is_array() ? *shown : none) {
    if (entry.is_object()) sorted[text_at(entry, "name")] = observed_binding(entry);
  }
  Document entries = Document::array();
  for (auto& [key, entry] : sorted) entries.push_back(std::move(entry));
  return entries;
}

/// What somebody wants of an entry; the rest of it is as it is. An empty text shows as none.
bool has_all_of(const Document& observed, const Document& wanted) {
  for (const auto& [key, value] : wanted.items()) {
    const auto found = observed.find(key);
    const bool is_so = found == observed.end() ? value == "" : *found == value;
    if (!is_so) return false;
  }
  return true;
}

bool is_superuser(const Document* shown) {
  if (shown != nullptr && shown->is_string()) return *shown == kSuperuserRole;
  return shown != nullptr && shown->is_array() &&
         std::find(shown->begin(), shown->end(), kSuperuserRole) != shown->end();
}

/// An access control list as the permissions API answers it; inherited entries are nobody's wish.
Document observe_permissions(const Document* shown) {
  std::map<std::string, Document> sorted;
  const Document none = Document::array();
  for (const Document& entry : shown != nullptr && shown->is_array() ? *shown : none) {
    for (const char* principal : {"group", "service_principal", "user"}) {
      const std::string name = text_at(entry, std::string(principal) + "_name");
      const Document* levels = at_path(entry, "all_permissions");
      if (name.empty() || levels == nullptr || !levels->is_array()) continue;
      for (const Document& level : *levels) {
        if (flag_at(level, "inherited")) continue;
        sorted[std::string(principal) + ":" + name] = {
            {principal, name}, {"level", text_at(level, "permission_level")}};
      }
    }
  }
  Document entries = Document::array();
  for (auto& [key, entry] : sorted) entries.push_back(std::move(entry));
  return entries;
}

/// Where to look: in `spec` when the service sends one, else where the kind says.
const Document* find_shown(const Field& field, const Document& resource) {
  if (!field.sent_as.empty() && resource.contains("spec")) {
    if (const Document* sent = at_path(resource, field.sent_as)) return sent;
  }
  return at_path(resource, field.observed_at);
}

}  // namespace

void put_value(Document& body, const Field& field, const Document& value, const NameOf& name_of) {
  switch (field.type) {
    case Type::kExpiry:
      return put_expiry(body, field, value);
    case Type::kSuspension:
      return put_suspension(body, field, value);
    case Type::kChoice:
      return put_choice(body, field, value.get<std::string>());
    case Type::kReference:
      return set_path(body, field.sent_as, name_of(field, value.get<std::string>()));
    case Type::kTags:
      return set_path(body, field.sent_as, tag_list(value));
    case Type::kGroup:
      return set_path(body, field.sent_as,
                      {{"min", value.at("size")},
                       {"max", value.at("size")},
                       {"enable_readable_secondaries", value.at("readable_secondaries")}});
    case Type::kFlags:
      return set_path(body, field.sent_as, flag_object(field, value));
    case Type::kSuperuser:
      return put_superuser(body, field, value.get<bool>());
    case Type::kDays:
      return set_path(body, field.sent_as, days_of(value));
    case Type::kColumnTypes:
      return set_path(body, field.sent_as, column_types_list(field, value));
    case Type::kColumns:
      return set_path(body, field.sent_as, columns_list(value));
    case Type::kBindings:
      return set_path(body, field.sent_as, bindings_list(value));
    default:
      return set_path(body, field.sent_as, value);
  }
}

Document observe_value(const Field& field, const Document& resource,
                       const CanonicalOf& canonical_of) {
  if (field.observed_at.empty()) return nullptr;
  // The oneofs are sent under an object but shown at one place.
  if (field.type == Type::kExpiry) {
    return observe_expiry(resource, at_path(resource, field.observed_at));
  }
  if (field.type == Type::kSuspension) {
    return observe_suspension(at_path(resource, field.observed_at));
  }
  const Document* shown = find_shown(field, resource);
  if (field.may_be_hidden && (shown == nullptr || shown->is_null())) return nullptr;
  switch (field.type) {
    case Type::kTags:
      return observe_tags(shown);
    case Type::kSettings:
      return observe_settings(shown);
    case Type::kGroup:
      return observe_group(shown);
    case Type::kFlags:
      return observe_flags(field, shown);
    case Type::kSuperuser:
      return is_superuser(shown);
    case Type::kPermissions:
      return observe_permissions(shown);
    case Type::kBindings:
      return observe_bindings(shown);
    case Type::kBoolean:
      return shown != nullptr && shown->is_boolean() && shown->get<bool>();
    default:
      break;
  }
  if (shown == nullptr || shown->is_null()) return nullptr;
  if (field.type == Type::kColumnTypes) return observe_column_types(field, *shown);
  if (field.type == Type::kColumns) return observe_columns(*shown);
  if (field.type == Type::kDuration) return canonical_duration(*shown);
  if (field.type == Type::kDays) return duration_of_days(*shown);
  if (field.type == Type::kTimestamp) return canonical_timestamp(*shown);
  if (!shown->is_string()) return *shown;
  if (field.type == Type::kChoice) return choice_of_wire(field, shown->get<std::string>());
  if (field.type == Type::kReference) return canonical_of(field, shown->get<std::string>());
  return *shown;
}

bool is_in_force(const Field& field, const Document& wanted, const Document& observed) {
  if (field.type == Type::kExpiry) {
    if (wanted.contains("never") || observed.contains("never")) {
      return wanted.contains("never") && observed.contains("never");
    }
    const char* form = wanted.contains("ttl") ? "ttl" : "expire_time";
    return observed.contains(form) && observed.at(form) == wanted.at(form);
  }
  if (field.type == Type::kPermissions) {
    // Principals that the manifest does not name are left alone.
    return std::all_of(wanted.begin(), wanted.end(), [&](const Document& entry) {
      return std::find(observed.begin(), observed.end(), entry) != observed.end();
    });
  }
  if (field.type == Type::kBindings) {
    return std::all_of(wanted.begin(), wanted.end(), [&](const Document& entry) {
      const Document* found = binding_under(observed, text_at(entry, "resource_key"));
      return found != nullptr && has_all_of(*found, entry);
    });
  }
  return wanted == observed;
}

const Document* binding_under(const Document& list, const std::string& key) {
  for (const Document& entry : list) {
    if (text_at(entry, "resource_key") == key) return &entry;
  }
  return nullptr;
}

std::string target_of_binding(const Document& entry) {
  const std::string database = text_at(entry, "database");
  return database.empty() ? text_at(entry, "branch") : database;
}

}  // namespace weir
