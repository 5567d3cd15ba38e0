// pgroles: roles, profiles for schemas, grants and memberships of one database. Its keys are not in
// the reference; they are those of its own documentation and examples.
#include <algorithm>
#include <array>
#include <initializer_list>
#include <set>

#include <fmt/format.h>

#include "convert/fields.h"
#include "convert/formats.h"
#include "convert/privileges.h"
#include "convert/roles.h"

namespace weir::convert {
namespace {

using sql::ObjectClass;
using sql::PrivilegeSet;

constexpr std::size_t kLongestPart = 256;
/// What profiles and schemas multiply to.
constexpr std::size_t kMostExpanded = 200'000;

const std::vector<Node>& items_of(const Node* node) {
  static const std::vector<Node> none;
  return node == nullptr ? none : node->items;
}

std::string text_of(const Node& map, std::string_view key) {
  const Node* value = map.find(key);
  return value != nullptr && value->is_scalar() && !value->is_null() ? value->text : "";
}

std::string replaced(std::string text, std::string_view placeholder, const std::string& value) {
  for (std::size_t at = text.find(placeholder); at != std::string::npos;
       at = text.find(placeholder, at + value.size())) {
    text.replace(at, placeholder.size(), value);
  }
  return text;
}

/// The words that pgroles has for roles and weir does not, and what to do about them.
struct RoleWord {
  std::string_view key;
  std::string_view hint;
};
constexpr std::array kRoleWords = {
    RoleWord{"superuser", "superuser: true in weir makes it a member of databricks_superuser"},
    RoleWord{"replication", "the service does not let roles replicate"},
    RoleWord{"inherit", "say it in each membership: member_of: [{ role: NAME, inherit: false }]"},
    RoleWord{"connection_limit", "set it with ALTER ROLE"},
    RoleWord{"comment", "set it with COMMENT ON ROLE"},
    RoleWord{"password_valid_until", "set it with ALTER ROLE"},
    RoleWord{"config", "write settings: in the database, or set them with ALTER ROLE"},
    RoleWord{"preserve_undeclared_grants", "weir leaves alone whom access does not name"}};

class PgrolesReader {
 public:
  PgrolesReader(Conversion& conversion, const Destination& destination)
      : notes_(conversion.notes),
        manifest_(conversion.manifest),
        destination_(destination),
        roles_(conversion.manifest, destination.server, conversion.notes) {}

  void read(const Node& root) {
    Body body(root);
    default_owner_ = body.take_text("default_owner");
    for (const Node& role : items_of(body.take("roles"))) read_role(role);
    const Node* profiles = body.take("profiles");
    for (const Node& schema : items_of(body.take("schemas"))) read_schema(schema, profiles);
    if (profiles != nullptr) tell_unbound(*profiles);
    for (const Node& grant : items_of(body.take("grants")))
      read_grant(grant, text_of(grant, "role"));
    for (const Node& item : items_of(body.take("default_privileges"))) read_defaults(item);
    for (const Node& item : items_of(body.take("memberships"))) read_memberships(item);
    for (const Node& item : items_of(body.take("retirements"))) tell_retirement(item);
    if (body.take("auth_providers") != nullptr) {
      notes_.remark({root.place, "auth_providers"}, "is about other services",
                    "users and service principals log in to Lakebase by OAuth");
    }
    tell_rest(body, "", notes_);
  }

  void write() {
    tell_views();
    Document& database =
        member(manifest_, below(destination_.server, {"databases", destination_.database}));
    write_privileges(grants_, database, profiles_);
    if (!profiles_.made().empty()) manifest_["access_profiles"] = profiles_.made();
  }

 private:
  Document& database() {
    return member(manifest_, below(destination_.server, {"databases", destination_.database}));
  }

