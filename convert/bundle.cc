// Databricks bundles: resources become the tree, targets environments, variables variables.
#include <algorithm>
#include <array>
#include <fnmatch.h>
#include <map>
#include <set>

#include <fmt/format.h>

#include "convert/bundle_references.h"
#include "convert/formats.h"
#include "convert/lakebase.h"
#include "convert/secrets.h"
#include "core/secret_name.h"

namespace weir::convert {
namespace {

constexpr Dialect kBundle = {.root = "spec."};
constexpr std::size_t kMostTargets = 64;  // as environments of a manifest

/// Maps merge, everything else replaces: so targets are put over the bundle.
void put_over(Node& base, const Node& patch) {
  if (!base.is_map() || !patch.is_map()) {
    base = patch;
    return;
  }
  for (const Entry& entry : patch.entries) {
    if (Node* there = base.find(entry.key)) {
      put_over(*there, entry.value);
    } else {
      base.entries.push_back(entry);
    }
  }
}

/// What two files say differently.
void tell_twice(const Node& first, const Node& second, const std::string& path, Notes& notes) {
  for (const Entry& entry : second.entries) {
    const Node* other = first.find(entry.key);
    if (other == nullptr) continue;
    const std::string inner = path.empty() ? entry.key : path + "." + entry.key;
    if (other->is_map() && entry.value.is_map()) {
      tell_twice(*other, entry.value, inner, notes);
    } else if (to_document(*other) != to_document(entry.value)) {
      notes.lost({other->place, inner}, "is said in two files, and the later one holds",
                 "say it once");
    }
  }
}

const ResourceType* bundle_type(std::string_view name) {
  for (const ResourceType& type : resource_types()) {
    if (!type.bundle.empty() && type.bundle == name) return &type;
  }
  return nullptr;
}

std::string_view type_word(const Document& value) {
  if (value.is_boolean()) return "bool";
  if (value.is_number()) return "number";
  if (value.is_array()) return "list";
  return value.is_object() ? "map" : "string";
}

const Node& empty_map() {
  static const Node empty{.type = Node::Type::kMap};
  return empty;
}

const Node& map_at(const Node& node, std::string_view key) {
  const Node* found = node.find(key);
  return found != nullptr && found->is_map() ? *found : empty_map();
}

class BundleReader {
 public:
  BundleReader(Node root, Conversion& conversion)
      : root_(std::move(root)),
        conversion_(conversion),
        notes_(conversion.notes),
        variables_(map_at(root_, "variables")),
        targets_(map_at(root_, "targets")),
        references_(&variables_, name_of(root_), !targets_.entries.empty(), notes_) {}

  void read() {
    if (conversion_.name.empty()) conversion_.name = literal(name_of(root_));
    tell_includes();
    const Node& resources = map_at(root_, "resources");
    prefer_labels();
    tell_other_resources(resources, "resources");
    const Document base = tree_of(resources);
    Document& manifest = conversion_.manifest;
    if (const Document workspace = workspace_of(root_, ""); !workspace.empty()) {
      manifest["workspace"] = workspace;
    }
    for (std::size_t i = 0; i < targets_.entries.size() && i < kMostTargets; ++i) {
      read_target(targets_.entries[i], base);
    }
    if (targets_.entries.size() > kMostTargets) {
      notes_.lost({targets_.place, "targets"},
                  fmt::format("has more than {} targets", kMostTargets),
                  "a manifest has no more environments; convert the others alone");
    }
    manifest.update(base);
    write_variables();
    tell_rest_of_root();
  }

 private:
  static std::string name_of(const Node& root) {
    const Node* name = map_at(root, "bundle").find("name");
    return name != nullptr && name->is_scalar() ? name->text : "";
  }

  /// What targets call differently has its label as its key, as none of its names is its own.
  void prefer_labels() {
    for (const Entry& target : targets_.entries) {
      const Node& resources = map_at(target.value, "resources");
      for (const ResourceType& type : resource_types()) {
        if (type.bundle.empty()) continue;
        for (const Entry& resource : map_at(resources, type.bundle).entries) {
          const bool is_renamed =
              resource.value.find(type.id_key) != nullptr &&
              map_at(map_at(root_, "resources"), type.bundle).find(resource.key) != nullptr;
          if (is_renamed)
            keys_.emplace(fmt::format("{}.{}", type.bundle, resource.key), as_key(resource.key));
        }
      }
    }
  }

