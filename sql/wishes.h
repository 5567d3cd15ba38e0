// What is wanted inside a database, resolved to names inside PostgreSQL.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sql/privilege.h"

namespace weir::sql {

/// Where a wish comes from: a text that means something to the caller alone and comes back with
/// the statements and findings that the wish leads to.
using Tag = std::string;

/// A role, or PUBLIC. Nothing is granted to PUBLIC because a name happens to be empty.
struct Grantee {
  std::string role = {};
  bool is_public = false;

  auto operator<=>(const Grantee&) const = default;
};

/// One object, or all of a class in a schema.
struct Target {
  ObjectClass object_class = ObjectClass::kTable;
  std::string schema = {};  ///< "" where the class stands in no schema
  std::string table = {};   ///< of a column
  /// Of a routine with its argument types as the catalogue shows them, "f(integer, text)"; of a
  /// large object its number; "" for all objects of the class in the schema.
  std::string name = {};

  bool is_all() const { return name.empty(); }
  auto operator<=>(const Target&) const = default;
};

Target the_database(std::string name);
Target the_schema(std::string name);
Target all_in_schema(ObjectClass object_class, std::string schema);
Target one_object(ObjectClass object_class, std::string schema, std::string name);
Target one_column(std::string schema, std::string table, std::string column);

/// For each pair of object and grantee that some wish names, privileges become the union of what
/// the wishes say; an empty set alone takes everything away. Wishes for all objects of a schema
/// take nothing from whoever owns one of them.
struct AccessWish {
  Tag tag = {};
  Grantee grantee = {};
  Target target = {};
  PrivilegeSet privileges = {};
  bool is_grantable = false;
  /// Of all objects in a schema: later ones are meant as well, so a finding says which will differ.
  bool covers_future = true;
  /// It was wished once and is no longer: what other wishes say of the pair holds.
  bool is_release = false;
};

/// What nobody declared on these objects is taken away. With a table go its columns.
struct ExclusiveWish {
  Tag tag = {};
  Target target = {};
};

/// What objects get that `creator` makes later; the same rule as for access.
struct DefaultWish {
  Tag tag = {};
  std::string creator = {};
  std::optional<std::string> schema = {};  ///< none: in every schema of the database
  ObjectClass object_class = ObjectClass::kTable;
  Grantee grantee = {};
  PrivilegeSet privileges = {};
  bool is_grantable = false;
  bool is_release = false;  ///< as of access
};

/// What later objects in a schema are to give, whoever makes them: a DefaultWish for each creator.
struct FutureWish {
  Tag tag = {};
  std::string schema = {};
  ObjectClass object_class = ObjectClass::kTable;
  Grantee grantee = {};
  PrivilegeSet privileges = {};
  bool is_grantable = false;
  std::vector<std::string> creators = {};  ///< empty: all who can, as creators_in finds them
};

struct OwnerWish {
  Tag tag = {};
  Target target = {};
  std::string owner = {};

  bool operator==(const OwnerWish&) const = default;
};

struct SchemaWish {
  Tag tag = {};
  std::string name = {};
  std::optional<std::string> owner = {};

  bool operator==(const SchemaWish&) const = default;
};

/// A schema goes, with all that is in it.
struct SchemaEndWish {
  Tag tag = {};
  std::string name = {};

  bool operator==(const SchemaEndWish&) const = default;
};

/// A table that the other wishes are not about: somebody else ended it before, and may make it anew
/// afterwards. What is left of it goes, where that is said.
struct TableEndWish {
  Tag tag = {};
  std::string schema = {};
  std::string name = {};
  bool drops = false;

  auto operator<=>(const TableEndWish&) const = default;
};

/// A table that the service makes and keeps up to date: its owner keeps what it may do in the
/// schema, also where that is closed to all who are not named.
struct CopiedTable {
  std::string schema = {};
  std::string name = {};

  auto operator<=>(const CopiedTable&) const = default;
};

/// A role loses in this database what it owns and what it may do, so that it can end. Whom it gave
/// privileges keeps them, from the owners.
struct RetirementWish {
  Tag tag = {};
  std::string role = {};
  std::string heir = {};  ///< who gets what the role owns

  bool operator==(const RetirementWish&) const = default;
};

/// "create unique index on {table} (sku)"
struct IndexText {
  bool is_unique = false;
  std::string definition = {};  ///< what stands behind the table: "(sku)"

  auto operator<=>(const IndexText&) const = default;
};

struct ColumnComment {
  std::string column = {};
  std::string text = {};

  auto operator<=>(const ColumnComment&) const = default;
};

/// What a table has whenever somebody has made it, also anew. Indexes that weir made for it once
/// and that are not among these go; comments that are not said stay.
struct AfterCreateWish {
  Tag tag = {};
  std::string schema = {};
  std::string table = {};
  std::vector<IndexText> indexes = {};
  std::optional<std::string> comment = {};
  std::vector<ColumnComment> columns = {};

  bool operator==(const AfterCreateWish&) const = default;
};

/// A role goes. It owns nothing any more, and may do nothing.
struct RoleEndWish {
  Tag tag = {};
  std::string role = {};

  bool operator==(const RoleEndWish&) const = default;
};

struct ExtensionWish {
  Tag tag = {};
  std::string name = {};
  std::optional<std::string> version = {};
  std::optional<std::string> schema = {};

  bool operator==(const ExtensionWish&) const = default;
};

/// What sessions begin with, in this database.
struct SettingWish {
  Tag tag = {};
  std::optional<std::string> role = {};  ///< only those of this role
  std::string name = {};
  std::optional<std::string> value = {};  ///< none: back to what holds otherwise

  bool operator==(const SettingWish&) const = default;
};

/// What is not said is left alone.
struct RoleWish {
  Tag tag = {};
  std::string name = {};
  std::optional<bool> can_login = {};
  std::optional<bool> is_superuser = {};
  std::optional<bool> inherits = {};
  std::optional<bool> can_create_roles = {};
  std::optional<bool> can_create_databases = {};
  std::optional<bool> can_replicate = {};
  std::optional<bool> bypasses_row_security = {};
  std::optional<int> connection_limit = {};
  /// The caller knows that the password is to be set; what it is, no statement shows.
  bool sets_password = false;

  bool operator==(const RoleWish&) const = default;
};

struct MembershipWish {
  Tag tag = {};
  std::string role = {};
  std::string member = {};
  bool is_wanted = true;  ///< false: taken away
  std::optional<bool> is_admin = {};
  std::optional<bool> inherits = {};  ///< from PostgreSQL 16 on
  std::optional<bool> can_set = {};   ///< from PostgreSQL 16 on

  bool operator==(const MembershipWish&) const = default;
};

struct Wishes {
  std::vector<RoleWish> roles = {};
  std::vector<MembershipWish> memberships = {};
  std::vector<SchemaWish> schemas = {};
  std::vector<ExtensionWish> extensions = {};
  std::vector<SettingWish> settings = {};
  std::vector<OwnerWish> owners = {};
  std::vector<AccessWish> access = {};
  std::vector<ExclusiveWish> exclusive = {};
  std::vector<DefaultWish> defaults = {};
  std::vector<FutureWish> future = {};
  std::vector<AfterCreateWish> after_create = {};
  std::vector<SchemaEndWish> ends = {};
  std::vector<TableEndWish> table_ends = {};
  std::vector<CopiedTable> copies = {};
  std::vector<RetirementWish> retirements = {};
  std::vector<RoleEndWish> role_ends = {};
};

}  // namespace weir::sql
