// What one database holds, as one snapshot showed it.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sql/privilege.h"

namespace weir::sql {

/// A role's number in the catalogue of PostgreSQL.
using RoleId = std::uint32_t;
inline constexpr RoleId kPublic = 0;

/// What one role gave to another. PostgreSQL keeps one such entry for each pair.
struct AclEntry {
  RoleId grantor = 0;
  RoleId grantee = kPublic;
  PrivilegeSet privileges = {};
  PrivilegeSet grantable = {};  ///< those that the grantee may give on

  auto operator<=>(const AclEntry&) const = default;
};
/// Ordered, without entries that give nothing.
using Acl = std::vector<AclEntry>;

/// What a new object of somebody carries when no default privileges say otherwise: PostgreSQL's
/// acldefault().
Acl built_in_acl(ObjectClass object_class, RoleId owner, ServerVersion version);

/// Objects that share owner and privileges, which most do: ten thousand tables are few of these.
struct ObjectGroup {
  ObjectClass object_class = ObjectClass::kTable;
  std::string schema = {};  ///< "" where the class stands in no schema
  std::string table = {};   ///< of columns
  RoleId owner = 0;
  Acl acl = {};
  bool is_built_in_acl = false;         ///< nobody ever changed it: PostgreSQL keeps none
  bool is_of_extension = false;         ///< made by it, or along with a type: left alone
  std::vector<std::string> names = {};  ///< ordered; of routines with their arguments: "f(integer)"

  bool operator==(const ObjectGroup&) const = default;
};

struct Role {
  RoleId id = 0;
  std::string name = {};
  bool can_login = false;
  bool is_superuser = false;
  bool inherits = true;
  bool can_create_roles = false;
  bool can_create_databases = false;
  bool can_replicate = false;
  bool bypasses_row_security = false;
  int connection_limit = -1;  ///< -1: as many as there are
  bool has_expired_password = false;

  bool operator==(const Role&) const = default;
};

/// PostgreSQL before 16 knows neither `inherit` nor `set`: there the member's attribute decides
/// about the first, and everybody may use the second.
struct Membership {
  RoleId role = 0;
  RoleId member = 0;
  RoleId grantor = 0;
  bool is_admin = false;
  bool inherits = true;
  bool can_set = true;

  auto operator<=>(const Membership&) const = default;
};

/// A setting that sessions begin with: of the database (role 0), of a role (everywhere), or of a
/// role in this database.
struct Setting {
  RoleId role = 0;
  bool is_of_database = false;
  std::string name = {};
  std::string value = {};

  auto operator<=>(const Setting&) const = default;
};

/// Privileges that objects get which `creator` makes later. Without a schema the entry stands for
/// the built-in defaults; with one it only adds to them.
struct DefaultAcl {
  RoleId creator = 0;
  std::optional<std::string> schema = {};
  ObjectClass object_class = ObjectClass::kTable;
  Acl acl = {};

  bool operator==(const DefaultAcl&) const = default;
};

struct Extension {
  std::string name = {};
  std::string version = {};
  std::string schema = {};

  bool operator==(const Extension&) const = default;
};

struct TypeName {
  std::string schema = {};
  std::string name = {};

  bool operator==(const TypeName&) const = default;
};

/// A routine as statements name it, whatever types are in the search path.
struct Routine {
  std::string name = {};
  std::vector<TypeName> arguments = {};

  bool operator==(const Routine&) const = default;
};

/// A sequence that belongs to a column, so that its owner is the table's.
struct LinkedSequence {
  std::string schema = {};
  std::string sequence = {};
  std::string table_schema = {};
  std::string table = {};
  std::string column = {};
  bool is_identity = false;  ///< otherwise of a serial column

  bool operator==(const LinkedSequence&) const = default;
};

/// An index that weir may have made, as its name begins.
struct OwnIndex {
  std::string schema = {};
  std::string table = {};
  std::string name = {};

  auto operator<=>(const OwnIndex&) const = default;
};

/// Something outside of a schema that does not outlive what it uses there.
struct Hanging {
  std::string schema = {};  ///< what it uses is in
  std::string what = {};    ///< "view public.v"

  auto operator<=>(const Hanging&) const = default;
};

/// Another database of the same server.
struct Neighbour {
  std::string database = {};
  RoleId owner = 0;

  auto operator<=>(const Neighbour&) const = default;
};

/// A role owns something in another database of the server, or is given something there.
struct Stay {
  RoleId role = 0;
  std::string database = {};

  auto operator<=>(const Stay&) const = default;
};

struct Comment {
  std::string schema = {};
  std::string table = {};
  std::string column = {};  ///< "": of the table
  std::string text = {};

  auto operator<=>(const Comment&) const = default;
};

struct Catalogue {
  ServerVersion version = {};
  std::string database = {};
  RoleId current_user = 0;       ///< who read it and will change it
  std::vector<Role> roles = {};  ///< by number
  std::vector<Membership> memberships = {};
  std::vector<Setting> settings = {};
  /// Ordered by class, schema, table, owner and privileges. The database is one of them.
  std::vector<ObjectGroup> groups = {};
  std::vector<DefaultAcl> default_acls = {};
  std::vector<Extension> extensions = {};
  std::vector<LinkedSequence> linked_sequences = {};
  std::vector<OwnIndex> own_indexes = {};
  std::vector<Comment> comments = {};  ///< on tables and their columns
  std::vector<Hanging> hanging = {};
  std::vector<Neighbour> neighbours = {};
  std::vector<Stay> stays = {};
  /// By schema, and by the name that the groups have.
  std::map<std::pair<std::string, std::string>, Routine> routines = {};
  /// What the server showed and this version of weir does not know, in words.
  std::vector<std::string> unknown = {};

  const Role* role(RoleId id) const;
  const Role* role_named(std::string_view name) const;
  /// "PUBLIC", the role's name, or "role 1234" of one that is gone.
  std::string name_of(RoleId id) const;
  /// The group that holds an object, or null. The table only for columns.
  const ObjectGroup* group_of(ObjectClass object_class, std::string_view schema,
                              std::string_view table, std::string_view name) const;
  /// The owner of the database, who alone is a member of pg_database_owner.
  RoleId database_owner() const;
};

/// Takes a table out, with its columns and all that is known of it.
void remove_table(Catalogue& catalogue, std::string_view schema, std::string_view name);
/// What a new object of somebody carries, as the defaults are now; the schema is "" of schemas.
Acl acl_of_new(const Catalogue& catalogue, ObjectClass object_class, std::string_view schema,
               RoleId owner);
/// Adds a table that `owner` has made just now: nobody else was given anything on it.
void add_table(Catalogue& catalogue, std::string_view schema, std::string_view name, RoleId owner);

}  // namespace weir::sql