  void read_role(const Node& node) {
    Body body(node);
    RoleFacts role{.spot = {node.place, "roles." + text_of(node, "name")}};
    role.name = body.take_text("name");
    const bool is_elsewhere = body.take_flag("external");
    const Node* login = body.take("login");
    role.logs_in = login != nullptr && to_document(*login) == true;
    role.has_password = body.take("password") != nullptr;
    role.password_from = text_of(*member_or(node, "password"), "from_env");
    for (const char* attribute : {"bypassrls", "createdb", "createrole"}) {
      if (body.take_flag(attribute)) role.attributes.emplace_back(attribute);
    }
    tell_role_words(body, role.spot);
    if (role.name.empty()) return notes_.lost(role.spot, "has no name", "add it");
    if (is_elsewhere) {
      notes_.remark(role.spot, "is made by somebody else, and weir would look after it",
                    "write lifecycle: { on_remove: keep } in it, or remove it again");
    }
    roles_.declare(role);
  }

  static const Node* member_or(const Node& map, std::string_view key) {
    static const Node none{.type = Node::Type::kMap};
    const Node* found = map.find(key);
    return found == nullptr ? &none : found;
  }

  void tell_role_words(Body& body, const Spot& spot) {
    for (const RoleWord& word : kRoleWords) {
      const Node* value = body.take(word.key);
      const bool is_default =
          value == nullptr || to_document(*value) == (word.key == "inherit") || value->text == "-1";
      if (is_default) continue;
      notes_.lost({value->place, fmt::format("{}.{}", spot.address, word.key)},
                  "cannot be said of a role", std::string(word.hint));
    }
    tell_rest(body, spot.address, notes_);
  }

  void read_schema(const Node& node, const Node* profiles) {
    Body body(node);
    const std::string name = body.take_text("name");
    const Spot spot = {node.place, "schemas." + name};
    if (name.empty()) return notes_.lost(spot, "has no name", "add it");
    Document& schema = member(database(), {"schemas", literal(name)});
    const std::string owner = body.take_text("owner");
    if (!owner.empty()) schema["owner"] = roles_.key_of(owner, spot);
    const std::string pattern = body.take_text("role_pattern");
    if (name.size() > kLongestPart || pattern.size() > kLongestPart) {
      return notes_.lost({node.place, "schemas"}, "has a name that no role could have",
                         "PostgreSQL has 63 bytes for each");
    }
    for (const Node& item : items_of(body.take("profiles"))) {
      const Node* profile = profiles == nullptr ? nullptr : profiles->find(item.text);
      bound_.insert(item.text);
      if (profile == nullptr) {
        notes_.lost({item.place, spot.address}, "names a profile that is not there", "add it");
        continue;
      }
      const std::string role =
          replaced(replaced(pattern.empty() ? "{schema}-{profile}" : pattern, "{schema}", name),
                   "{profile}", item.text);
      expand(*profile, item.text, name, role, owner.empty() ? default_owner_ : owner);
    }
    tell_rest(body, spot.address, notes_);
  }

  /// A profile makes a role for each schema that has it.
  void expand(const Node& profile, const std::string& profile_name, const std::string& schema,
              const std::string& role, const std::string& owner) {
    Body body(profile);
    const Spot spot = {profile.place, "profiles." + profile_name};
    const bool logs_in = body.take_flag("login");
    expanded_ += 1 + items_of(profile.find("grants")).size() +
                 items_of(profile.find("default_privileges")).size();
    if (expanded_ > kMostExpanded) {
      return notes_.lost(spot, "makes more grants than can be written",
                         "convert the schemas in parts");
    }
    roles_.declare({.spot = spot, .name = role, .logs_in = logs_in});
    std::map<ObjectClass, PrivilegeSet> now;
    std::map<ObjectClass, PrivilegeSet> later;
    for (const Node& grant : items_of(body.take("grants"))) {
      now_of(grant, now);
      read_grant(grant, role, schema);
    }
    for (const Node& grant : items_of(body.take("default_privileges"))) {
      const auto object_class = class_named(text_of(grant, "on_type"));
      if (object_class) later[*object_class] |= privileges_of(grant, *object_class);
      read_default(grant, role, schema, owner);
    }
    now[ObjectClass::kSchema] = now[ObjectClass::kSchema] & PrivilegeSet{sql::Privilege::kUsage};
    profiles_.suggest(profile_name, profile_content(now, later));
    tell_role_words(body, spot);
  }

  void tell_unbound(const Node& profiles) {
    for (const Entry& entry : profiles.entries) {
      if (bound_.contains(entry.key)) continue;
      notes_.lost({entry.place, "profiles." + entry.key}, "is the profile of no schema",
                  "write it under access_profiles when it is needed");
    }
  }

