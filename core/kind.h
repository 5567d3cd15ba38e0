// What weir knows of a resource kind: one table, from which reading, comparing, sending, the JSON
// Schema and the reference pages follow.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "core/document.h"

namespace weir {

/// How a field is written in a manifest, kept, compared and sent; the rules of each are in
/// value.cc.
enum class Type : std::uint8_t {
  kString,
  kBoolean,
  kInteger,
  kNumber,
  kDuration,     ///< "7d"
  kTimestamp,    ///< RFC 3339
  kChoice,       ///< one of `choices`
  kReference,    ///< the key of a declaration of the kind `refers_to`
  kTags,         ///< a map of texts, sent as a list of key and value
  kSettings,     ///< a map of texts
  kExpiry,       ///< "never", a duration from the creation, or a timestamp
  kSuspension,   ///< "never" or a duration
  kGroup,        ///< size and readable_secondaries
  kFlags,        ///< a list of `choices`, sent as an object of booleans
  kSuperuser,    ///< a boolean, sent as membership in DATABRICKS_SUPERUSER
  kDays,         ///< a whole number of them as a duration, "7d"; sent as a number
  kPermissions,  ///< a list of principals with a level each
  kNames,        ///< a list of texts, in its order
  kColumnTypes,  ///< a map from columns to types such as vector(768)
  kColumns,      ///< a map from columns to their type and what they are computed from
  kBindings,     ///< a list of databases that something may use, each under a key
};

/// What a changed value means for the resource.
enum class OnChange : std::uint8_t {
  kUpdate,
  kReplace,  ///< fixed at creation
  kLocal,    ///< weir's own business: never sent, never observed
};

struct Choice {
  std::string_view name;       ///< in manifests
  std::string_view wire = {};  ///< as the API spells it; `name` when empty
  bool is_never_sent = false;  ///< requests say it by leaving the field out
};

struct Field {
  std::string_view name;  ///< in manifests; a dot leads into a nested map
  std::string_view doc;   ///< one sentence
  Type type = Type::kString;
  OnChange on_change = OnChange::kUpdate;
  /// Path in request bodies; for the oneofs (kExpiry, kSuspension) the object that has the members.
  std::string_view sent_as = {};
  std::string_view masked_as = {};    ///< in update masks; `sent_as` when empty
  std::string_view observed_at = {};  ///< path in answers; empty when they do not show it
  std::string_view refers_to = {};    ///< kReference: the kind that is named
  std::span<const Choice> choices = {};
  /// What the value becomes when the manifest names it no longer; empty: it stays as it is.
  std::string_view reset_to = {};  ///< as a manifest would have it
  std::string_view example = {};   ///< as a manifest would have it
  bool is_required = false;
  bool is_derived = false;  ///< follows from other fields; manifests cannot have it
  bool is_single = false;   ///< kSuperuser: sent as one membership and not as a list
  /// Answers may leave it out though it has a value: then it is compared with what was applied.
  bool may_be_hidden = false;
  /// What an update may do to running sessions, for the plan; empty when nothing.
  std::string_view disruption = {};