  Document tree_of(const Node& resources) {
    std::vector<Resource> all;
    for (const ResourceType& type : resource_types()) {
      if (type.bundle.empty()) continue;
      for (const Entry& entry : map_at(resources, type.bundle).entries) {
        Resource resource{.type = &type,
                          .label = entry.key,
                          .spot = {entry.place, fmt::format("{}.{}", type.bundle, entry.key)},
                          .body = entry.value};
        references_.translate(resource.body, resources);
        hide_secrets(resource.body, resource.spot.address, notes_);
        all.push_back(std::move(resource));
      }
    }
    Estate estate(conversion_.catalogue, kBundle, keys_, notes_);
    estate.declare(all);
    for (const Entry& app : map_at(resources, "apps").entries) {
      declare_app(app, resources, estate);
    }
    return std::move(estate.tree);
  }

  /// The app itself stays in the bundle.
  void declare_app(const Entry& app, const Node& resources, Estate& estate) {
    const Node* list = app.value.find("resources");
    const Node* name = app.value.find("name");
    if (list == nullptr || name == nullptr) return;
    Node own_name = *name;
    Node own_list = *list;
    references_.translate(own_name, resources);
    references_.translate(own_list, resources);
    estate.declare_app(app.key, own_name.text, own_list, {app.place, "apps." + app.key});
  }

  void read_target(const Entry& target, const Document& base) {
    const std::string address = "targets." + target.key;
    Body body(target.value);
    Document& environment = member(conversion_.manifest, {"environments", target.key});
    if (const Document workspace = workspace_of(target.value, address + "."); !workspace.empty()) {
      environment["workspace"] = workspace;
    }
    body.take("workspace");
    if (const Node* variables = body.take("variables")) read_values(*variables, target.key);
    if (const Node* resources = body.take("resources")) {
      tell_other_resources(*resources, address + ".resources");
      Node merged = map_at(root_, "resources");
      put_over(merged, *resources);
      Document patch = patch_between(base, tree_of(merged));
      if (!patch.empty()) environment["patch"] = std::move(patch);
    }
    if (body.take_flag("default")) {
      notes_.remark({target.place, address}, "is the target that is used when none is named",
                    fmt::format("weir wants it named: -e {0}, or WEIR_ENV={0}", target.key));
    }
    if (const Node* mode = body.take("mode"); mode != nullptr && mode->text == "development") {
      notes_.remark({mode->place, address + ".mode"}, "changes names and schedules by itself",
                    "weir deploys every environment as it is written");
    }
    tell_rest(body, address, notes_);
  }

  /// Where to go; the rest of it is about the files of the bundle.
  Document workspace_of(const Node& owner, const std::string& address) {
    Document workspace = Document::object();
    for (const Entry& entry : map_at(owner, "workspace").entries) {
      const bool is_ours = entry.key == "host" || entry.key == "profile";
      if (is_ours && entry.value.is_scalar() && entry.value.text.find("${") == std::string::npos) {
        workspace[entry.key] = entry.value.text;
        continue;
      }
      notes_.lost(
          {entry.place, fmt::format("{}workspace.{}", address, entry.key)},
          is_ours ? "is no fixed text" : "is about the files of the bundle",
          is_ours ? "write the host or the profile itself" : "weir keeps nothing in the workspace");
    }
    return workspace;
  }

  void read_values(const Node& variables, const std::string& target) {
    for (const Entry& entry : variables.entries) {
      const Node* value = entry.value.is_map() ? entry.value.find("default") : &entry.value;
      const Spot spot = {entry.place, fmt::format("targets.{}.variables.{}", target, entry.key)};
      if (value == nullptr) {
        notes_.lost(spot, "is looked up by the bundle's own tool", "give the value itself");
      } else if (!is_secret_name(entry.key)) {
        if (has_reference(*value)) {
          notes_.lost(spot, "has references, which values of variables cannot have",
                      "write the value itself");
          continue;
        }
        values_[entry.key].emplace_back(target, open_value(*value, spot));
      }
    }
  }

  /// A value of a variable without what is called like a secret.
  Document open_value(Node value, const Spot& spot) {
    hide_secrets(value, spot.address, notes_);
    return to_document(value);
  }

  static bool has_reference(const Node& node) {
    return node.text.find("${") != std::string::npos ||
           std::any_of(node.items.begin(), node.items.end(), has_reference) ||
           std::any_of(node.entries.begin(), node.entries.end(),
                       [](const Entry& entry) { return has_reference(entry.value); });
  }

