// The resources of Terraform's usual provider for PostgreSQL (cyrilgdn/postgresql). They are not in
// the reference; the names are those of its documentation.
#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "convert/fields.h"
#include "convert/privileges.h"
#include "convert/roles.h"
#include "convert/terraform.h"

namespace weir::convert {
namespace {

/// What the provider fills in, as text; and, where it is nothing that a manifest says, what to do.
struct Filled {
  std::string_view type;
  std::string_view key;
  std::string_view usual;  ///< "*": whatever it is, it does not matter
  std::string_view hint = "set it by hand";
};
constexpr std::array kFilled = {
    Filled{"role", "encrypted_password", "*"},
    Filled{"role", "skip_drop_role", "*"},
    Filled{"role", "skip_reassign_owned", "*"},
    Filled{"role", "connection_limit", "-1", "set it with ALTER ROLE"},
    Filled{"role", "valid_until", "infinity", "set it with ALTER ROLE"},
    Filled{"role", "statement_timeout", "0", "write settings: in the database"},
    Filled{"role", "idle_in_transaction_session_timeout", "0", "write settings: in the database"},
    Filled{"role", "search_path", "", "write settings: { search_path: … } in the database"},
    Filled{"role", "assume_role", "", "set it with ALTER ROLE"},
    Filled{"role", "superuser", "false",
           "superuser: true in weir makes it a member of databricks_superuser"},
    Filled{"role", "replication", "false", "the service does not let roles replicate"},
    Filled{"role", "inherit", "true",
           "say it in each membership: member_of: [{ role: NAME, inherit: false }]"},
    Filled{"database", "tablespace_name", "pg_default", "the service has one tablespace"},
    Filled{"database", "connection_limit", "-1", "set it with ALTER DATABASE"},
    Filled{"database", "allow_connections", "true", "set it with ALTER DATABASE"},
    Filled{"database", "is_template", "false", "set it with ALTER DATABASE"},
    Filled{"database", "template", "template0", "the service makes databases as it does"},
    Filled{"database", "encoding", "UTF8", "the service makes databases as it does"},
    Filled{"database", "lc_collate", "C", "the service makes databases as it does"},
    Filled{"database", "lc_ctype", "C", "the service makes databases as it does"},
    Filled{"database", "alter_object_ownership", "*"},
    Filled{"schema", "if_not_exists", "*"},
    Filled{"schema", "drop_cascade", "*"},
    Filled{"schema", "policy", "", "write access: in the schema"},
    Filled{"extension", "drop_cascade", "*"},
    Filled{"extension", "create_cascade", "*"},
    Filled{"grant_role", "with_inherit_option", "true", "write inherit: in member_of"}};

constexpr std::string_view kProvider = "postgresql_";

std::string_view short_type(const TerraformResource& resource) {
  return std::string_view(resource.type).substr(kProvider.size());
}

bool is_usual(const Filled& filled, const Node& value) {
  if (filled.usual == "*") return true;
  return value.is_scalar() ? value.text == filled.usual : value.items.empty();
}

std::vector<std::string> texts_of(const Node* list) {
  std::vector<std::string> texts;
  if (list == nullptr) return texts;
  for (const Node& item : list->items) texts.push_back(item.text);
  return texts;
}

class PostgresqlReader {
 public:
  PostgresqlReader(Conversion& conversion, Destination destination)
      : notes_(conversion.notes),
        manifest_(conversion.manifest),
        destination_(std::move(destination)),
        roles_(conversion.manifest, destination_.server, conversion.notes) {}

  void read(const std::vector<TerraformResource>& resources) {
    // Roles come first, as everything else names them.
    using Read = void (PostgresqlReader::*)(const TerraformResource&, Body&);
    constexpr std::array<std::pair<std::string_view, Read>, 7> kReaders = {
        {{"role", &PostgresqlReader::read_role},
         {"database", &PostgresqlReader::read_database},
         {"schema", &PostgresqlReader::read_schema},
         {"extension", &PostgresqlReader::read_extension},
         {"grant", &PostgresqlReader::read_grant},
         {"default_privileges", &PostgresqlReader::read_default},
         {"grant_role", &PostgresqlReader::read_membership}}};
    for (const auto& [type, reader] : kReaders) {
      for (const TerraformResource& resource : resources) {
        if (short_type(resource) != type) continue;
        Body body(resource.values);
        body.take("id");
        (this->*reader)(resource, body);
        tell_rest_of(resource, body);
      }
    }
    for (const TerraformResource& resource : resources) {
      const bool is_read = std::any_of(kReaders.begin(), kReaders.end(), [&](const auto& each) {
        return each.first == short_type(resource);
      });
      if (is_read) continue;
      notes_.lost({{}, resource.address}, "is nothing that manifests can say",
                  "keep it with Terraform");
    }
  }

