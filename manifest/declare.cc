// Walks the tree by the catalogue: what stands in a collection of a kind declares one of it.
#include <algorithm>
#include <unordered_map>
#include <utility>

#include <fmt/format.h>

#include "manifest/bindings.h"
#include "manifest/branch_classes.h"
#include "manifest/budgets.h"
#include "manifest/combinations.h"
#include "manifest/declaring.h"
#include "manifest/earlier.h"
#include "manifest/fields.h"
#include "manifest/inside/declare_inside.h"
#include "manifest/inside/forms.h"
#include "manifest/inside/roles_in_sql.h"
#include "manifest/inside/words.h"
#include "manifest/kind_words.h"
#include "manifest/leftover.h"
#include "manifest/manifest_rules.h"
#include "manifest/members.h"
#include "manifest/paths.h"
#include "manifest/pipelines.h"
#include "manifest/references.h"
#include "manifest/server_choice.h"
#include "manifest/settings.h"

namespace weir {
namespace {

/// The declaration whose members are read, and what contains it. A schema is one as well, of the
/// kind of its database.
struct Container {
  const Kind* kind = nullptr;
  Address address = {};
  std::string remote_name = {};
  std::string id = {};
  const Container* parent = nullptr;  ///< null at the top
  bool is_of_class = false;           ///< stands for branches that nobody declares one by one
};

class Declarer {
 public:
  explicit Declarer(const Declaring& declaring) : declaring_(declaring), pipelines_(declaring) {}

  void declare_top(const Node& root) {
    const Container top;
    for (const Entry& entry : root.entries) {
      const Kind* kind = declaring_.catalogue.in_collection("", entry.key);
      if (kind != nullptr) declare_collection(*kind, entry, top);
    }
  }

  std::vector<Declaration> take_declarations() {
    resolve_references(declarations_, open_, declaring_);
    refer_to_bound(declarations_);
    check_cycles(declarations_, declaring_);
    check_names(declarations_, declaring_);
    std::sort(declarations_.begin(), declarations_.end(),
              [](const Declaration& left, const Declaration& right) {
                return left.address < right.address;
              });
    return std::move(declarations_);
  }

  /// What the declarations say of their insides.
  const std::vector<inside::WrittenInside>& insides() const { return insides_; }
  std::vector<BranchClass> take_classes() { return std::move(classes_); }

 private:
  void declare_collection(const Kind& kind, const Entry& entry, const Container& container) {
    const Node& members = entry.value;
    if (is_leftover(members)) return;
    if (kind.identity == Identity::kSingleton) return declare_singleton(kind, entry, container);
    if (kind.identity == Identity::kOnly) return declare_only(kind, entry, container);
    if (members.is_null()) return warn_of_null(entry, container.address.text());
    if (!members.is_map()) {
      return declaring_.complain(rule::kShape, container.address.text(), members.place,
                                 fmt::format("{}: expected a map from keys to {}; not {}",
                                             entry.key, kind.collection, describe(members)),
                                 fmt::format("{}: {{ KEY: {{}} }}", entry.key));
    }
    for (const Entry& member : members.entries) {
      if (declarations_.size() >= CountLimits{}.declarations) return refuse_more(member.place);
      declare_member(kind, member, container);
    }
  }

  void refuse_more(const Place& place) {
    if (std::exchange(is_full_, true)) return;
    declaring_.complain(
        rule::kTooMany, "", place,
        fmt::format("more than {} resources are declared", CountLimits{}.declarations),
        "split the manifest into several with names of their own");
  }

  /// `empty` is what says in so many words that nothing is in it.
  void warn_of_null(const Entry& entry, const std::string& address, const char* empty = "{}") {
    declaring_.diagnostics.add(
        {.severity = Severity::kWarning,
         .rule = rule::kNullMember,
         .address = address,
         .message = fmt::format("{} has nothing behind it and declares nothing", entry.key),
         .hint = fmt::format("write {}: {} to declare it, or remove it", entry.key, empty),
         .place = entry.place});
  }

  void declare_member(const Kind& kind, const Entry& member, const Container& container) {
    if (is_leftover(member.value)) return;
    if (member.key.empty()) {
      return declaring_.complain(rule::kId, container.address.text(), member.place,
                                 with_article(kind) + " has an empty key", "give it a key");
    }
    declare_map(kind, container.address.child(kind.collection, member.key), member, container);
  }

  /// Its fields stand behind its own key.
  void declare_only(const Kind& kind, const Entry& entry, const Container& container) {
    declare_map(kind, container.address.singleton(kind.collection), entry, container);
  }

