#include "convert/terraform.h"

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "convert/lakebase.h"
#include "convert/secrets.h"

namespace weir::convert {
namespace {

// The envelope is not in the reference; it is Terraform's documented JSON output format.
constexpr std::size_t kMostResources = 20'000;  // as members of one map in a manifest
constexpr int kDeepestModule = 32;
constexpr std::string_view kApp = "databricks_app";

const Dialect kTerraform = {.root = "", .fills_in = true};

const ResourceType* terraform_type(std::string_view name) {
  for (const ResourceType& type : resource_types()) {
    if (type.terraform == name) return &type;
  }
  return nullptr;
}

std::string text_in(const Node& map, std::string_view key) {
  const Node* value = map.find(key);
  return value != nullptr && value->is_scalar() && !value->is_null() ? value->text : "";
}

void escape_all(Node& node) {
  if (node.is_text()) node.text = literal(node.text);
  for (Node& item : node.items) escape_all(item);
  for (Entry& entry : node.entries) {
    entry.key = literal(entry.key);
    escape_all(entry.value);
  }
}

/// The state says which values nobody shall see; they are not even looked at.
void drop_sensitive(Node& value, const Node& flags, const std::string& path,
                    std::vector<std::string>& dropped) {
  if (flags.type == Node::Type::kBoolean && flags.text == "true") {
    if (!value.is_null()) dropped.push_back(path);
    value = Node{.place = value.place};
    return;
  }
  for (std::size_t i = 0; i < value.items.size() && i < flags.items.size(); ++i) {
    drop_sensitive(value.items[i], flags.items[i], path, dropped);
  }
  for (const Entry& flag : flags.entries) {
    Node* inner = value.find(flag.key);
    if (inner == nullptr) continue;
    drop_sensitive(*inner, flag.value, path.empty() ? flag.key : path + "." + flag.key, dropped);
  }
}

class StateReader {
 public:
  explicit StateReader(Notes& notes) : notes_(notes) {}

  void read(const Node& root) {
    const Node* planned = root.find("planned_values");
    const Node* values = planned != nullptr ? planned : root.find("values");
    const Node* module = values == nullptr ? nullptr : values->find("root_module");
    if (module != nullptr) read_module(*module, 0);
  }

  std::vector<TerraformResource> take() {
    for (const auto& [type, count] : others_) {
      notes_.remark({{}, type},
                    fmt::format("{} resource{} {} not Lakebase's", count, count == 1 ? "" : "s",
                                count == 1 ? "is" : "are"),
                    "left to Terraform");
    }
    return std::move(resources_);
  }

 private:
  void read_module(const Node& module, int depth) {
    if (depth > kDeepestModule) {
      return notes_.lost({}, "modules are nested too deeply", "convert the inner ones alone");
    }
    if (const Node* resources = module.find("resources")) {
      for (const Node& resource : resources->items) read_resource(resource);
    }
    if (const Node* modules = module.find("child_modules")) {
      for (const Node& child : modules->items) read_module(child, depth + 1);
    }
  }

  void read_resource(const Node& node) {
    const Node* values = node.find("values");
    if (text_in(node, "mode") == "data" || values == nullptr || !values->is_map()) return;
    TerraformResource resource{.type = text_in(node, "type"),
                               .address = text_in(node, "address"),
                               .label = label_of(node),
                               .values = *values};
    const bool is_ours = terraform_type(resource.type) != nullptr ||
                         is_of_postgresql(resource.type) || is_permissions(resource);
    const bool is_app = resource.type == kApp;  // of which only the bindings come along
    if (!is_ours || is_app) ++others_[resource.type];
    if (!is_ours && !is_app) return;
    if (resources_.size() >= kMostResources) {
      return notes_.lost({}, fmt::format("there are more than {} resources", kMostResources),
                         "convert modules one by one");
    }
    hide_what_is_sensitive(node, resource);
    escape_all(resource.values);
    hide_secrets(resource.values, resource.address, notes_);
    resources_.push_back(std::move(resource));
  }

  static bool is_permissions(const TerraformResource& resource) {
    return resource.type == "databricks_permissions" &&
           !(text_in(resource.values, "database_project_name") +
             text_in(resource.values, "database_instance_name"))
                .empty();
  }

  static std::string label_of(const Node& node) {
    const Node* index = node.find("index");
    const std::string name = text_in(node, "name");
    if (index == nullptr || index->is_null()) return name;
    return index->is_text() ? index->text : fmt::format("{}_{}", name, index->text);
  }

  /// Of a password it is known afterwards that there is one.
  void hide_what_is_sensitive(const Node& node, TerraformResource& resource) {
    for (const char* key : {"password", "password_wo_version"}) {
      const Node* password = resource.values.find(key);
      resource.has_password =
          resource.has_password ||
          (password != nullptr && !password->is_null() && !password->text.empty());
    }
    std::erase_if(resource.values.entries,
                  [](const Entry& entry) { return entry.key.starts_with("password"); });
    const Node* flags = node.find("sensitive_values");
    std::vector<std::string> dropped;
    if (flags != nullptr) drop_sensitive(resource.values, *flags, "", dropped);
    for (const std::string& path : dropped) {
      notes_.lost({{}, resource.address + "." + path}, "is sensitive, and stays in the state",
                  "say it by hand, with a secret variable where it is a password");
    }
  }

  Notes& notes_;
  std::vector<TerraformResource> resources_;
  std::map<std::string, std::size_t> others_;
};

void declare_permissions_of(const TerraformResource& resource, Estate& estate) {
  const Node* list = resource.values.find("access_control");
  if (list == nullptr) return;
  const std::string project = text_in(resource.values, "database_project_name");
  const std::string instance = text_in(resource.values, "database_instance_name");
  const bool is_whole_name = project.starts_with("projects/");
  const std::string name = project.empty() ? "instances/" + instance
                           : is_whole_name ? project
                                           : "projects/" + project;
  estate.declare_permissions(name, *list, "permission_level", {{}, resource.address});
}

}  // namespace

bool is_terraform(const Node& root) {
  return root.find("format_version") != nullptr &&
         (root.find("values") != nullptr || root.find("planned_values") != nullptr);
}

void convert_terraform(const std::vector<Node>& roots, Conversion& conversion) {
  StateReader reader(conversion.notes);
  for (const Node& root : roots) reader.read(root);
  const std::vector<TerraformResource> all = reader.take();
  std::vector<Resource> resources;
  std::vector<TerraformResource> of_postgresql;
  for (const TerraformResource& each : all) {
    if (is_of_postgresql(each.type)) of_postgresql.push_back(each);
    const ResourceType* type = terraform_type(each.type);
    if (type == nullptr) continue;
    resources.push_back(
        {.type = type, .label = each.label, .spot = {{}, each.address}, .body = each.values});
  }
  KeyBook keys;
  Estate estate(conversion.catalogue, kTerraform, keys, conversion.notes);
  estate.declare(resources);
  for (const TerraformResource& each : all) {
    if (each.type == "databricks_permissions") declare_permissions_of(each, estate);
    const Node* list = each.type == kApp ? each.values.find("resources") : nullptr;
    if (list == nullptr) continue;
    estate.declare_app(each.label, text_in(each.values, "name"), *list, {{}, each.address});
  }
  conversion.manifest.update(estate.tree);
  if (!of_postgresql.empty()) convert_postgresql(of_postgresql, conversion);
}

}  // namespace weir::convert