  constexpr std::string_view mask() const { return masked_as.empty() ? sent_as : masked_as; }
};

/// How the key of a declaration names the resource.
enum class Identity : std::uint8_t {
  kId,            ///< the key, or `id:`, is the API's id
  kPostgresName,  ///< the key is a name inside Postgres; the API's id is found by it
  kRoleAlias,     ///< the key is an alias; the name inside Postgres is in the fields
  kSingleton,     ///< there is exactly one in each parent
  kOnly,          ///< there is one at most in each parent
};

/// A part of the service's API, and how it speaks of resources.
struct Api {
  std::string_view root;  ///< of paths
  std::string_view create_time_at;
  std::string_view state_at;
  /// Answers call a resource by its id alone, its creation says the id in the body, and a change is
  /// answered by the resource instead of an operation.
  bool is_plain = false;
};
inline constexpr Api kPostgresApi = {.root = "/api/2.0/postgres/",
                                     .create_time_at = "create_time",
                                     .state_at = "status.current_state"};
inline constexpr Api kDatabaseApi = {.root = "/api/2.0/database/",
                                     .create_time_at = "creation_time",
                                     .state_at = "state",
                                     .is_plain = true};
inline constexpr Api kAppsApi = {.root = "/api/2.0/",
                                 .create_time_at = "create_time",
                                 .state_at = "app_status.state",
                                 .is_plain = true};

struct Kind {
  std::string_view name;  ///< "branch"
  std::string_view
      collection;  ///< "branches", in manifests, names and answers; of one that is alone its key
  /// The kind that contains it, empty at the top; behind a dot the words that lead from there:
  /// "database.schemas".
  std::string_view parent;
  std::string_view doc;
  Identity identity = Identity::kId;
  std::span<const Field> fields;
  const Api* api = &kPostgresApi;
  /// The kind of the newer generation that it is like: what is true of that holds for it as well.
  std::string_view alike = {};
  /// Each is asked for by its name: no list has it, or there is hardly ever more than one to list.
  bool is_unlisted = false;
  /// Contained by its parent in manifests only: its remote name begins at the top.
  bool is_apart = false;
  std::string_view named_as = {};      ///< in remote names; `collection` when empty
  std::string_view requested_as = {};  ///< in paths of requests; as in remote names when empty
  std::string_view id_parameter = {};  ///< of the create call, "branch_id"
  std::string_view listed_as = {};     ///< in answers; `collection` when empty
  /// Of permissions: what the permissions API calls the object that they are on.
  std::string_view object_type = {};
  std::string_view state_at = {};  ///< in answers; where the API has it when empty
  /// Where answers show the name inside Postgres, for kPostgresName and kRoleAlias.
  std::string_view postgres_name_at = {};
  bool is_deleted_softly = false;
  /// Other tools make it and end it; of its lists some entries are ours.
  bool is_foreign = false;
  bool holds_databases = false;  ///< with roles beside them, inside one Postgres
  /// Ids, or names inside Postgres, of members that the service makes together with the parent.
  std::span<const std::string_view> implied = {};
  /// Fills in derived fields from those that the manifest has; null when there are none.
  void (*derive)(Document& fields, const std::string& key) = nullptr;

  /// "database" of "database.schemas", and "schemas".
  constexpr std::string_view container() const { return parent.substr(0, parent.find('.')); }
  constexpr std::string_view way_down() const {
    const std::size_t dot = parent.find('.');
    return dot == std::string_view::npos ? "" : parent.substr(dot + 1);
  }
  constexpr std::string_view sort() const { return alike.empty() ? name : alike; }
  constexpr bool is_a(std::string_view what) const { return what == sort(); }
  /// Of some, databases of instances for now, the API shows what there is and makes none.
  constexpr bool is_made_by_requests() const { return is_alone() || !id_parameter.empty(); }
  constexpr bool is_alone() const {
    return identity == Identity::kSingleton || identity == Identity::kOnly;
  }
  constexpr bool has_id() const {
    return identity == Identity::kId || (identity == Identity::kOnly && !id_parameter.empty());
  }
  constexpr std::string_view name_key() const { return named_as.empty() ? collection : named_as; }
  constexpr std::string_view request_key() const {
    return requested_as.empty() ? name_key() : requested_as;
  }
  constexpr std::string_view list_key() const { return listed_as.empty() ? collection : listed_as; }
};

constexpr bool is_well_formed(const Field& field) {
  if (field.name.empty() || field.doc.empty() || field.doc.back() != '.') return false;
  const bool is_local = field.on_change == OnChange::kLocal;
  const bool is_reference = field.type == Type::kReference;
  const bool needs_choices = field.type == Type::kChoice || field.type == Type::kFlags ||
                             field.type == Type::kPermissions || field.type == Type::kColumnTypes ||
                             field.type == Type::kBindings;
  return is_local == field.sent_as.empty() && is_reference != field.refers_to.empty() &&
         needs_choices != field.choices.empty();
}

/// Checks at compile time what a table must be; used in a static_assert behind each table.
constexpr bool is_well_formed(std::span<const Field> fields) {
  for (const Field& field : fields) {
    int namesakes = 0;
    for (const Field& other : fields) namesakes += other.name == field.name ? 1 : 0;
    if (namesakes != 1 || !is_well_formed(field)) return false;
  }
  return true;
}

/// All kinds, parents before children.
class Catalogue {
 public:
  constexpr explicit Catalogue(std::span<const Kind* const> kinds) : kinds_(kinds) {}

  std::span<const Kind* const> kinds() const { return kinds_; }
  /// Null when there is no such kind.
  const Kind* find(std::string_view name) const;
  /// The kind whose members stand in `collection` of a `parent`; null when there is none.
  const Kind* in_collection(std::string_view parent, std::string_view collection) const;
  /// The first kind with this parent; null when there is none.
  const Kind* first_in(std::string_view parent) const;

 private:
  std::span<const Kind* const> kinds_;
};

const Field* find_field(const Kind& kind, std::string_view name);

}  // namespace weir
