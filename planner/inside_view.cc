#include "planner/inside_view.h"

#include <algorithm>

#include "planner/identify.h"
#include "sql/wishes_document.h"

namespace weir {
namespace {

/// Deeper than any chain of branches that the service would keep.
constexpr int kLongestChain = 1000;
constexpr std::string_view kImpliedDatabase = "databricks_postgres";
/// The state of an endpoint that has to start before it answers.
constexpr std::string_view kAsleep = "IDLE";

/// A connection wakes an endpoint, but starts no instance.
std::string stop_of(const std::string& branch, const Observations& observations) {
  const Observed* instance = observations.find(branch);
  const bool is_stopped = instance != nullptr && flag_at(instance->fields, "stopped");
  return is_stopped ? "its instance is stopped" : "";
}

bool is_of_branch(const Inside& inside, const Manifest& manifest) {
  const Declaration* declaration = manifest.find(inside.address);
  return declaration != nullptr && declaration->kind->holds_databases;
}

/// The address of the branch whose roles the inside names.
Address branch_of(const Inside& inside, const Manifest& manifest) {
  return is_of_branch(inside, manifest) ? inside.address : inside.address.parent();
}

class Asking {
 public:
  Asking(const Manifest& manifest, const Records& records, const Observations& observations,
         const Catalogue& catalogue, Wake wake)
      : manifest_(manifest),
        records_(records),
        observations_(observations),
        catalogue_(catalogue),
        wake_(wake) {}

  std::optional<InsideQuestion> ask(const Inside& inside) const {
    const Declaration* branch = manifest_.find(branch_of(inside, manifest_));
    if (branch == nullptr) return std::nullopt;
    const std::string shown_by = branch_to_look_at(*branch);
    if (shown_by.empty()) return std::nullopt;
    const std::string database = database_to_look_at(shown_by, database_of(inside, manifest_));
    if (database.empty()) return std::nullopt;
    std::string asleep = stop_of(shown_by, observations_);
    if (asleep.empty() && !may_wake(inside)) {
      asleep = sleep_of(shown_by, observations_, catalogue_);
    }
    return InsideQuestion{.inside = inside.address,
                          .place = {.branch = shown_by, .database = database},
                          .asleep = std::move(asleep)};
  }

 private:
  bool is_there(const std::string& name) const {
    const Observed* observed = observations_.find(name);
    return observed != nullptr && !observed->is_deleted();
  }

  /// The branch itself, or the nearest that exists of those that it comes from; "" when none does.
  std::string branch_to_look_at(const Declaration& declaration) const {
    const Declaration* branch = &declaration;
    std::string name = branch->remote_name();
    for (int hop = 0; hop < kLongestChain && !is_there(name); ++hop) {
      // A point in time shows what was there then, which nobody can look into.
      const bool is_dated = branch->fields.contains("at") || branch->fields.contains("lsn");
      if (is_dated) return "";
      const Declaration* source = source_of(*branch);
      if (source == nullptr) {
        const Observed* project = observations_.find(branch->remote_parent);
        return project == nullptr ? "" : existing(text_at(project->fields, "default_branch"));
      }
      branch = source;
      name = branch->remote_name();
    }
    return existing(name);
  }

  /// The wanted one, or any other: roles are the same in all of them. A server has one that its
  /// address names.
  std::string database_to_look_at(const std::string& branch, const std::string& wanted) const {
    const auto databases = observations_.children(*catalogue_.find("database"), branch);
    std::string other = text_at(observations_.find(branch)->facts, "entry_database");
    for (const Observed* database : databases) {
      if (database->postgres_name == wanted) return wanted;
      if (other.empty()) other = database->postgres_name;
    }
    return other;
  }

  std::string existing(const std::string& name) const { return is_there(name) ? name : ""; }

  const Declaration* source_of(const Declaration& branch) const {
    for (const Reference& reference : branch.references) {
      if (reference.field == "from") return manifest_.find(reference.target);
    }
    return nullptr;
  }

  bool may_wake(const Inside& inside) const {
    if (wake_ != Wake::kAuto) return wake_ == Wake::kAlways;
    return is_changed(address_of_inside(inside),
                      fields_of_inside(inside, named_wishes(inside, manifest_))) ||
           has_changed_tables(inside.address);
  }

  bool is_changed(const Address& address, const Document& fields) const {
    const auto record = records_.find(address);
    return record == records_.end() || record->second.fields != fields;
  }

  /// A synced table that is made, or made anew, needs statements.
  bool has_changed_tables(const Address& database) const {
    const auto& all = manifest_.declarations;
    for (auto each = std::ranges::lower_bound(all, database, {}, &Declaration::address);
         each != all.end() && each->address.text().starts_with(database.text()); ++each) {
      const bool is_table = each->kind->is_a("synced_table") && each->address.is_within(database);
      if (is_table && is_changed(each->address, each->fields)) return true;
    }
    for (auto each = records_.lower_bound(database);
         each != records_.end() && each->first.text().starts_with(database.text()); ++each) {
      const Kind* kind = catalogue_.find(each->second.kind);
      const bool is_table =
          kind != nullptr && kind->is_a("synced_table") && each->first.is_within(database);
      if (is_table && manifest_.find(each->first) == nullptr) return true;
    }
    return false;
  }