  /// What an item of a list says besides.
  void tell_others(const Node& item, std::initializer_list<const char*> known, const Spot& spot) {
    Body body(item);
    for (const char* key : known) body.take(key);
    tell_rest(body, spot.address, notes_);
  }

  void now_of(const Node& grant, std::map<ObjectClass, PrivilegeSet>& now) const {
    const Node* object = object_of(grant);
    const auto object_class = object ? class_named(text_of(*object, "type")) : std::nullopt;
    if (object_class) now[*object_class] |= privileges_of(grant, *object_class);
  }

  static const Node* object_of(const Node& grant) {
    const Node* object = grant.find("object");
    return object != nullptr ? object : grant.find("on");
  }

  PrivilegeSet privileges_of(const Node& grant, ObjectClass object_class) const {
    PrivilegeSet privileges;
    for (const Node& word : items_of(grant.find("privileges"))) {
      const auto privilege = sql::privilege_named(word.text);
      if (privilege) {
        privileges.add(*privilege);
      } else if (word.text == "ALL") {
        privileges |= sql::privileges_of(object_class, {.number = 180000});
      } else {
        notes_.lost({word.place, "privileges"}, "names a privilege that PostgreSQL does not have",
                    "look how it is spelled");
      }
    }
    return privileges;
  }

  bool is_absence(const Node& grant, const Spot& spot) {
    if (text_of(grant, "ensure") != "absent") return false;
    notes_.lost(spot, "says what somebody must not have",
                "access is exact for whom it names: name the grantee, or write exclusive: true");
    return true;
  }

  void read_grant(const Node& node, const std::string& role, const std::string& in = "") {
    const Spot spot = {node.place, "grants"};
    tell_others(node, {"role", "privileges", "object", "on", "ensure"}, spot);
    const Node* object = object_of(node);
    const std::string type = object == nullptr ? "" : text_of(*object, "type");
    const auto object_class = class_named(type);
    if (!object_class || role.empty()) {
      return notes_.lost(spot, "does not say to whom, or on what", "write it by hand");
    }
    if (is_absence(node, spot)) return;
    Grant grant{.spot = spot, .to = roles_.key_of(role, spot), .object_class = *object_class};
    grant.privileges = privileges_of(node, *object_class);
    if (grant.privileges.is_empty()) return;
    const std::string name = text_of(*object, "name");
    grant.schema = in.empty() ? text_of(*object, "schema") : in;
    if (*object_class == ObjectClass::kSchema) {
      if (!name.empty()) grant.schema = name;
    } else if (*object_class == ObjectClass::kDatabase) {
      return read_database_grant(std::move(grant), name);
    } else if (!name.empty() && name != "*") {
      grant.objects = {name};
    }
    add_grant(std::move(grant), type);
  }

  void add_grant(Grant grant, const std::string& type) {
    if (grant.schema.empty()) {
      return notes_.lost(grant.spot, "does not say in which schema", "write it by hand");
    }
    const bool is_nameless = grant.object_class == ObjectClass::kRoutine &&
                             !grant.objects.empty() && !grant.objects.front().ends_with(')');
    if (is_nameless) {
      return notes_.lost(grant.spot, "names a function without the types of its arguments",
                         "write it by hand: on: { function: \"app.add(integer)\" }");
    }
    const bool is_view = type == "view" || type == "materialized_view";
    (is_view && grant.objects.empty() ? views_ : grants_.grants).push_back(std::move(grant));
  }

  void read_database_grant(Grant grant, const std::string& name) {
    if (!name.empty() && name != destination_.database) {
      return notes_.lost(grant.spot,
                         fmt::format("is on the database {}, and the others stand in {}", name,
                                     destination_.database),
                         "-in …/databases/NAME says which one it is");
    }
    grants_.grants.push_back(std::move(grant));
  }

  void read_defaults(const Node& node) {
    const Node* scope = node.find("scope");
    const std::string schema =
        scope != nullptr ? text_of(*scope, "schema") : text_of(node, "schema");
    const std::string owner = text_of(node, "owner");
    tell_others(node, {"owner", "schema", "scope", "grant"}, {node.place, "default_privileges"});
    for (const Node& grant : items_of(node.find("grant"))) {
      read_default(grant, text_of(grant, "role"), schema, owner.empty() ? default_owner_ : owner);
    }
  }

