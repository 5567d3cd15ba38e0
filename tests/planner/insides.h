// Insides of databases for tests of plans: what is wanted there, what was seen, what is planned.
#pragma once

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "planner/inside_view.h"
#include "planner/predict.h"
#include "tests/planner/shop.h"

namespace weir::test {

inline const std::string kOrders = kDev + "/databases/orders";

/// A tag as the loader makes it.
inline sql::Tag tag_of(const std::string& place, const std::string& words) {
  return place + "/" + words;
}

/// Builds an inside as the loader would.
class InsideBuilder {
 public:
  explicit InsideBuilder(const std::string& address) {
    inside_.address = Address::parse(address).value();
    inside_.place = {.file = 0, .line = 10, .column = 1};
  }

  /// An alias, with the declaration that it names.
  InsideBuilder& knows(const std::string& alias, const std::string& address = "") {
    const std::string role = address.empty() ? kDev + "/roles/" + alias : address;
    inside_.roles.emplace(alias, Address::parse(role).value());
    return *this;
  }
  InsideBuilder& with_schema(const std::string& name, std::optional<std::string> owner = {}) {
    const sql::Tag tag = written("schemas/" + name);
    inside_.wishes.schemas.push_back({.tag = tag, .name = name, .owner = std::move(owner)});
    return *this;
  }
  InsideBuilder& with_schema_end(const std::string& name, SchemaEnd end) {
    inside_.schema_ends[name] = std::move(end);
    return *this;
  }
  /// The role may use the schema.
  InsideBuilder& with_usage(const std::string& role, const std::string& schema) {
    inside_.wishes.access.push_back({.tag = written("schemas/" + schema + "/access/" + role),
                                     .grantee = {.role = role},
                                     .target = sql::the_schema(schema),
                                     .privileges = {sql::Privilege::kUsage}});
    return *this;
  }
  InsideBuilder& with_setting(const std::string& name, const std::string& value) {
    inside_.wishes.settings.push_back(
        {.tag = written("settings/" + name), .name = name, .value = value});
    return *this;
  }
  InsideBuilder& with_role(sql::RoleWish wish) {
    wish.tag = written("roles/" + wish.name);
    inside_.wishes.roles.push_back(std::move(wish));
    return *this;
  }
  InsideBuilder& with_password(const std::string& role, const std::string& variable) {
    inside_.passwords.push_back(
        {.tag = written("roles/" + role + "/password"), .role = role, .variable = variable});
    return *this;
  }
  // NOLINTNEXTLINE(google-explicit-constructor): a builder stands for what it builds.
  operator Inside() const { return inside_; }

 private:
  /// Each wish is written in a line of its own.
  sql::Tag written(const std::string& words) {
    sql::Tag tag = tag_of(inside_.address.text(), words);
    inside_.places[tag] = {.file = 0, .line = ++line_, .column = 5};
    return tag;
  }

  Inside inside_;
  std::uint32_t line_ = 10;
};

inline InsideBuilder inside(const std::string& address = kOrders) {
  return InsideBuilder(address);
}

/// The shop, with roles "reader" and "app_owner", and this inside of it.
inline Manifest a_shop_with(std::vector<Inside> insides) {
  Manifest manifest = a_shop();
  manifest.declarations.push_back(a_role("reader").with("login", true));
  std::ranges::sort(manifest.declarations, {}, &Declaration::address);
  manifest.insides = std::move(insides);
  return manifest;
}

/// What is in a database: it belongs to whoever looks, who may do everything.
class CatalogueBuilder {
 public:
  explicit CatalogueBuilder(const std::string& database) : catalogue_(new_database(database)) {
    catalogue_.roles.front().is_superuser = true;
  }

  CatalogueBuilder& with_role(const std::string& name) {
    expect_roles(catalogue_, {name});
    return *this;
  }
  CatalogueBuilder& with_schema(const std::string& name, sql::Acl acl = {}) {
    const sql::RoleId owner = catalogue_.current_user;
    acl.push_back({owner, owner, {sql::Privilege::kUsage, sql::Privilege::kCreate}});
    std::ranges::sort(acl);
    catalogue_.groups.push_back({.object_class = sql::ObjectClass::kSchema,
                                 .owner = owner,
                                 .acl = std::move(acl),
                                 .names = {name}});
    return *this;
  }
  /// A schema that these roles may use.
  CatalogueBuilder& with_usage(const std::vector<std::string>& roles, const std::string& schema) {
    sql::Acl acl;
    for (const std::string& role : roles) {
      const sql::RoleId grantee = catalogue_.role_named(role)->id;
      acl.push_back({catalogue_.current_user, grantee, {sql::Privilege::kUsage}});
    }
    return with_schema(schema, std::move(acl));
  }
  CatalogueBuilder& with_usage(const std::string& role, const std::string& schema) {
    return with_usage(std::vector{role}, schema);
  }
  // NOLINTNEXTLINE(google-explicit-constructor): a builder stands for what it builds.
  operator sql::Catalogue() const { return catalogue_; }

 private:
  sql::Catalogue catalogue_;
};

/// The database "orders" with the roles that the shop declares.
inline CatalogueBuilder orders() {
  return CatalogueBuilder("orders").with_role("app_owner").with_role("reader");
}

/// What was seen in a database of the branch "dev".
inline InsideView seen_in(const sql::Catalogue& catalogue, const std::string& branch = kDev) {
  return {.place = {.branch = branch, .database = catalogue.database}, .catalogue = catalogue};
}

/// The view of one inside.
inline InsideViews views_of(InsideView view, const std::string& address = kOrders) {
  return {{Address::parse(address).value(), std::move(view)}};
}

/// As the program does it.
inline Plan plan_of(const World& world, Manifest manifest, const InsideViews& views = {},
                    PlanOptions options = {}) {
  options.now = world.now;
  add_undeclared(manifest, world.records);
  return make_plan(manifest, world.records, world.seen(), lakebase_catalogue(), options, views);
}

/// The step about the inside of a database.
inline const Step& script_step(const Plan& plan, const std::string& address = kOrders) {
  const auto step = std::ranges::find_if(
      plan.steps, [&](const Step& each) { return each.address.text() == address + "/sql"; });
  if (step == plan.steps.end()) throw std::logic_error("no step is about " + address);
  return *step;
}

/// "new: CREATE SCHEMA …", one line a statement.
inline std::vector<std::string> statements_of(const Step& step) {
  std::vector<std::string> texts;
  for (const PlannedStatement& each : step.script.value().statements) {
    texts.push_back(std::string(text_of(each.reason)) + ": " + each.statement.text);
  }
  return texts;
}
using Statements = std::vector<std::string>;

/// A world in which the manifest was applied, with all that it says of insides.
inline World applied_with_insides(const Manifest& manifest) {
  World world;
  const Plan plan = plan_of(world, manifest);
  world.apply(plan, manifest);
  for (const Step& step : plan.steps) {
    if (step.script && step.record) world.records[step.address] = *step.record;
  }
  return world;
}

}  // namespace weir::test
