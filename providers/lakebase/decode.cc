#include "providers/lakebase/decode.h"

#include <array>
#include <charconv>

#include <fmt/format.h>

#include "core/address.h"
#include "core/value.h"
#include "providers/http/problem.h"

namespace weir {
namespace {

/// Where answers show how things are.
constexpr std::array<std::string_view, 2> kStatuses = {"status", "data_synchronization_status"};

/// Members of it that people want to see and that no field has.
constexpr std::array<std::string_view, 14> kFacts = {
    "pending_state",
    "expire_time",
    "logical_size_bytes",
    "synthetic_storage_size_bytes",
    "branch_logical_size_limit_bytes",
    "last_active_time",
    "compute_last_active_time",
    "owner",
    "default",
    "hosts",
    "source_branch",
    "message",
    "pipeline_id",
    "url",
};

/// The hosts of resources that have no status.
constexpr std::array<std::pair<std::string_view, const char*>, 2> kPlainHosts = {
    {{"read_write_dns", "host"}, {"read_only_dns", "read_only_host"}}};

/// What answers show of apps beside their status.
constexpr std::array<std::string_view, 2> kFactsOfApps = {"url", "service_principal_client_id"};

/// Large numbers may come as texts.
Document whole_number(const Document& shown) {
  if (!shown.is_string()) return shown;
  const std::string text = shown.get<std::string>();
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool is_number = error == std::errc() && end == text.data() + text.size() && !text.empty();
  return is_number ? Document(number) : shown;
}

/// The times of a branch's deletion stand in its status, those of a project beside it.
std::string time_at(const Document& resource, const std::string& name) {
  const std::string time = text_at(resource, name);
  return time.empty() ? text_at(resource, "status." + name) : time;
}

void add_status(const Document& status, Document& facts) {
  for (const std::string_view name : kFacts) {
    const Document* value = at_path(status, name);
    if (value == nullptr || value->is_null()) continue;
    facts[std::string(name)] = name.ends_with("_bytes") ? whole_number(*value) : *value;
  }
}

/// Lists of which only some entries are ours are changed as a whole, as they stand.
void add_facts_of_app(const Kind& kind, const Document& resource, Document& facts) {
  for (const std::string_view name : kFactsOfApps) {
    const Document* value = at_path(resource, name);
    if (value != nullptr && value->is_string()) facts[std::string(name)] = *value;
  }
  for (const Field& field : kind.fields) {
    if (field.type != Type::kBindings) continue;
    const Document* list = at_path(resource, field.observed_at);
    if (list != nullptr && list->is_array()) facts[std::string(field.observed_at)] = *list;
  }
}

Document facts_of(const Kind& kind, const Document& resource) {
  Document facts = Document::object();
  const Document* state =
      at_path(resource, kind.state_at.empty() ? kind.api->state_at : kind.state_at);
  if (state != nullptr && !state->is_null()) facts["current_state"] = *state;
  for (const auto& [shown, name] : kPlainHosts) {
    const Document* host = kind.api->is_plain ? at_path(resource, shown) : nullptr;
    if (host != nullptr && !host->is_null()) facts["hosts"][name] = *host;
  }
  if (kind.is_foreign) add_facts_of_app(kind, resource, facts);
  for (const std::string_view place : kStatuses) {
    const auto status = resource.find(place);
    if (status != resource.end()) add_status(*status, facts);
  }
  return facts;
}

std::string postgres_name_of(const Kind& kind, const Document& resource) {
  if (kind.postgres_name_at.empty()) return "";
  std::string name = text_at(resource, kind.postgres_name_at);
  if (!name.empty()) return name;
  const std::string_view leaf = kind.postgres_name_at.substr(kind.postgres_name_at.find('.') + 1);
  return text_at(resource, "spec." + std::string(leaf));
}

/// Whether `name` is directly in the collection.
bool is_member(const std::string& name, const std::string& collection) {
  return name.size() > collection.size() + 1 && name.starts_with(collection + "/") &&
         name.find('/', collection.size() + 1) == std::string::npos;
}

}  // namespace

std::string name_of(const Kind& kind, const std::string& collection, const Document& resource) {
  std::string name = text_at(resource, "name");
  return kind.api->is_plain && !name.empty() ? collection + "/" + escape_segment(name) : name;
}

Observed decode(const Kind& kind, const Document& resource, const std::string& name) {
  const std::string collection = name.substr(0, name.rfind('/'));
  const std::string own_name = name_of(kind, collection, resource);
  Observed observed = {.kind = &kind,
                       .name = own_name.empty() ? name : own_name,
                       .postgres_name = postgres_name_of(kind, resource),
                       .uid = text_at(resource, "uid"),
                       .create_time = text_at(resource, kind.api->create_time_at),
                       .update_time = text_at(resource, "update_time"),
                       .delete_time = time_at(resource, "delete_time"),
                       .purge_time = time_at(resource, "purge_time"),
                       .facts = facts_of(kind, resource)};
  const CanonicalOf canonical_of = [&](const Field& /*field*/, const std::string& remote) {
    return kind.api->is_plain ? collection + "/" + remote : remote;
  };
  for (const Field& field : kind.fields) {
    if (field.observed_at.empty()) continue;
    // Of what was deleted answers may show no more than that; elsewhere absence has a meaning.
    if (observed.is_deleted() && at_path(resource, field.observed_at) == nullptr) continue;
    Document value = observe_value(field, resource, canonical_of);
    if (field.type == Type::kInteger) value = whole_number(value);
    if (field.may_be_hidden && value == "") continue;
    if (!value.is_null()) observed.fields[std::string(field.name)] = std::move(value);
  }
  return observed;
}

std::variant<std::vector<Observed>, std::string> decode_page(const Kind& kind,
                                                             const std::string& collection,
                                                             const Document& page) {
  std::vector<Observed> members;
  const Document* list = at_path(page, kind.list_key());
  // An empty collection may have no list at all.
  if (list == nullptr || list->is_null()) return members;
  if (!list->is_array()) return fmt::format("\"{}\" is not a list", kind.collection);
  for (const Document& resource : *list) {
    Observed member = decode(kind, resource, kind.api->is_plain ? collection + "/" : "");
    if (!is_member(member.name, collection)) {
      return fmt::format("a member is called \"{}\"", http::tame(member.name));
    }
    members.push_back(std::move(member));
  }
  return members;
}

}  // namespace weir
