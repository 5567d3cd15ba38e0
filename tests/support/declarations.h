// Declarations for tests in one line each: a_branch("dev").with("expires", "1h").
#pragma once

#include <algorithm>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "core/value.h"
#include "manifest/manifest.h"
#include "providers/lakebase/kinds.h"

namespace weir::test {

/// Builds a declaration as the loader would. Ids are keys, so that addresses are remote names.
class DeclarationBuilder {
 public:
  DeclarationBuilder(const Kind& kind, std::string key, std::string parent)
      : key_(std::move(key)), parent_(std::move(parent)) {
    declaration_.kind = &kind;
  }

  /// A field as a manifest has it; of a reference the address that it names.
  DeclarationBuilder& with(const std::string& name, const Document& written) {
    const Field* field = find_field(*declaration_.kind, name);
    if (field == nullptr) throw std::invalid_argument("no field " + name);
    declaration_.field_places[name] = declaration_.place;
    if (field->type == Type::kReference) return refers(name, written.get<std::string>());
    auto value = read_value(*field, written);
    if (const auto* wrong = std::get_if<std::string>(&value)) {
      throw std::invalid_argument(name + ": " + *wrong);
    }
    declaration_.fields[name] = std::move(std::get<Document>(value));
    if (field->type != Type::kBindings) return *this;
    for (const Document& entry : declaration_.fields.at(name)) {
      refers(name, target_of_binding(entry));
    }
    return *this;
  }
  /// A reference to something that no manifest declares and that the service makes by itself.
  DeclarationBuilder& with_implied(const std::string& name, const std::string& address) {
    refers(name, address).declaration_.references.back().is_declared = false;
    return *this;
  }
  DeclarationBuilder& in(const std::string& parent) {
    parent_ = parent;
    return *this;
  }
  /// The API's id when it differs from the key.
  DeclarationBuilder& called(const std::string& id) {
    id_ = id;
    return *this;
  }
  DeclarationBuilder& with_lifecycle(Lifecycle lifecycle) {
    declaration_.lifecycle = std::move(lifecycle);
    return *this;
  }
  DeclarationBuilder& at(Place place) {
    declaration_.place = place;
    return *this;
  }

  Declaration build() const {
    Declaration built = declaration_;
    const Kind& kind = *built.kind;
    const Address parent = Address::parse(parent_).value_or(Address());
    built.address =
        kind.is_alone() ? parent.singleton(kind.collection) : parent.child(kind.collection, key_);
    // Names of databases are known to the workspace alone.
    built.remote_parent = kind.is_unlisted ? "" : parent_;
    if (kind.derive != nullptr) kind.derive(built.fields, key_);
    built.id = id_.empty() ? default_id(built) : id_;
    return built;
  }
  // NOLINTNEXTLINE(google-explicit-constructor): a builder stands for what it builds.
  operator Declaration() const { return build(); }

 private:
  DeclarationBuilder& refers(const std::string& name, const std::string& address) {
    const auto target = Address::parse(address);
    if (!target) throw std::invalid_argument("no address: " + address);
    declaration_.references.push_back(
        {.field = name, .target = *target, .is_declared = true, .place = declaration_.place});
    return *this;
  }

  std::string default_id(const Declaration& built) const {
    switch (built.kind->identity) {
      case Identity::kSingleton:
        return "";
      case Identity::kRoleAlias:
        return built.fields.value("postgres_role", "");
      default:
        return key_;
    }
  }

  std::string key_;
  std::string parent_;
  std::string id_;
  Declaration declaration_;
};

inline DeclarationBuilder a_project(const std::string& key = "shop") {
  return {kProject, key, ""};
}
inline DeclarationBuilder permissions_of(const std::string& project = "projects/shop") {
  return {kPermissionsOfProject, "", project};
}
inline DeclarationBuilder an_instance(const std::string& key = "legacy") {
  return {kInstance, key, ""};
}
inline DeclarationBuilder a_branch(const std::string& key = "dev") {
  return {kBranch, key, "projects/shop"};
}
inline DeclarationBuilder an_endpoint(const std::string& key = "primary") {
  return {kEndpoint, key, "projects/shop/branches/dev"};
}
inline DeclarationBuilder a_role(const std::string& key = "app") {
  return {kRole, key, "projects/shop/branches/dev"};
}
inline DeclarationBuilder an_app(const std::string& key = "site") {
  return {kApp, key, ""};
}
inline DeclarationBuilder a_database(const std::string& key = "orders") {
  return {kDatabase, key, "projects/shop/branches/dev"};
}

/// A manifest with these declarations, in the order in which the loader would have them.
inline Manifest a_manifest(std::vector<Declaration> declarations) {
  std::sort(declarations.begin(), declarations.end(),
            [](const auto& left, const auto& right) { return left.address < right.address; });
  return {.name = "test", .declarations = std::move(declarations)};
}

}  // namespace weir::test
