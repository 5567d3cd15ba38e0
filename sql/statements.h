// The text of every statement that weir executes inside a database, and nothing else.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/secret.h"
#include "sql/acl_change.h"
#include "sql/catalogue.h"
#include "sql/wishes.h"

namespace weir::sql {

/// An object as statements name it.
struct ObjectName {
  std::string schema = {};
  std::string name = {};
  std::vector<TypeName> arguments = {};  ///< of a routine
};

/// A role's name, or nothing for PUBLIC.
using GranteeName = std::optional<std::string>;

/// One GRANT or REVOKE.
struct AclStatement {
  AclVerb verb = AclVerb::kGrant;
  bool cascades = false;
  PrivilegeSet privileges = {};
  ObjectClass object_class = ObjectClass::kTable;
  bool is_whole_schema = false;          ///< ALL … IN SCHEMA of the first object's schema
  std::vector<ObjectName> objects = {};  ///< of columns their table alone
  std::vector<std::string> columns = {};
  std::vector<GranteeName> grantees = {};
};
std::string text_of(const AclStatement& statement);

/// One ALTER DEFAULT PRIVILEGES.
struct DefaultStatement {
  std::string creator = {};
  std::optional<std::string> schema = {};
  AclVerb verb = AclVerb::kGrant;
  PrivilegeSet privileges = {};
  ObjectClass object_class = ObjectClass::kTable;
  std::vector<GranteeName> grantees = {};
};
std::string text_of(const DefaultStatement& statement);

std::string create_schema(std::string_view name, const std::optional<std::string>& owner);
/// Fails when something else depends on it.
std::string drop_table(std::string_view schema, std::string_view name);
/// With all that is in it, and what elsewhere depends on that.
std::string drop_schema(std::string_view name);
std::string create_extension(const ExtensionWish& wish);
std::string update_extension(std::string_view name, std::string_view version);
std::string move_extension(std::string_view name, std::string_view schema);

std::string create_index(std::string_view name, std::string_view schema, std::string_view table,
                         const IndexText& text);
std::string drop_index(std::string_view schema, std::string_view name);
/// On a table, or with a name on one of its columns.
std::string comment_on(std::string_view schema, std::string_view table, std::string_view column,
                       std::string_view comment);

/// For any class but columns.
std::string change_owner(ObjectClass object_class, const ObjectName& object,
                         std::string_view owner);

/// Sets what sessions of the database begin with, for one role or for all; without a value it
/// goes back to what holds otherwise.
std::string change_setting(std::string_view database, const std::optional<std::string>& role,
                           std::string_view setting, const std::optional<std::string>& value);

/// Until the end of the transaction.
std::string set_search_path(const std::vector<std::string>& schemas);
/// Until the end of the transaction.
std::string set_role(std::string_view name);
std::string create_role(const RoleWish& wish);
std::string alter_role(const RoleWish& changes);
std::string drop_role(std::string_view name);
std::string reassign_owned(std::string_view role, std::string_view heir);
std::string drop_owned(std::string_view role);

/// A statement that lacks a secret, and the place in its text where the literal goes.
struct StatementWithSecret {
  std::string text = {};
  std::size_t secret_at = 0;
};
StatementWithSecret set_password(std::string_view role);
/// The statement as it is sent. What is passed should be a verifier, not the password itself.
Secret with_secret(const std::string& text, std::size_t secret_at, const Secret& verifier);

/// Options that are not set keep what they are.
struct MembershipOptions {
  std::optional<bool> is_admin = {};
  std::optional<bool> inherits = {};
  std::optional<bool> can_set = {};
};
std::string grant_membership(std::string_view role, std::string_view member,
                             const MembershipOptions& options, ServerVersion version);
/// Of the entry that one grantor made, from PostgreSQL 16 on.
std::string change_membership(std::string_view role, std::string_view member,
                              const MembershipOptions& options, std::string_view grantor);
/// With a grantor only what it gave, from PostgreSQL 16 on; `cascades` also takes what the member
/// passed on.
std::string revoke_membership(std::string_view role, std::string_view member,
                              const std::optional<std::string>& grantor, bool cascades = false);
std::string revoke_membership_admin(std::string_view role, std::string_view member,
                                    const std::optional<std::string>& grantor,
                                    bool cascades = false);

}  // namespace weir::sql