  void read_default(const Node& node, const std::string& role, const std::string& schema,
                    const std::string& owner) {
    const Spot spot = {node.place, "default_privileges"};
    const auto object_class = class_named(text_of(node, "on_type"));
    if (!object_class || role.empty() || owner.empty()) {
      return notes_.lost(spot,
                         owner.empty() ? "does not say whose later objects are meant"
                                       : "does not say to whom, or on what",
                         "write it by hand, as default_privileges of the database");
    }
    if (is_absence(node, spot)) return;
    grants_.defaults.push_back({.spot = spot,
                                .creator = roles_.key_of(owner, spot),
                                .schema = schema,
                                .to = roles_.key_of(role, spot),
                                .object_class = *object_class,
                                .privileges = privileges_of(node, *object_class)});
  }

  void read_memberships(const Node& node) {
    const std::string in = text_of(node, "role");
    tell_others(node, {"role", "members"}, {node.place, "memberships"});
    for (const Node& item : items_of(node.find("members"))) {
      Membership membership{.in = in};
      tell_others(item, {"name", "inherit", "admin"}, {item.place, "memberships." + in});
      const Node* inherits = item.find("inherit");
      const Node* admin = item.find("admin");
      if (inherits != nullptr && to_document(*inherits) == false) membership.inherits = false;
      membership.is_admin = admin != nullptr && to_document(*admin) == true;
      roles_.add_membership(text_of(item, "name"), membership, {item.place, "memberships." + in});
    }
  }

  void tell_retirement(const Node& node) {
    notes_.lost({node.place, "retirements." + text_of(node, "role")},
                "is a role that shall go, and a manifest says only what there shall be",
                "weir drops a role that it has applied and that is declared no longer; hand its "
                "objects over first");
  }

  /// To PostgreSQL, as to weir, views are among all tables of a schema.
  void tell_views() {
    for (const Grant& view : views_) {
      const bool is_covered =
          std::any_of(grants_.grants.begin(), grants_.grants.end(), [&](const Grant& grant) {
            return grant.object_class == view.object_class && grant.objects.empty() &&
                   grant.schema == view.schema && grant.to == view.to &&
                   grant.privileges.contains(view.privileges);
          });
      if (is_covered) continue;
      notes_.lost(view.spot, "is on all views alone, and weir's tables are views as well",
                  "name the views: grants: [{ to: NAME, on: { table: app.orders_view }, … }]");
    }
  }

  Notes& notes_;
  Document& manifest_;
  const Destination destination_;
  Roles roles_;
  std::string default_owner_;
  DatabaseGrants grants_;
  std::vector<Grant> views_;  // all of a schema
  AccessProfiles profiles_;
  std::set<std::string> bound_;  // profiles that a schema has
  std::size_t expanded_ = 0;
};

/// For Kubernetes the same stands in the spec of an object.
const Node& policy_of(const Node& root) {
  const Node* spec = root.find("spec");
  return root.find("kind") != nullptr && spec != nullptr ? *spec : root;
}

}  // namespace

bool is_pgroles(const Node& root) {
  constexpr std::array<std::string_view, 5> kLists = {"roles", "grants", "memberships",
                                                      "default_privileges", "retirements"};
  const Node& policy = policy_of(root);
  const bool has_list = std::any_of(kLists.begin(), kLists.end(), [&](std::string_view key) {
    const Node* list = policy.find(key);
    return list != nullptr && list->is_list();
  });
  const Node* schemas = policy.find("schemas");
  return has_list || (schemas != nullptr && schemas->is_list()) ||
         policy.find("default_owner") != nullptr;
}

void convert_pgroles(const std::vector<Node>& roots, Conversion& conversion) {
  const Destination destination =
      choose_destination(conversion, {policy_of(roots.front()).place, ""});
  PgrolesReader reader(conversion, destination);
  for (const Node& root : roots) reader.read(policy_of(root));
  reader.write();
}

}  // namespace weir::convert
