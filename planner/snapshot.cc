#include "planner/snapshot.h"

#include <algorithm>
#include <ranges>
#include <set>
#include <unordered_map>

#include "core/value.h"
#include "planner/bindings.h"
#include "planner/identify.h"
#include "planner/inside_view.h"
#include "sql/wishes_document.h"

namespace weir {
namespace {

/// Roles and databases are known by their names inside Postgres, everything else by its id.
std::string id_of(const Kind& kind, const Record& record) {
  if (kind.identity == Identity::kSingleton) return "";
  if (!has_postgres_name(kind)) return record.remote_name.substr(record.remote_name.rfind('/') + 1);
  for (const Field& field : kind.fields) {
    if (field.observed_at == kind.postgres_name_at) {
      return text_at(record.fields, std::string(field.name));
    }
  }
  return "";
}

/// Otherwise an apply only learnt what the service says of what an earlier one had brought along.
bool changes_something(const HistoryEntry& entry) {
  if (!entry.before || !entry.after || !entry.before->uid.empty()) return true;
  Record before = *entry.before;
  before.remote_name = entry.after->remote_name;
  before.uid = entry.after->uid;
  before.create_time = entry.after->create_time;
  return before != *entry.after;
}

/// Whose entries are an apply's own, not what it found out of an earlier one.
bool has_carried_out(const Run& run) {
  return run.outcome.empty() || run.outcome == outcome::kComplete ||
         run.outcome == outcome::kIncomplete;
}

/// Runs that know of what others did.
std::set<std::string_view> clerks_of(const std::vector<Run>& runs) {
  std::set<std::string_view> clerks;
  for (const Run& run : runs) {
    const bool is_one = run.outcome == outcome::kForgotten || run.outcome == outcome::kUnlocked;
    if (is_one) clerks.insert(run.id);
  }
  return clerks;
}

bool is_inside_of(const std::set<Address>& containers, const Address& address) {
  for (Address above = address.parent(); !above.is_root(); above = above.parent()) {
    if (containers.contains(above)) return true;
  }
  return false;
}

class Declaring {
 public:
  Declaring(const Records& records, const Catalogue& catalogue)
      : records_(records), catalogue_(catalogue) {
    for (const auto& [address, record] : records) names_.emplace(record.remote_name, address);
  }

  std::vector<Declaration> declarations() const {
    std::vector<Declaration> all;
    for (const auto& [address, record] : records_) {
      const Kind* kind = catalogue_.find(record.kind);
      if (kind != nullptr) all.push_back(declaration_of(record, *kind));
    }
    return all;
  }

 private:
  Declaration declaration_of(const Record& record, const Kind& kind) const {
    Declaration declaration = {
        .address = record.address,
        .kind = &kind,
        .id = id_of(kind, record),
        .remote_parent = parent_of_name(record.remote_name),
        .fields = record.fields,
        .lifecycle = {.protect = record.is_protected, .on_remove = record.on_remove},
        .is_made_in_sql = text_at(record.fields, "auth_method") == "no_login"};
    for (const Field& field : kind.fields) {
      if (field.type == Type::kBindings) refer_to_bound(declaration, field);
      const auto target = target_of(field, record);
      if (target)
        declaration.references.push_back({.field = std::string(field.name), .target = *target});
    }
    return declaration;
  }

  /// Entries name what they lead to as the service does; declarations have addresses.
  void refer_to_bound(Declaration& declaration, const Field& field) const {
    const auto entries = declaration.fields.find(field.name);
    if (entries == declaration.fields.end()) return;
    for (Document& entry : *entries) {
      const auto target = address_of(target_of_binding(entry));
      if (!target) continue;
      entry[entry.contains("database") ? "database" : "branch"] = target->text();
      declaration.references.push_back({.field = std::string(field.name), .target = *target});
    }
  }

  /// What a reference means, where that is remembered as well: its value stands in the fields.
  std::optional<Address> target_of(const Field& field, const Record& record) const {
    const Document& value = value_of(record.fields, field);
    if (field.type != Type::kReference || !value.is_string()) return std::nullopt;
    const Kind* kind = catalogue_.find(field.refers_to);
    const std::string name = value.get<std::string>();
    if (kind == nullptr) return std::nullopt;
    if (!has_postgres_name(*kind)) return address_of(name);
    const std::string parent = parent_of_name(record.remote_name);
    for (const auto& [address, other] : records_) {
      const bool is_namesake = other.kind == kind->name && id_of(*kind, other) == name &&
                               parent_of_name(other.remote_name) == parent;
      if (is_namesake) return address;
    }
    return std::nullopt;
  }

  std::optional<Address> address_of(const std::string& name) const {
    const auto found = names_.find(name);
    return found == names_.end() ? std::nullopt : std::optional<Address>(found->second);
  }

