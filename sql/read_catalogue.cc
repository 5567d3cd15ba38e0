#include "sql/read_catalogue.h"

#include <algorithm>
#include <array>
#include <set>

#include <fmt/format.h>

#include "core/document.h"
#include "sql/acl_reader.h"
#include "sql/snapshot_row.h"

namespace weir::sql {
namespace {

class Reader {
 public:
  explicit Reader(const Document& root) : root_(root) {}

  Catalogue read() {
    read_server();
    read_roles();
    read_memberships();
    read_settings();
    acls_.read_items(part("items"));
    read_groups();
    read_defaults();
    read_extensions();
    read_own_indexes();
    read_comments();
    read_sequences();
    read_routines();
    read_hanging();
    read_neighbours();
    read_stays();
    for (const std::string& text : unknown_) catalogue_.unknown.push_back(text);
    return std::move(catalogue_);
  }

 private:
  const Document& part(const char* name) const {
    static const Document none = Document::array();
    const auto found = root_.find(name);
    if (found == root_.end()) throw MalformedSnapshot(fmt::format("{} is missing", name));
    if (found->is_null()) return none;  // an aggregate over no rows
    if (!found->is_array()) throw MalformedSnapshot(fmt::format("{} is no list", name));
    return *found;
  }

  void read_server() {
    const auto version = root_.find("version");
    const auto database = root_.find("database");
    const auto user = root_.find("user");
    const bool is_whole = version != root_.end() && version->is_number_integer() &&
                          database != root_.end() && database->is_string() && user != root_.end() &&
                          user->is_number_unsigned();
    if (!is_whole) throw MalformedSnapshot("it does not say whose database it shows");
    catalogue_.version.number = version->get<int>();
    catalogue_.database = database->get<std::string>();
    catalogue_.current_user = user->get<RoleId>();
    if (catalogue_.version.major() < kOldestMajor) {
      throw MalformedSnapshot(fmt::format("PostgreSQL {} is too old: weir needs {}",
                                          catalogue_.version.major(), kOldestMajor));
    }
  }

  void read_roles() {
    for (const Document& cells : part("roles")) {
      Row row(cells, 11, "roles");
      Role role;
      role.id = row.role();
      role.name = row.text();
      role.can_login = row.flag();
      role.is_superuser = row.flag();
      role.inherits = row.flag();
      role.can_create_roles = row.flag();
      role.can_create_databases = row.flag();
      role.can_replicate = row.flag();
      role.bypasses_row_security = row.flag();
      role.connection_limit = row.number();
      role.has_expired_password = row.flag();
      catalogue_.roles.push_back(std::move(role));
    }
    std::sort(catalogue_.roles.begin(), catalogue_.roles.end(),
              [](const Role& a, const Role& b) { return a.id < b.id; });
    const auto twin = std::adjacent_find(catalogue_.roles.begin(), catalogue_.roles.end(),
                                         [](const Role& a, const Role& b) { return a.id == b.id; });
    if (twin != catalogue_.roles.end()) throw MalformedSnapshot("two roles have one number");
    if (catalogue_.role(catalogue_.current_user) == nullptr) {
      throw MalformedSnapshot("its reader is no role");
    }
  }

  void read_memberships() {
    for (const Document& cells : part("memberships")) {
      Row row(cells, 6, "memberships");
      Membership membership;
      membership.role = row.role();
      membership.member = row.role();
      membership.grantor = row.role();
      membership.is_admin = row.flag();
      const Role* member = catalogue_.role(membership.member);
      membership.inherits = row.optional_flag().value_or(member == nullptr || member->inherits);
      membership.can_set = row.optional_flag().value_or(true);
      catalogue_.memberships.push_back(membership);
    }
    std::sort(catalogue_.memberships.begin(), catalogue_.memberships.end());
  }

  void read_settings() {
    for (const Document& cells : part("settings")) {
      Row row(cells, 3, "settings");
      Setting setting;
      setting.role = row.role();
      setting.is_of_database = row.flag();
      const std::string entry = row.text();
      const std::size_t equals = entry.find('=');
      if (equals == std::string::npos) throw MalformedSnapshot("a setting has no value");
      setting.name = entry.substr(0, equals);
      setting.value = entry.substr(equals + 1);
      catalogue_.settings.push_back(std::move(setting));
    }
    std::sort(catalogue_.settings.begin(), catalogue_.settings.end());
  }

  std::optional<ObjectClass> read_class(const std::string& word) {
    constexpr std::array<std::string_view, 8> kWords = {
        "database", "schema", "table", "column", "sequence", "routine", "type", "large_object"};
    const auto found = std::find(kWords.begin(), kWords.end(), word);
    if (found == kWords.end()) return std::nullopt;
    return static_cast<ObjectClass>(found - kWords.begin());
  }

  void read_groups() {
    for (const Document& cells : part("groups")) {
      Row row(cells, 7, "groups");
      ObjectGroup group;
      const auto object_class = read_class(row.text());
      if (!object_class) throw MalformedSnapshot("a group is of no known class");
      group.object_class = *object_class;
      group.schema = row.text();
      group.table = row.text();
      group.owner = row.role();
      const Document& entries = row.next();
      group.is_built_in_acl = entries.is_null();
      group.acl = entries.is_null() ? built_in_acl(*object_class, group.owner, catalogue_.version)
                                    : acls_.at_positions(entries);
      std::sort(group.acl.begin(), group.acl.end());
      group.is_of_extension = row.flag();
      for (const Document& name : list_in(row.next())) group.names.push_back(text_in(name));
      std::sort(group.names.begin(), group.names.end());
      catalogue_.groups.push_back(std::move(group));
    }
    const auto key = [](const ObjectGroup& group) {
      return std::tie(group.object_class, group.schema, group.table, group.owner, group.acl,
                      group.is_of_extension, group.is_built_in_acl);
    };
    std::sort(catalogue_.groups.begin(), catalogue_.groups.end(),
              [&](const ObjectGroup& a, const ObjectGroup& b) { return key(a) < key(b); });
  }