  void declare_map(const Kind& kind, const Address& address, const Entry& member,
                   const Container& container) {
    if (member.value.is_null()) return warn_of_null(member, address.text());
    if (!member.value.is_map()) {
      return declaring_.complain(rule::kShape, address.text(), member.value.place,
                                 fmt::format("expected a map with the fields of {}; not {}",
                                             with_article(kind), describe(member.value)),
                                 fmt::format("see weir explain {}", kind.name));
    }
    declare(kind, address, member, container);
  }

  void declare(const Kind& kind, const Address& address, const Entry& member,
               const Container& container) {
    const Members members =
        sort_members(kind, member.value, address, declaring_.catalogue, declaring_.diagnostics);
    Declaration declaration = begin(kind, address, member.place, container);
    const std::vector<WrittenReference> references =
        read_fields(members.fields, declaration, declaring_);
    check_combinations(declaration, declaring_.diagnostics);
    note_containers(declaration, container);
    identify(declaration, members.id, declaring_);
    if (kind.is_a("synced_table")) {
      name_synced_table(declaration, container);
      pipelines_.share_with(declaration);
    }
    if (kind.is_a("cdf_config")) name_in_schema(declaration, members.id, container);
    if (members.lifecycle != nullptr) read_lifecycle(*members.lifecycle, declaration, declaring_);
    const Container self{.kind = &kind,
                         .address = address,
                         .remote_name = declaration.remote_name(),
                         .id = declaration.id,
                         .parent = &container,
                         .is_of_class = container.is_of_class};
    if (kind.is_a("catalog")) catalogs_[container.address] = declaration.id;
    keep(std::move(declaration), references, self);
    if (kind.name == "project") return declare_project(members, self);
    // Words of a synced table are read with those of its schema.
    if (!members.inside.empty() && !kind.is_apart) insides_.push_back({address, members.inside});
    declare_members(members, self);
    if (kind.is_apart) return;
    for (const Entry* words : members.inside) declare_below(kind, *words, self);
  }

  void declare_members(const Members& members, const Container& self) {
    for (const WrittenCollection& collection : members.collections) {
      declare_collection(*collection.kind, *collection.entry, self);
    }
  }

  /// Its only words beside fields and members are classes of branches.
  void declare_project(const Members& members, const Container& self) {
    declare_members(members, self);
    const inside::Subject subject{declaring_, self.address.text()};
    for (const Entry* classes : members.inside) {
      const inside::Word* word = inside::find_word("project.branch_classes");
      if (!inside::check_form(*word, *classes, subject)) continue;
      for (const Entry& entry : classes->value.entries) declare_class(entry, self);
    }
  }

  void declare_class(const Entry& entry, const Container& project) {
    auto read = read_branch_class(entry, project.address, declaring_);
    if (!read) return;
    Container scope = project;
    scope.is_of_class = true;
    declare(*declaring_.catalogue.find("branch"), read->branch_class.address, read->branch, scope);
    classes_.push_back(std::move(read->branch_class));
  }

  /// Resources that stand among the words for what is inside: synced tables of schemas.
  void declare_below(const Kind& kind, const Entry& words, const Container& database) {
    const std::string parent = fmt::format("{}.{}", kind.name, words.key);
    const Kind* any = declaring_.catalogue.first_in(parent);
    if (any == nullptr || !words.value.is_map()) return;
    for (const Entry& schema : words.value.entries) {
      if (!schema.value.is_map()) continue;
      const Container self{.kind = &kind,
                           .address = database.address.child(words.key, schema.key),
                           .remote_name = database.remote_name,
                           .id = database.id,
                           .parent = &database};
      for (const Entry& entry : schema.value.entries) {
        const Kind* member = declaring_.catalogue.in_collection(parent, entry.key);
        if (member != nullptr) declare_collection(*member, entry, self);
      }
    }
  }

  /// Where the service keeps a resource apart from what contains it here, its fields say that.
  static void note_containers(Declaration& declaration, const Container& nearest) {
    if (!declaration.kind->is_apart) return;
    for (const Container* container = &nearest; container->parent != nullptr;
         container = container->parent) {
      const Kind& kind = *container->kind;
      const Field* field = find_field(*declaration.kind, kind.sort());
      if (field == nullptr || !field->is_derived) continue;
      const bool is_named = kind.api->is_plain || container->remote_name.empty();
      declaration.fields[std::string(field->name)] =
          is_named ? container->id : container->remote_name;
    }
  }

  /// A change data feed is about its schema, and is called like it unless it says otherwise.
  static void name_in_schema(Declaration& declaration, const Node* id, const Container& schema) {
    declaration.fields["postgres_schema"] = schema.address.key();
    if (id == nullptr) declaration.id = schema.address.key();
  }

