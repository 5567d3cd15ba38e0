#include "sql/statements.h"

#include <algorithm>

#include <fmt/format.h>

#include "sql/quote.h"
#include "sql/setting_value.h"

namespace weir::sql {
namespace {

std::string joined(const std::vector<std::string>& parts) {
  return fmt::format("{}", fmt::join(parts, ", "));
}

std::string quoted_all(const std::vector<std::string>& names) {
  std::vector<std::string> quoted;
  quoted.reserve(names.size());
  for (const std::string& name : names) quoted.push_back(quoted_name(name));
  return joined(quoted);
}

/// By name, so that a text does not tell in which order the roles were made.
std::string quoted_grantees(std::vector<GranteeName> grantees) {
  std::ranges::sort(grantees);
  std::vector<std::string> quoted;
  quoted.reserve(grantees.size());
  for (const GranteeName& name : grantees) quoted.push_back(name ? quoted_name(*name) : "PUBLIC");
  return joined(quoted);
}

/// A large object's name is a number; anything else would be read as SQL.
std::string checked_number(const std::string& name) {
  const bool is_number = !name.empty() && name.size() <= 10 &&
                         name.find_first_not_of("0123456789") == std::string::npos;
  if (!is_number) throw QuoteError("this is no large object: " + shown_name(name));
  return name;
}

std::string quoted_object(ObjectClass object_class, const ObjectName& object) {
  if (object_class == ObjectClass::kLargeObject) return checked_number(object.name);
  const bool is_in_schema =
      object_class != ObjectClass::kDatabase && object_class != ObjectClass::kSchema;
  if (!is_in_schema) return quoted_name(object.name);
  std::string text = quoted_name(object.schema, object.name);
  if (object_class != ObjectClass::kRoutine) return text;
  std::vector<std::string> types;
  types.reserve(object.arguments.size());
  // IN says that these are all arguments that are passed: without it, a procedure whose other
  // arguments are OUT is meant as well.
  for (const TypeName& type : object.arguments) {
    types.push_back("IN " + quoted_name(type.schema, type.name));
  }
  return text + "(" + joined(types) + ")";
}

std::string_view class_keyword(ObjectClass object_class) {
  switch (object_class) {
    case ObjectClass::kDatabase:
      return "DATABASE";
    case ObjectClass::kSchema:
      return "SCHEMA";
    case ObjectClass::kTable:
    case ObjectClass::kColumn:
      return "TABLE";
    case ObjectClass::kSequence:
      return "SEQUENCE";
    case ObjectClass::kRoutine:
      return "ROUTINE";
    case ObjectClass::kType:
      return "TYPE";
    case ObjectClass::kLargeObject:
      return "LARGE OBJECT";
  }
  return "";
}

bool is_grant(AclVerb verb) {
  return verb == AclVerb::kGrant || verb == AclVerb::kGrantWithOption;
}

/// "SELECT, INSERT", and of columns "SELECT (a, b), INSERT (a, b)".
std::string privileges_text(PrivilegeSet privileges, const std::vector<std::string>& columns) {
  if (columns.empty()) return text_of(privileges);
  std::vector<std::string> parts;
  for (const Privilege privilege : privileges.list()) {
    parts.push_back(fmt::format("{} ({})", keyword(privilege), quoted_all(columns)));
  }
  return joined(parts);
}

std::string objects_text(const AclStatement& statement) {
  const std::string_view word = class_keyword(statement.object_class);
  if (statement.is_whole_schema) {
    return fmt::format("ALL {}S IN SCHEMA {}", word, quoted_name(statement.objects.front().schema));
  }
  std::vector<std::string> objects;
  objects.reserve(statement.objects.size());
  for (const ObjectName& object : statement.objects) {
    objects.push_back(quoted_object(statement.object_class, object));
  }
  return fmt::format("{} {}", word, joined(objects));
}

/// The statement around what it is about: `privileges` and `objects` are its middle.
std::string acl_text(AclVerb verb, bool cascades, const std::string& privileges,
                     const std::string& objects, const std::vector<GranteeName>& grantees) {
  if (is_grant(verb)) {
    return fmt::format("GRANT {} ON {} TO {}{}", privileges, objects, quoted_grantees(grantees),
                       verb == AclVerb::kGrant ? "" : " WITH GRANT OPTION");
  }
  return fmt::format("REVOKE {}{} ON {} FROM {}{}",
                     verb == AclVerb::kRevokeOption ? "GRANT OPTION FOR " : "", privileges, objects,
                     quoted_grantees(grantees), cascades ? " CASCADE" : "");
}

/// " LOGIN NOCREATEDB"
std::string attributes_text(const RoleWish& wish) {
  std::string text;
  const auto add = [&](const std::optional<bool>& value, std::string_view word) {
    if (value) text += fmt::format(" {}{}", *value ? "" : "NO", word);
  };
  add(wish.is_superuser, "SUPERUSER");
  add(wish.inherits, "INHERIT");
  add(wish.can_create_roles, "CREATEROLE");
  add(wish.can_create_databases, "CREATEDB");
  add(wish.can_login, "LOGIN");
  add(wish.can_replicate, "REPLICATION");
  add(wish.bypasses_row_security, "BYPASSRLS");
  if (wish.connection_limit) text += fmt::format(" CONNECTION LIMIT {}", *wish.connection_limit);
  return text;
}

std::string granted_by(const std::optional<std::string>& grantor) {
  return grantor ? " GRANTED BY " + quoted_name(*grantor) : "";
}

}  // namespace

std::string text_of(const AclStatement& statement) {
  return acl_text(statement.verb, statement.cascades,
                  privileges_text(statement.privileges, statement.columns), objects_text(statement),
                  statement.grantees);
}

std::string text_of(const DefaultStatement& statement) {
  const std::string place =
      statement.schema ? " IN SCHEMA " + quoted_name(*statement.schema) : std::string();
  return fmt::format(
      "ALTER DEFAULT PRIVILEGES FOR ROLE {}{} {}", quoted_name(statement.creator), place,
      acl_text(statement.verb, false, text_of(statement.privileges),
               fmt::format("{}S", class_keyword(statement.object_class)), statement.grantees));
}

std::string create_schema(std::string_view name, const std::optional<std::string>& owner) {
  return "CREATE SCHEMA " + quoted_name(name) +
         (owner ? " AUTHORIZATION " + quoted_name(*owner) : "");
}

std::string drop_table(std::string_view schema, std::string_view name) {
  return "DROP TABLE " + quoted_name(schema) + "." + quoted_name(name);
}

std::string drop_schema(std::string_view name) {
  return "DROP SCHEMA " + quoted_name(name) + " CASCADE";
}

std::string create_extension(const ExtensionWish& wish) {
  std::string text = "CREATE EXTENSION " + quoted_name(wish.name);
  if (wish.schema) text += " SCHEMA " + quoted_name(*wish.schema);
  if (wish.version) text += " VERSION " + quoted_literal(*wish.version);
  return text + " CASCADE";
}

std::string update_extension(std::string_view name, std::string_view version) {
  return fmt::format("ALTER EXTENSION {} UPDATE TO {}", quoted_name(name), quoted_literal(version));
}

std::string move_extension(std::string_view name, std::string_view schema) {
  return fmt::format("ALTER EXTENSION {} SET SCHEMA {}", quoted_name(name), quoted_name(schema));
}

std::string create_index(std::string_view name, std::string_view schema, std::string_view table,
                         const IndexText& text) {
  return fmt::format("CREATE {}INDEX {} ON {} {}", text.is_unique ? "UNIQUE " : "",
                     quoted_name(name), quoted_name(schema, table), text.definition);
}

std::string drop_index(std::string_view schema, std::string_view name) {
  return "DROP INDEX " + quoted_name(schema, name);
}

std::string comment_on(std::string_view schema, std::string_view table, std::string_view column,
                       std::string_view comment) {
  const std::string subject =
      column.empty() ? "TABLE " + quoted_name(schema, table)
                     : fmt::format("COLUMN {}.{}", quoted_name(schema, table), quoted_name(column));
  return fmt::format("COMMENT ON {} IS {}", subject, quoted_literal(comment));
}

std::string change_owner(ObjectClass object_class, const ObjectName& object,
                         std::string_view owner) {
  return fmt::format("ALTER {} {} OWNER TO {}", class_keyword(object_class),
                     quoted_object(object_class, object), quoted_name(owner));
}

std::string change_setting(std::string_view database, const std::optional<std::string>& role,
                           std::string_view setting, const std::optional<std::string>& value) {
  const std::string subject =
      role ? fmt::format("ROLE {} IN DATABASE {}", quoted_name(*role), quoted_name(database))
           : "DATABASE " + quoted_name(database);
  // A setting of an extension has a dot, and each part is a name.
  std::string name;
  for (std::size_t start = 0; start <= setting.size();) {
    const std::size_t dot = std::min(setting.find('.', start), setting.size());
    if (start != 0) name += '.';
    name += quoted_name(setting.substr(start, dot - start));
    start = dot + 1;
  }
  if (!value) return fmt::format("ALTER {} RESET {}", subject, name);
  std::vector<std::string> literals;
  for (const std::string& element : setting_elements(setting, *value)) {
    literals.push_back(quoted_literal(element));
  }
  return fmt::format("ALTER {} SET {} TO {}", subject, name, joined(literals));
}

std::string set_search_path(const std::vector<std::string>& schemas) {
  return "SET LOCAL search_path TO " + quoted_all(schemas);
}

std::string set_role(std::string_view name) {
  return "SET LOCAL ROLE " + quoted_name(name);
}

std::string create_role(const RoleWish& wish) {
  return "CREATE ROLE " + quoted_name(wish.name) + attributes_text(wish);
}

std::string alter_role(const RoleWish& changes) {
  return "ALTER ROLE " + quoted_name(changes.name) + attributes_text(changes);
}

std::string drop_role(std::string_view name) {
  return "DROP ROLE " + quoted_name(name);
}

std::string reassign_owned(std::string_view role, std::string_view heir) {
  return fmt::format("REASSIGN OWNED BY {} TO {}", quoted_name(role), quoted_name(heir));
}

std::string drop_owned(std::string_view role) {
  return "DROP OWNED BY " + quoted_name(role);
}

StatementWithSecret set_password(std::string_view role) {
  std::string text = "ALTER ROLE " + quoted_name(role) + " PASSWORD ";
  const std::size_t at = text.size();
  return {.text = std::move(text), .secret_at = at};
}

Secret with_secret(const std::string& text, std::size_t secret_at, const Secret& verifier) {
  std::string literal = quoted_literal(verifier.reveal());
  std::string whole = text.substr(0, secret_at) + literal + text.substr(secret_at);
  Secret::wipe(literal);
  return Secret(std::move(whole));
}

std::string grant_membership(std::string_view role, std::string_view member,
                             const MembershipOptions& options, ServerVersion version) {
  std::string text = fmt::format("GRANT {} TO {}", quoted_name(role), quoted_name(member));
  if (version.major() < kMembershipOptionsMajor) {
    return options.is_admin.value_or(false) ? text + " WITH ADMIN OPTION" : text;
  }
  std::vector<std::string> parts;
  const auto add = [&](std::string_view word, const std::optional<bool>& value) {
    if (value) parts.push_back(fmt::format("{} {}", word, *value ? "TRUE" : "FALSE"));
  };
  add("ADMIN", options.is_admin);
  add("INHERIT", options.inherits);
  add("SET", options.can_set);
  return parts.empty() ? text : text + " WITH " + joined(parts);
}

std::string change_membership(std::string_view role, std::string_view member,
                              const MembershipOptions& options, std::string_view grantor) {
  return grant_membership(role, member, options, {kMembershipOptionsMajor * 10000}) +
         granted_by(std::string(grantor));
}

std::string revoke_membership(std::string_view role, std::string_view member,
                              const std::optional<std::string>& grantor, bool cascades) {
  return fmt::format("REVOKE {} FROM {}{}{}", quoted_name(role), quoted_name(member),
                     granted_by(grantor), cascades ? " CASCADE" : "");
}

std::string revoke_membership_admin(std::string_view role, std::string_view member,
                                    const std::optional<std::string>& grantor, bool cascades) {
  return fmt::format("REVOKE ADMIN OPTION FOR {} FROM {}{}{}", quoted_name(role),
                     quoted_name(member), granted_by(grantor), cascades ? " CASCADE" : "");
}

}  // namespace weir::sql