  const Manifest& manifest_;
  const Records& records_;
  const Observations& observations_;
  const Catalogue& catalogue_;
  Wake wake_;
};

/// Gives each role of the wishes another name.
template <typename Rename>
void rename_roles(sql::Wishes& wishes, const Rename& rename) {
  const auto rename_if = [&](std::optional<std::string>& name) {
    if (name) rename(*name);
  };
  const auto rename_grantee = [&](sql::Grantee& grantee) {
    if (!grantee.is_public) rename(grantee.role);
  };
  for (auto& wish : wishes.roles) rename(wish.name);
  for (auto& wish : wishes.memberships) {
    rename(wish.role);
    rename(wish.member);
  }
  for (auto& wish : wishes.schemas) rename_if(wish.owner);
  for (auto& wish : wishes.settings) rename_if(wish.role);
  for (auto& wish : wishes.owners) rename(wish.owner);
  for (auto& wish : wishes.access) rename_grantee(wish.grantee);
  for (auto& wish : wishes.defaults) {
    rename(wish.creator);
    rename_grantee(wish.grantee);
  }
  for (auto& wish : wishes.future) {
    rename_grantee(wish.grantee);
    for (std::string& creator : wish.creators) rename(creator);
  }
}

}  // namespace

const Kind& inside_kind() {
  static const Kind inside = {.name = "sql",
                              .collection = "sql",
                              .parent = "database",
                              .doc = "What is inside a database.",
                              .identity = Identity::kSingleton,
                              .fields = {}};
  return inside;
}

Address address_of_inside(const Inside& inside) {
  return inside.address.singleton(inside_kind().collection);
}

std::string name_of_inside(const std::string& container) {
  return container + "/" + std::string(inside_kind().collection);
}

std::string sleep_of(const std::string& branch, const Observations& observations,
                     const Catalogue& catalogue) {
  const Observed* container = observations.find(branch);
  // Instances do not sleep.
  if (container != nullptr && container->kind->api->is_plain) return "";
  std::string state;
  for (const Observed* endpoint : observations.children(*catalogue.find("endpoint"), branch)) {
    if (text_at(endpoint->fields, "type") == "read_only") continue;
    state = text_at(endpoint->facts, "current_state");
    if (state != kAsleep) return "";
  }
  return state.empty() ? "its branch has no endpoint that writes" : "its endpoint is asleep";
}

const InsideView* view_of(const InsideViews& views, const DatabasePlace& place) {
  const InsideView* blind = nullptr;
  for (const auto& [address, view] : views) {
    if (view.place != place) continue;
    if (view.catalogue) return &view;
    blind = &view;
  }
  return blind;
}

std::string database_of(const Inside& inside, const Manifest& manifest) {
  if (!is_of_branch(inside, manifest)) {
    const Declaration* database = manifest.find(inside.address);
    return database == nullptr ? inside.address.key() : database->id;
  }
  return std::string(kImpliedDatabase);
}

std::string role_name(const Inside& inside, const Manifest& manifest, const std::string& alias) {
  const auto role = inside.roles.find(alias);
  const Declaration* declaration =
      role == inside.roles.end() ? nullptr : manifest.find(role->second);
  return declaration == nullptr || declaration->id.empty() ? alias : declaration->id;
}

sql::Wishes named_wishes(const Inside& inside, const Manifest& manifest) {
  sql::Wishes named = inside.wishes;
  rename_roles(named, [&](std::string& role) { role = role_name(inside, manifest, role); });
  return named;
}

Document fields_of_inside(const Inside& inside, const sql::Wishes& named) {
  Document ends = Document::object();
  for (const auto& [schema, end] : inside.schema_ends) {
    ends[schema] = {{"on_remove", end.on_remove}, {"protect", end.protect}};
  }
  Document fields = {{"wishes", sql::document_of(named)}};
  if (!ends.empty()) fields["schema_ends"] = std::move(ends);
  return fields;
}

void add_undeclared(Manifest& manifest, const Records& records) {
  std::set<Address> declared;
  for (const Inside& inside : manifest.insides) declared.insert(address_of_inside(inside));
  for (const auto& [address, record] : records) {
    if (record.kind != inside_kind().name || declared.contains(address)) continue;
    const Declaration* container = manifest.find(address.parent());
    if (container == nullptr) continue;
    manifest.insides.push_back(
        {.address = container->address, .place = container->place, .is_declared = false});
  }
}

std::vector<InsideQuestion> questions_about(const Manifest& manifest, const Records& records,
                                            const Observations& observations,
                                            const Catalogue& catalogue, Wake wake) {
  const Asking asking(manifest, records, observations, catalogue, wake);
  std::vector<InsideQuestion> questions;
  for (const Inside& inside : manifest.insides) {
    if (auto question = asking.ask(inside)) questions.push_back(*std::move(question));
  }
  return questions;
}

std::vector<InsideQuestion> questions_about_all(const Observations& observations,
                                                const Catalogue& catalogue, Wake wake) {
  std::vector<InsideQuestion> questions;
  for (const auto& [name, observed] : observations.all()) {
    if (observed.kind->identity != Identity::kPostgresName || observed.is_deleted()) continue;
    const std::string branch = parent_of_name(name);
    std::string asleep = stop_of(branch, observations);
    if (asleep.empty() && wake != Wake::kAlways) asleep = sleep_of(branch, observations, catalogue);
    questions.push_back({.inside = Address().child("databases", name),
                         .place = {.branch = branch, .database = observed.postgres_name},
                         .asleep = std::move(asleep)});
  }
  return questions;
}

}  // namespace weir