  std::optional<ObjectClass> read_default_class(const std::string& letter) {
    if (letter == "r") return ObjectClass::kTable;
    if (letter == "S") return ObjectClass::kSequence;
    if (letter == "f") return ObjectClass::kRoutine;
    if (letter == "T") return ObjectClass::kType;
    if (letter == "n") return ObjectClass::kSchema;
    if (letter == "L") return ObjectClass::kLargeObject;
    unknown_.insert(fmt::format("default privileges of the class \"{}\"", letter));
    return std::nullopt;
  }

  void read_defaults() {
    for (const Document& cells : part("defaults")) {
      Row row(cells, 4, "defaults");
      DefaultAcl entry;
      entry.creator = row.role();
      entry.schema = row.optional_text();
      const auto object_class = read_default_class(row.text());
      if (!object_class) continue;
      entry.object_class = *object_class;
      entry.acl = acls_.read(row.next());
      catalogue_.default_acls.push_back(std::move(entry));
    }
    const auto key = [](const DefaultAcl& entry) {
      return std::tie(entry.creator, entry.schema, entry.object_class);
    };
    std::sort(catalogue_.default_acls.begin(), catalogue_.default_acls.end(),
              [&](const DefaultAcl& a, const DefaultAcl& b) { return key(a) < key(b); });
  }

  void read_own_indexes() {
    for (const Document& cells : part("own_indexes")) {
      Row row(cells, 3, "own_indexes");
      OwnIndex index;
      index.schema = row.text();
      index.table = row.text();
      index.name = row.text();
      catalogue_.own_indexes.push_back(std::move(index));
    }
    std::sort(catalogue_.own_indexes.begin(), catalogue_.own_indexes.end());
  }

  void read_comments() {
    for (const Document& cells : part("comments")) {
      Row row(cells, 4, "comments");
      Comment comment;
      comment.schema = row.text();
      comment.table = row.text();
      comment.column = row.text();
      comment.text = row.text();
      catalogue_.comments.push_back(std::move(comment));
    }
    std::sort(catalogue_.comments.begin(), catalogue_.comments.end());
  }

  void read_extensions() {
    for (const Document& cells : part("extensions")) {
      Row row(cells, 3, "extensions");
      Extension extension;
      extension.name = row.text();
      extension.version = row.text();
      extension.schema = row.text();
      catalogue_.extensions.push_back(std::move(extension));
    }
    std::sort(catalogue_.extensions.begin(), catalogue_.extensions.end(),
              [](const Extension& a, const Extension& b) { return a.name < b.name; });
  }

  void read_sequences() {
    for (const Document& cells : part("linked")) {
      Row row(cells, 6, "linked");
      LinkedSequence link;
      link.schema = row.text();
      link.sequence = row.text();
      link.table_schema = row.text();
      link.table = row.text();
      link.column = row.text();
      link.is_identity = row.flag();
      catalogue_.linked_sequences.push_back(std::move(link));
    }
    std::sort(catalogue_.linked_sequences.begin(), catalogue_.linked_sequences.end(),
              [](const LinkedSequence& a, const LinkedSequence& b) {
                return std::tie(a.schema, a.sequence) < std::tie(b.schema, b.sequence);
              });
  }

  void read_routines() {
    for (const Document& cells : part("routines")) {
      Row row(cells, 4, "routines");
      std::string schema = row.text();
      std::string shown = row.text();
      Routine routine;
      routine.name = row.text();
      for (const Document& type : list_in(row.next())) {
        Row pair(type, 2, "routines");
        std::string type_schema = pair.text();
        routine.arguments.push_back({std::move(type_schema), pair.text()});
      }
      catalogue_.routines.emplace(std::pair(std::move(schema), std::move(shown)),
                                  std::move(routine));
    }
  }

  void read_hanging() {
    for (const Document& cells : part("hanging")) {
      Row row(cells, 2, "hanging");
      std::string schema = row.text();
      catalogue_.hanging.push_back({.schema = std::move(schema), .what = row.text()});
    }
    std::sort(catalogue_.hanging.begin(), catalogue_.hanging.end());
  }

  void read_neighbours() {
    for (const Document& cells : part("databases")) {
      Row row(cells, 2, "databases");
      std::string name = row.text();
      catalogue_.neighbours.push_back({.database = std::move(name), .owner = row.role()});
    }
    std::sort(catalogue_.neighbours.begin(), catalogue_.neighbours.end());
  }

  void read_stays() {
    for (const Document& cells : part("stays")) {
      Row row(cells, 2, "stays");
      const RoleId role = row.role();
      catalogue_.stays.push_back({.role = role, .database = row.text()});
    }
    std::sort(catalogue_.stays.begin(), catalogue_.stays.end());
  }

  const Document& root_;
  Catalogue catalogue_;
  std::set<std::string> unknown_;
  AclReader acls_{unknown_};
};

}  // namespace

ReadCatalogue read_catalogue(std::string_view json) {
  const auto root = parse_document(json);
  if (!root || !root->is_object()) return {.problem = "the snapshot is no JSON object"};
  try {
    return {.catalogue = Reader(*root).read()};
  } catch (const MalformedSnapshot& malformed) {
    return {.problem = fmt::format("the snapshot cannot be read: {}", malformed.what())};
  }
}

}  // namespace weir::sql