  void write() {
    for (const auto& [name, grants] : grants_) {
      write_privileges(grants, database(name), profiles_);
    }
    if (!profiles_.made().empty()) manifest_["access_profiles"] = profiles_.made();
  }

 private:
  Document& database(const std::string& name) {
    return member(manifest_, below(destination_.server, {"databases", name}));
  }

  std::string database_of(Body& body) const {
    const std::string name = body.take_text("database");
    return name.empty() ? destination_.database : name;
  }

  void read_role(const TerraformResource& resource, Body& body) {
    RoleFacts role{.spot = {{}, resource.address}, .label = resource.label};
    role.name = body.take_text("name");
    role.logs_in = body.take_flag("login");
    role.has_password = resource.has_password;
    constexpr std::array<std::pair<const char*, const char*>, 3> kAttributes = {
        {{"bypass_row_level_security", "bypassrls"},
         {"create_database", "createdb"},
         {"create_role", "createrole"}}};
    for (const auto& [key, attribute] : kAttributes) {
      if (body.take_flag(key)) role.attributes.emplace_back(attribute);
    }
    if (role.name.empty()) return notes_.lost(role.spot, "has no name", "declare it by hand");
    roles_.declare(role);
    for (const std::string& in : texts_of(body.take("roles"))) {
      memberships_.emplace(role.name, in);
      roles_.add_membership(role.name, {.in = in}, role.spot);
    }
  }

  void read_database(const TerraformResource& resource, Body& body) {
    const std::string name = body.take_text("name");
    const std::string owner = body.take_text("owner");
    if (name.empty())
      return notes_.lost({{}, resource.address}, "has no name", "declare it by hand");
    database(name);
    if (!owner.empty()) {
      const std::string key = roles_.key_of(owner, {{}, resource.address});
      database(name)["owner"] = key;
    }
  }

  void read_schema(const TerraformResource& resource, Body& body) {
    const std::string name = body.take_text("name");
    const std::string in = database_of(body);
    const std::string owner = body.take_text("owner");
    if (name.empty())
      return notes_.lost({{}, resource.address}, "has no name", "declare it by hand");
    member(database(in), {"schemas", name});
    if (!owner.empty()) {
      const std::string key = roles_.key_of(owner, {{}, resource.address});
      member(database(in), {"schemas", name})["owner"] = key;
    }
  }

  void read_extension(const TerraformResource& resource, Body& body) {
    const std::string name = body.take_text("name");
    const std::string schema = body.take_text("schema");
    Document& list = database(database_of(body))["extensions"];
    if (!list.is_array()) list = Document::array();
    Document item = name;
    if (!schema.empty() && schema != "public") item = {{"name", name}, {"schema", schema}};
    list.push_back(std::move(item));
    if (body.take("version") != nullptr) {
      notes_.remark({{}, resource.address}, "has the version that was there, which is left unsaid",
                    "write version: in the extension to keep it");
    }
  }

  void read_grant(const TerraformResource& resource, Body& body) {
    const Spot spot = {{}, resource.address};
    const std::string type = body.take_text("object_type");
    const auto object_class = class_named(type);
    const std::string role = body.take_text("role");
    Grant grant{.spot = spot, .schema = body.take_text("schema")};
    grant.objects = texts_of(body.take("objects"));
    grant.columns = texts_of(body.take("columns"));
    grant.is_grantable = body.take_flag("with_grant_option");
    const std::string in = database_of(body);
    const Node* privileges = body.take("privileges");
    if (!object_class || role.empty()) {
      return notes_.lost(spot, "is on something that manifests have no grants for",
                         "keep it with Terraform");
    }
    grant.to = roles_.key_of(role, spot);
    grant.object_class = *object_class;
    grant.privileges = privileges_in(privileges, *object_class, spot);
    if (*object_class == sql::ObjectClass::kRoutine && !drop_nameless(grant)) return;
    grants_[in].grants.push_back(std::move(grant));
  }