  /// "shop_prod.crm.customers": behind the catalog of its database the schema and the key.
  void name_synced_table(Declaration& declaration, const Container& schema) {
    const std::string place = fmt::format("{}.{}", schema.address.key(), declaration.address.key());
    const std::string written = text_at(declaration.fields, "uc_name");
    const auto catalog = catalogs_.find(schema.parent->address);
    if (!written.empty()) {
      declaration.id = written;
      const std::size_t dot = written.find('.');
      if (dot != std::string::npos && dot > 0 && written.substr(dot + 1) == place) return;
      declaring_.complain(
          rule::kId, declaration.address.text(), declaration.place_of("uc_name"),
          fmt::format("uc_name: \"{}\" would be another table in Postgres than {}", written, place),
          fmt::format("write CATALOG.{}, or move it to the schema and key that are meant", place));
    } else if (catalog != catalogs_.end()) {
      // One that could not be read has no name, and that was told.
      if (!catalog->second.empty()) declaration.id = fmt::format("{}.{}", catalog->second, place);
    } else if (!declaration.field_places.contains("uc_name")) {
      declaring_.complain(rule::kRequired, declaration.address.text(), declaration.place,
                          "has no name in Unity Catalog: its database has no catalog",
                          fmt::format("add uc_name: CATALOG.{}, or give the database its catalog: "
                                      "{{ name: CATALOG }}",
                                      place));
    }
  }

  /// A singleton has one field, and its value stands behind the singleton's own key.
  void declare_singleton(const Kind& kind, const Entry& entry, const Container& container) {
    const Address address = container.address.singleton(kind.collection);
    if (entry.value.is_null()) return warn_of_null(entry, address.text(), "[]");
    Declaration declaration = begin(kind, address, entry.place, container);
    const WrittenField only{&kind.fields.front(), &entry.value, entry.place};
    const auto references = read_fields({only}, declaration, declaring_);
    identify(declaration, nullptr, declaring_);
    const Container self{.kind = &kind, .address = address, .parent = &container};
    keep(std::move(declaration), references, self);
  }

  static Declaration begin(const Kind& kind, const Address& address, const Place& place,
                           const Container& container) {
    return {.address = address,
            .kind = &kind,
            .remote_parent = kind.is_apart ? "" : container.remote_name,
            .is_of_class = container.is_of_class,
            .takes_requests = kind.is_made_by_requests(),
            .place = place};
  }

  void keep(Declaration declaration, const std::vector<WrittenReference>& references,
            const Container& self) {
    for (const WrittenReference& reference : references) {
      open_.push_back({.declaration = declarations_.size(),
                       .field = reference.field,
                       .scope = scope_of(*reference.field, self),
                       .key = reference.key,
                       .place = reference.place});
    }
    declarations_.push_back(std::move(declaration));
  }

  /// What contains the things that a field may name: the nearest container of the right kind.
  Address scope_of(const Field& field, const Container& self) const {
    const Kind* named = declaring_.catalogue.find(field.refers_to);
    const Container* container = &self;
    while (container->parent != nullptr &&
           (named == nullptr || container->kind->name != named->parent)) {
      container = container->parent;
    }
    return container->address;
  }

  const Declaring& declaring_;
  const Pipelines pipelines_;
  std::vector<Declaration> declarations_;
  std::vector<OpenReference> open_;
  std::vector<inside::WrittenInside> insides_;
  std::vector<BranchClass> classes_;
  std::unordered_map<Address, std::string> catalogs_;  // by database
  bool is_full_ = false;
};

}  // namespace

Manifest declare(MergedTree tree, const Catalogue& catalogue, const Sources& sources,
                 Diagnostics& diagnostics) {
  resolve_bindings(tree, catalogue, diagnostics);
  resolve_paths(tree, catalogue, diagnostics);
  const Declaring declaring{catalogue, tree, sources, diagnostics};
  Manifest manifest;
  read_settings(manifest, declaring);
  Declarer declarer(declaring);
  declarer.declare_top(tree.root);
  manifest.declarations = declarer.take_declarations();
  manifest.branch_classes = declarer.take_classes();
  read_earlier(manifest, declaring);
  choose_branch(manifest, declaring);
  manifest.insides = inside::declare_insides(declarer.insides(), manifest.declarations, declaring);
  inside::make_roles_in_sql(manifest);
  check_roles_of_server(manifest, declaring);
  manifest.secrets = tree.secrets;
  return manifest;
}

}  // namespace weir