  void write_variables() {
    const std::set<std::string> used = variables_in(conversion_.manifest);
    std::vector<std::string> unused;
    for (const Entry& entry : variables_.entries) {
      if (used.contains(entry.key)) {
        write_variable(entry);
      } else {
        unused.push_back(entry.key);
      }
    }
    for (const auto& [name, expression] : references_.made()) {
      if (!used.contains(name)) continue;
      notes_.remark({{}, expression}, "is known only to the bundle's own tool",
                    fmt::format("the variable {} stands for it; give it a value", name));
      conversion_.manifest["variables"][name] = {
          {"type", "string"}, {"description", "What the bundle calls " + expression}};
    }
    if (unused.empty()) return;
    notes_.remark({variables_.place, "variables"},
                  fmt::format("{} {} used by nothing that comes along", fmt::join(unused, ", "),
                              unused.size() == 1 ? "is" : "are"),
                  "left out, as are their values in targets");
  }

  void write_variable(const Entry& entry) {
    const Spot spot = {entry.place, "variables." + entry.key};
    if (is_secret_name(entry.key)) {
      secret_variable(conversion_.manifest, entry.key);
      notes_.remark(spot, "is called like a secret, and its values stay where they are",
                    "weir reads it from the environment; it can be used as a password only");
      return;
    }
    Document variable = Document::object();
    const Node* value = entry.value.is_map() ? entry.value.find("default") : &entry.value;
    if (value != nullptr && has_reference(*value)) {
      notes_.lost(spot, "has references in its default, which variables cannot have",
                  "give it a value in each environment");
      value = nullptr;
    }
    const auto values = values_.find(entry.key);
    if (value != nullptr) {
      variable["default"] = open_value(*value, spot);
    } else {
      const bool is_known = values != values_.end();
      variable["type"] =
          std::string(is_known ? type_word(values->second.front().second) : "string");
    }
    const Node* description = entry.value.find("description");
    if (description != nullptr) variable["description"] = literal(description->text);
    if (entry.value.find("lookup") != nullptr) {
      notes_.lost(spot, "is looked up by the bundle's own tool", "give the value itself");
    }
    conversion_.manifest["variables"][entry.key] = std::move(variable);
    if (values == values_.end()) return;
    for (const auto& [target, given] : values->second) {
      conversion_.manifest["environments"][target]["variables"][entry.key] = given;
    }
  }

  void tell_includes() {
    const Node* includes = root_.find("include");
    for (const Node& include : includes == nullptr ? std::vector<Node>() : includes->items) {
      // Patterns come from the file, and some take very long to match.
      constexpr std::size_t kLongestPattern = 256;
      constexpr std::ptrdiff_t kMostStars = 8;
      const bool is_plain = include.text.size() <= kLongestPattern &&
                            std::count(include.text.begin(), include.text.end(), '*') <= kMostStars;
      const bool is_given =
          is_plain &&
          std::any_of(conversion_.files.begin(), conversion_.files.end(),
                      [&](const std::string& file) {
                        return fnmatch(include.text.c_str(), file.c_str(), 0) == 0 ||
                               fnmatch(("*/" + include.text).c_str(), file.c_str(), 0) == 0;
                      });
      if (is_given) continue;
      notes_.lost({include.place, "include"}, "names files that were not given",
                  "name them behind databricks.yml");
    }
  }

  /// What is no database stays in the bundle; that is said once for each sort.
  void tell_other_resources(const Node& resources, const std::string& address) {
    for (const Entry& entry : resources.entries) {
      if (bundle_type(entry.key) != nullptr) continue;
      const std::size_t count = entry.value.entries.size();
      notes_.remark({entry.place, fmt::format("{}.{}", address, entry.key)},
                    fmt::format("{} resource{} {} not Lakebase's", count, count == 1 ? "" : "s",
                                count == 1 ? "is" : "are"),
                    "left to the bundle");
    }
  }

  void tell_rest_of_root() {
    Body body(root_);
    for (const char* key :
         {"bundle", "resources", "targets", "variables", "include", "workspace"}) {
      body.take(key);
    }
    tell_rest(body, "", notes_);
  }

  const Node root_;
  Conversion& conversion_;
  Notes& notes_;
  const Node& variables_;
  const Node& targets_;
  BundleReferences references_;
  KeyBook keys_;
  std::map<std::string, std::vector<std::pair<std::string, Document>>> values_;  // by variable
};

}  // namespace

bool is_bundle(const Node& root) {
  const Node* resources = root.find("resources");
  const bool is_mapped = resources != nullptr && resources->is_map();
  return map_at(root, "bundle").find("name") != nullptr ||
         (is_mapped && root.find("format_version") == nullptr);
}

void convert_bundle(const std::vector<Node>& roots, Conversion& conversion) {
  Node root = roots.front();
  for (std::size_t i = 1; i < roots.size(); ++i) {
    tell_twice(root, roots[i], "", conversion.notes);
    put_over(root, roots[i]);
  }
  BundleReader(std::move(root), conversion).read();
}

}  // namespace weir::convert