  /// PostgreSQL knows functions by the types of their arguments, and so does weir. Says whether
  /// something is left.
  bool drop_nameless(Grant& grant) {
    const std::size_t before = grant.objects.size();
    std::erase_if(grant.objects, [](const std::string& name) { return !name.ends_with(')'); });
    if (grant.objects.size() == before) return true;
    notes_.lost(grant.spot, "names a function without the types of its arguments",
                "write it by hand: on: { function: \"app.add(integer)\" }");
    return !grant.objects.empty();  // without any it would be on all functions of the schema
  }

  void read_default(const TerraformResource& resource, Body& body) {
    const Spot spot = {{}, resource.address};
    const auto object_class = class_named(body.take_text("object_type"));
    const std::string role = body.take_text("role");
    const std::string owner = body.take_text("owner");
    DefaultGrant grant{.spot = spot, .schema = body.take_text("schema")};
    grant.is_grantable = body.take_flag("with_grant_option");
    const std::string in = database_of(body);
    const Node* privileges = body.take("privileges");
    if (!object_class || role.empty() || owner.empty()) {
      return notes_.lost(spot, "does not say whose later objects are meant, or for whom",
                         "write it by hand, as default_privileges of the database");
    }
    grant.creator = roles_.key_of(owner, spot);
    grant.to = roles_.key_of(role, spot);
    grant.object_class = *object_class;
    grant.privileges = privileges_in(privileges, *object_class, spot);
    grants_[in].defaults.push_back(std::move(grant));
  }

  sql::PrivilegeSet privileges_in(const Node* list, sql::ObjectClass object_class,
                                  const Spot& spot) {
    sql::PrivilegeSet privileges;
    for (const std::string& word : texts_of(list)) {
      if (word == "ALL" || word == "ALL PRIVILEGES") {
        privileges |= sql::privileges_of(object_class, {.number = 180000});
      } else if (const auto privilege = sql::privilege_named(word)) {
        privileges.add(*privilege);
      } else {
        notes_.lost(spot, "names a privilege that PostgreSQL does not have",
                    "look how it is spelled");
      }
    }
    return privileges;
  }

  /// A role's own list may have said it already.
  void read_membership(const TerraformResource& resource, Body& body) {
    const std::string role = body.take_text("role");
    Membership membership{.in = body.take_text("grant_role")};
    membership.is_admin = body.take_flag("with_admin_option");
    if (!memberships_.emplace(role, membership.in).second) return;
    roles_.add_membership(role, membership, {{}, resource.address});
  }

  void tell_rest_of(const TerraformResource& resource, const Body& body) {
    for_each_rest(body, [&](const std::string& path, const Node& value, const Place&) {
      const auto* filled = std::find_if(kFilled.begin(), kFilled.end(), [&](const Filled& each) {
        return each.type == short_type(resource) && each.key == path;
      });
      const bool is_known = filled != kFilled.end();
      const bool is_empty = value.is_scalar() ? value.text.empty() || value.text == "false"
                                              : value.items.empty() && value.entries.empty();
      if (is_known ? is_usual(*filled, value) : is_empty) return;
      notes_.lost({{}, resource.address + "." + path}, "is nothing that manifests can say",
                  std::string(is_known ? filled->hint : "look whether it matters"));
    });
  }

  Notes& notes_;
  Document& manifest_;
  const Destination destination_;
  Roles roles_;
  std::map<std::string, DatabaseGrants> grants_;  // by database
  std::set<std::pair<std::string, std::string>> memberships_;
  AccessProfiles profiles_;
};

}  // namespace

bool is_of_postgresql(const std::string& type) {
  return type.starts_with(kProvider);
}

void convert_postgresql(const std::vector<TerraformResource>& resources, Conversion& conversion) {
  const Destination destination = choose_destination(conversion, {{}, "postgresql"});
  PostgresqlReader reader(conversion, destination);
  reader.read(resources);
  reader.write();
}

}  // namespace weir::convert