  const Records& records_;
  const Catalogue& catalogue_;
  std::unordered_map<std::string, Address> names_;  ///< by remote name
};

/// What was wanted inside, with roles by their names inside Postgres.
std::vector<Inside> insides_of(const Records& records) {
  std::vector<Inside> insides;
  for (const auto& [address, record] : records) {
    const Document* document =
        record.kind == inside_kind().name ? at_path(record.fields, "wishes") : nullptr;
    const auto wishes = document == nullptr ? std::nullopt : sql::read_wishes(*document);
    if (!wishes) continue;
    Inside inside = {.address = address.parent(), .wishes = *wishes};
    if (const Document* ends = at_path(record.fields, "schema_ends")) {
      for (const auto& [schema, end] : ends->items()) {
        inside.schema_ends[schema] = {.on_remove = text_at(end, "on_remove"),
                                      .protect = flag_at(end, "protect")};
      }
    }
    insides.push_back(std::move(inside));
  }
  return insides;
}

}  // namespace

std::optional<std::int64_t> serial_before_last_apply(const std::vector<HistoryEntry>& all,
                                                     const std::vector<Run>& runs) {
  std::vector<HistoryEntry> history;
  std::ranges::copy_if(all, std::back_inserter(history), changes_something);
  std::set<std::string_view> applies;
  std::string_view last;
  for (std::size_t at = 0; at + 1 < runs.size(); ++at) {
    if (!has_carried_out(runs[at])) continue;
    last = runs[at].id;
    applies.insert(last);
  }
  const std::set<std::string_view> clerks = clerks_of(runs);
  std::size_t begin = history.size();
  std::size_t at = history.size();
  for (; at > 0 && !applies.contains(history[at - 1].run); --at) {
    if (!clerks.contains(history[at - 1].run)) begin = at - 1;
  }
  // What was found out is of the last apply, which may have recorded nothing by itself.
  const bool is_found_only = begin < history.size() && (at == 0 || history[at - 1].run != last);
  if (at == 0 && !is_found_only) return std::nullopt;
  if (!is_found_only) {
    const auto first = std::ranges::find(history, history[at - 1].run, &HistoryEntry::run);
    begin = static_cast<std::size_t>(first - history.begin());
  }
  return begin == 0 ? 0 : history[begin - 1].serial;
}

/// Of a list that others have entries in as well only those are kept that stood there; whether it
/// is about such a list and others are to go.
static bool keep_entries(Record& known, const HistoryEntry& first, const Catalogue& catalogue) {
  const Kind* kind = catalogue.find(known.kind);
  const Field* field = kind == nullptr ? nullptr : bindings_in(*kind);
  if (field == nullptr) return false;
  if (first.action != "adopt" || !first.after) return true;
  Document ours = Document::array();
  for (const Document& entry : value_of(known.fields, *field)) {
    const std::string key = text_at(entry, "resource_key");
    if (binding_under(value_of(first.after->fields, *field), key) == nullptr) ours.push_back(entry);
  }
  known.fields[std::string(field->name)] = std::move(ours);
  return !known.fields[std::string(field->name)].empty();
}

Records records_at(std::int64_t serial, Records now, const std::vector<HistoryEntry>& history) {
  for (const HistoryEntry& entry : std::views::reverse(history)) {
    if (entry.serial <= serial) break;
    if (entry.before) {
      now[entry.address] = *entry.before;
    } else {
      now.erase(entry.address);
    }
  }
  return now;
}

void keep_what_was_taken_over(Records& now, std::int64_t serial,
                              const std::vector<HistoryEntry>& history,
                              const Catalogue& catalogue) {
  std::set<Address> seen;
  std::set<Address> made;
  for (const HistoryEntry& entry : history) {
    if (entry.serial <= serial || !seen.insert(entry.address).second || entry.before) continue;
    const bool is_ours = entry.action == "create" || entry.action == "undelete";
    const auto known = now.find(entry.address);
    if (is_ours || is_inside_of(made, entry.address)) {
      made.insert(entry.address);
    } else if (known != now.end() && !keep_entries(known->second, entry, catalogue)) {
      known->second.on_remove = "keep";
    }
  }
}

void add_what_came_along(Records& then, const Records& now, const Catalogue& catalogue) {
  for (const auto& [address, record] : now) {
    const Kind* kind = catalogue.find(record.kind);
    if (kind == nullptr || then.contains(address) || !then.contains(address.parent())) continue;
    const std::string key = record.remote_name.substr(record.remote_name.rfind('/') + 1);
    const bool is_implied = std::ranges::find(kind->implied, key) != kind->implied.end();
    if (is_implied) then.emplace(address, record);
  }
}

Manifest manifest_of(const Records& records, const Catalogue& catalogue, const std::string& name,
                     const std::string& environment) {
  Manifest manifest;
  manifest.name = name;
  manifest.environment = environment;
  manifest.declarations = Declaring(records, catalogue).declarations();
  manifest.insides = insides_of(records);
  return manifest;
}

}  // namespace weir
