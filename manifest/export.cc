#include "manifest/export.h"

#include <algorithm>
#include <map>
#include <set>

#include <fmt/format.h>

#include "core/units.h"
#include "core/value.h"
#include "manifest/export_apart.h"
#include "manifest/export_insides.h"
#include "manifest/export_keys.h"
#include "manifest/interpolate.h"
#include "manifest/yaml_text.h"

namespace weir {
namespace {

/// Values that a manifest would have only to say what is so anyway.
bool is_unsaid(const Field& field, const Document& value) {
  if (value.is_null()) return true;
  if (field.type == Type::kBoolean || field.type == Type::kSuperuser) return value == false;
  if (field.type == Type::kGroup) return value.value("size", 1) == 1;
  const bool is_collection = value.is_object() || value.is_array();
  return is_collection && value.empty();
}

/// The same tree with every "${" in texts and keys standing for itself.
Document escaped(const Document& document) {
  if (document.is_string()) return escape_interpolation(document.get<std::string>());
  if (!document.is_structured()) return document;
  Document copy = document.is_object() ? Document::object() : Document::array();
  for (const auto& [key, value] : document.items()) {
    if (document.is_array()) {
      copy.push_back(escaped(value));
    } else {
      copy[escape_interpolation(key)] = escaped(value);
    }
  }
  return copy;
}

class Exporter {
 public:
  Exporter(const Observations& observations, const Catalogue& catalogue, const SeenInside& inside)
      : observations_(observations),
        catalogue_(catalogue),
        apart_(observations, left_out),
        insides_(inside),
        keys_(observations, catalogue, insides_, left_out) {
    // What is inside databases names roles before their branch is written.
    insides_.fold([&](const std::string& branch) { return keys_.of_roles(branch); });
  }

  void tell_what_stands_below_nothing() {
    for (std::string& reason : apart_.left_out()) left_out.push_back(std::move(reason));
  }

  Document profiles() const { return insides_.profiles(); }

  Document members_of(const Kind* parent, const std::string& parent_name) {
    Document members = Document::object();
    for (const Kind* kind : catalogue_.kinds()) {
      if (kind->parent != (parent == nullptr ? "" : parent->name)) continue;
      const std::string collection(kind->collection);
      if (kind->is_alone()) {
        add_only(members, *kind, parent_name);
        continue;
      }
      keys_.name_members(*kind, parent_name);
      Document of_kind = Document::object();
      for (const Observed* member : observations_.children(*kind, parent_name)) {
        if (!member->is_deleted()) add_member(of_kind, *member);
      }
      if (!of_kind.empty()) members[collection] = std::move(of_kind);
    }
    return members;
  }

  std::vector<std::string> left_out;

 private:
  void add_only(Document& members, const Kind& kind, const std::string& parent_name) {
    const Observed* only = observations_.find(fmt::format("{}/{}", parent_name, kind.name_key()));
    if (only == nullptr) return;
    if (kind.identity == Identity::kSingleton) return add_singleton(members, *only);
    members[std::string(kind.collection)] = fields_of(*only);
  }

  static void add_singleton(Document& members, const Observed& only) {
    for (const Field& field : only.kind->fields) {
      const auto value = only.fields.find(field.name);
      if (value == only.fields.end() || is_unsaid(field, *value)) continue;
      members[std::string(only.kind->collection)] = written_value(field, *value);
    }
  }

  void add_member(Document& members, const Observed& member) {
    const std::string& key = keys_.of(member.name);
    if (key.empty() || !has_owner(member)) return;
    Document fields = fields_of(member);
    // Of what other tools make only what leads into the rest of the manifest can be said.
    if (member.kind->is_foreign && fields.empty()) return;
    exported_.insert(member.name);
    insides_.write(fields, member, left_out);
    fields.update(members_of(member.kind, member.name));
    if (member.kind->is_a("database")) fields.merge_patch(apart_.below(member));
    members[key] = fields.empty() ? Document::object() : std::move(fields);
  }

  /// Whether a database's owner can be named; without one it cannot be declared.
  bool has_owner(const Observed& member) {
    const Field* owner = find_field(*member.kind, "owner");
    const bool is_owned = owner != nullptr && owner->type == Type::kReference;
    if (!is_owned || is_implied(member)) return true;
    const Document value = shown_value(member, *owner);
    const std::string role = value.is_string() ? value.get<std::string>() : "";
    if (!key_of_reference(member, *owner, role).empty()) return true;
    const std::string why = role.empty()
                                ? "the API does not show its owner, and nobody looked into it"
                                : fmt::format("its owner {} cannot be named", role);
    left_out.push_back(fmt::format("{}: {}, and no {} is declared without one", member.name, why,
                                   member.kind->name));
    return false;
  }

  /// What the API does not say of a database, it may have shown by itself.
  Document shown_value(const Observed& member, const Field& field) const {
    const auto value = member.fields.find(field.name);
    if (value != member.fields.end() && !value->is_null()) return *value;
    const bool is_open =
        field.name == "owner" && member.kind->is_a("database") && !is_implied(member);
    const std::string owner = is_open ? insides_.owner_of(member) : "";
    return owner.empty() ? Document() : Document(owner);
  }

  static bool is_implied(const Observed& member) {
    const auto& implied = member.kind->implied;
    return std::find(implied.begin(), implied.end(), member.postgres_name) != implied.end();
  }

  Document fields_of(const Observed& member) {
    Document fields = Document::object();
    if (member.kind->identity == Identity::kRoleAlias) put_identity(fields, member);
    for (const Field& field : member.kind->fields) {
      if (field.is_derived || is_point_of_origin(field)) continue;
      const Document value = shown_value(member, field);
      if (!is_unsaid(field, value)) put_field(fields, member, field, value);
    }
    join_capacity(fields);
    return fields;
  }

  /// The service says from which point a branch was made, whether or not anybody chose it.
  static bool is_point_of_origin(const Field& field) {
    return field.on_change == OnChange::kReplace && (field.name == "at" || field.name == "lsn");
  }

  void put_identity(Document& fields, const Observed& role) const {
    const std::string identity = text_at(role.fields, "identity");
    const std::string app = keys_.app_of(role);
    if (!app.empty()) {
      fields["app"] = app;
      return;
    }
    if (identity != "none") {
      fields[identity] = role.postgres_name;
      return;
    }
    const bool logs_in = keys_.method_of(role) == "password";
    fields["login"] = logs_in;
  }

  /// "projects.shop.branches.production" of a remote name; "" when it is not in the manifest.
  std::string path_to(const std::string& name) const {
    if (!exported_.contains(name)) return "";
    const std::size_t slash = name.rfind('/');
    const std::size_t end = name.rfind('/', slash - 1);
    const bool is_at_top = end == std::string::npos;
    const std::string above = is_at_top ? "" : path_to(name.substr(0, end)) + ".";
    const std::size_t begin = is_at_top ? 0 : end + 1;
    return fmt::format("{}{}.{}", above, name.substr(begin, slash - begin), keys_.of(name));
  }

  /// Without what leads to no database and no branch, as that is of others.
  Document written_bindings(const Observed& app, const Field& field, const Document& entries) {
    Document written = Document::array();
    for (Document entry : entries) {
      const std::string target = target_of_binding(entry);
      if (target.empty()) continue;
      const std::string path = path_to(target);
      if (path.empty()) {
        left_out.push_back(fmt::format("{}: its binding {} to {}, which is not written", app.name,
                                       text_at(entry, "resource_key"), target));
        continue;
      }
      entry[entry.contains("database") ? "database" : "branch"] = path;
      if (entry.at("permission") == field.choices.front().name) entry.erase("permission");
      written.push_back(std::move(entry));
    }
    return written;
  }

  void put_field(Document& fields, const Observed& member, const Field& field,
                 const Document& value) {
    if (field.type == Type::kBindings) {
      Document entries = written_bindings(member, field, value);
      if (!entries.empty()) fields[std::string(field.name)] = std::move(entries);
      return;
    }
    Document written = written_value(field, value);
    if (field.type == Type::kReference) {
      const std::string key = key_of_reference(member, field, value.get<std::string>());
      if (key.empty()) {
        left_out.push_back(fmt::format("{}: its {} {} cannot be named", member.name, field.name,
                                       value.get<std::string>()));
        return;
      }
      written = key;
    }
    if (field.type == Type::kExpiry) written = readable_expiry(value);
    set_path(fields, field.name, std::move(written));
  }

  /// A lifetime that somebody chose has whole minutes; any other end is written as a time.
  static Document readable_expiry(const Document& value) {
    if (value.contains("never")) return "never";
    const auto lifetime = parse_duration(value.value("ttl", std::string()));
    const bool is_chosen =
        lifetime && lifetime->count() > 0 &&
        lifetime->count() % std::chrono::nanoseconds(std::chrono::minutes(1)).count() == 0;
    return is_chosen ? Document(duration_text(*lifetime)) : value.at("expire_time");
  }

  std::string key_of_reference(const Observed& member, const Field& field,
                               const std::string& value) const {
    const Kind* kind = catalogue_.find(field.refers_to);
    if (kind->identity == Identity::kId) {
      const Observed* named = observations_.find(value);
      const bool is_there = named != nullptr && !named->is_deleted();
      return is_there ? value.substr(value.rfind('/') + 1) : "";
    }
    const std::string branch = member.name.substr(0, member.name.rfind("/databases/"));
    const Observed* found = observations_.find_postgres(*kind, branch, value);
    return found == nullptr ? "" : keys_.of(found->name);
  }

  static void join_capacity(Document& fields) {
    const auto least = fields.find("min_cu");
    const auto most = fields.find("max_cu");
    if (least == fields.end() || most == fields.end() || *least != *most) return;
    const Document capacity = *least;
    fields.erase("min_cu");
    fields.erase("max_cu");
    fields["cu"] = capacity;
  }

  const Observations& observations_;
  const Catalogue& catalogue_;
  ApartOfDatabases apart_;
  std::set<std::string> exported_ = {};  // remote names
  ExportedInsides insides_;
  ExportedKeys keys_;
};

}  // namespace

Exported export_manifest(const Observations& observations, const Catalogue& catalogue,
                         const std::string& name, const SeenInside& inside) {
  Exporter exporter(observations, catalogue, inside);
  Document manifest = {{"version", "weir/v1"}, {"name", name}};
  const Document profiles = exporter.profiles();
  if (!profiles.empty()) manifest["access_profiles"] = profiles;
  const Document members = exporter.members_of(nullptr, "");
  manifest.update(members);
  exporter.tell_what_stands_below_nothing();
  Exported exported{.yaml = yaml_text(escaped(manifest)), .left_out = std::move(exporter.left_out)};
  return exported;
}

}  // namespace weir
