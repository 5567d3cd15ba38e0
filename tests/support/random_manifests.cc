// Manifests for tests of plans: of all kinds, the same for the same seed.
#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "tests/support/worlds.h"

namespace weir::test {

std::pair<Document, Document> two_values(const Field& field) {
  switch (field.type) {
    case Type::kBoolean:
    case Type::kSuperuser:
      return {true, false};
    case Type::kInteger:
      return {16, 17};
    case Type::kNumber:
      return {0.5, 2};
    case Type::kDuration:
    case Type::kDays:
      return {"2d", "3d"};
    case Type::kSuspension:
      return {"5m", "never"};
    case Type::kTimestamp:
      return {"2026-04-01T00:00:00Z", "2026-04-02T00:00:00Z"};
    case Type::kExpiry:
      return {"7d", "20d"};
    case Type::kChoice:
      return {std::string(field.choices[0].name), std::string(field.choices[1].name)};
    case Type::kFlags:
      return {Document::array({std::string(field.choices[0].name)}),
              Document::array({std::string(field.choices[1].name)})};
    case Type::kTags:
    case Type::kSettings:
      return {{{"key", "one"}}, {{"key", "two"}}};
    case Type::kGroup:
      return {{{"size", 2}}, {{"size", 3}}};
    case Type::kPermissions:
      return {Document::array({{{"group", "g"}, {"level", "CAN_USE"}}}),
              Document::array({{{"group", "g"}, {"level", "CAN_MANAGE"}}})};
    case Type::kBindings:
      return {Document::array({{{"resource_key", "db"}, {"branch", "projects/one/branches/a"}}}),
              Document::array({{{"resource_key", "db"}, {"branch", "projects/two/branches/a"}}})};
    case Type::kNames:
      return {Document::array({"one"}), Document::array({"two", "one"})};
    case Type::kColumnTypes:
      return {{{"column", "vector(3)"}}, {{"column", "halfvec(3)"}}};
    case Type::kColumns:
      return {{{"column", {{"type", "text"}, {"compute", "one"}}}},
              {{"column", {{"type", "text"}, {"compute", "two"}}}}};
    default:
      return {"one", "two"};
  }
}

bool is_likely(std::mt19937& random, unsigned percent) {
  return random() % 100 < percent;
}

namespace {

/// Some of the fields that need nothing else.
Declaration with_fields(DeclarationBuilder builder, const Kind& kind, std::mt19937& random) {
  for (const Field& field : kind.fields) {
    const bool is_plain =
        field.on_change == OnChange::kUpdate && field.type != Type::kReference && !field.is_derived;
    if (!is_plain || !is_likely(random, 40)) continue;
    const auto [one, two] = two_values(field);
    builder.with(std::string(field.name), is_likely(random, 50) ? one : two);
  }
  return builder;
}

/// Branches copy roles, so that one of a name is the same in all of them.
void add_identity(DeclarationBuilder& role, std::size_t number) {
  const std::string name = fmt::format("principal-{}", number);
  switch (number % 5) {
    case 0:
      role.with("user", name + "@example.com");
      break;
    case 1:
      role.with("group", name);
      break;
    case 2:
      role.with("service_principal", name);
      break;
    default:
      role.with("login", number % 2 == 0);
  }
}

/// Fields that are fixed at creation, with what says where the resource is.
Declaration with_fixed_fields(DeclarationBuilder builder, const Kind& kind,
                              const std::map<std::string, std::string>& place,
                              std::mt19937& random) {
  for (const auto& [name, value] : place) builder.with(name, value);
  for (const Field& field : kind.fields) {
    if (field.is_derived || field.on_change != OnChange::kReplace || !is_likely(random, 50))
      continue;
    const auto [one, two] = two_values(field);
    builder.with(std::string(field.name), is_likely(random, 50) ? one : two);
  }
  return with_fields(builder, kind, random);
}

/// What a database of a branch or an instance is outside of Postgres; `place` says which it is.
void add_copies(std::vector<Declaration>& all, const Kind& catalog, const Kind& table,
                const std::string& database, const std::map<std::string, std::string>& place,
                std::mt19937& random) {
  std::string name = database;
  std::ranges::replace(name, '/', '_');
  if (is_likely(random, 60)) {
    auto named = place;
    named["name"] = name;
    all.push_back(with_fixed_fields(DeclarationBuilder(catalog, "", database).called(name), catalog,
                                    named, random));
  }
  for (const char* key : {"books", "customers"}) {
    if (is_likely(random, 50)) continue;
    DeclarationBuilder copy(table, key, database + "/schemas/crm");
    copy.called(fmt::format("{}.crm.{}", name, key));
    Declaration made = with_fixed_fields(copy, table, place, random);
    if (is_likely(random, 40)) {
      made.fields["pipeline.share"] = "crm";
      made.fields.erase("pipeline.id");
    }
    all.push_back(std::move(made));
  }
}

void add_about_database(std::vector<Declaration>& all, const std::string& branch,
                        std::mt19937& random) {
  const std::string database = branch + "/databases/orders";
  add_copies(all, kCatalog, kSyncedTable, database, {{"branch", branch}, {"database", "orders"}},
             random);
  if (is_likely(random, 50)) {
    DeclarationBuilder api(kDataApi, "", database);
    all.push_back(with_fields(api.with("schemas", Document::array({"app"})), kDataApi, random));
  }
  if (is_likely(random, 50)) return;
  DeclarationBuilder feed(kChangeFeed, "", database + "/schemas/app");
  all.push_back(
      with_fixed_fields(feed.called("app"), kChangeFeed, {{"postgres_schema", "app"}}, random));
}

void add_members(std::vector<Declaration>& all, const std::string& branch, std::size_t salt,
                 std::mt19937& random) {
  if (is_likely(random, 60)) {
    all.push_back(with_fields(an_endpoint("primary").in(branch), kEndpoint, random));
  }
  if (is_likely(random, 30)) {
    auto reader = an_endpoint("reader").in(branch);
    reader.with("type", "read_only");
    all.push_back(with_fields(reader, kEndpoint, random));
  }
  const std::size_t roles = random() % 3;
  for (std::size_t index = 0; index < roles; ++index) {
    auto role = a_role(fmt::format("role_{}", index)).in(branch);
    add_identity(role, salt + index);
    all.push_back(with_fields(role, kRole, random));
  }
  if (roles > 0 && is_likely(random, 60)) {
    all.push_back(a_database("orders").in(branch).with("owner", branch + "/roles/role_0"));
    add_about_database(all, branch, random);
  }
}

void add_instances(std::vector<Declaration>& all, std::size_t salt, std::mt19937& random) {
  if (is_likely(random, 50)) return;
  const std::string parent = "instances/legacy";
  all.push_back(with_fields(an_instance("legacy"), kInstance, random));
  if (is_likely(random, 40)) {
    all.push_back(with_fields(DeclarationBuilder(kPermissionsOfInstance, "", parent),
                              kPermissionsOfInstance, random));
  }
  const std::size_t roles = random() % 3;
  for (std::size_t index = 0; index < roles; ++index) {
    DeclarationBuilder role(kInstanceRole, fmt::format("role_{}", index), parent);
    add_identity(role, salt + index);
    all.push_back(with_fields(role, kInstanceRole, random));
  }
  if (is_likely(random, 50)) {
    const std::string database = parent + "/databases/databricks_postgres";
    Declaration declared = DeclarationBuilder(kInstanceDatabase, "databricks_postgres", parent);
    declared.takes_requests = false;
    all.push_back(std::move(declared));
    add_copies(all, kInstanceCatalog, kInstanceSyncedTable, database,
               {{"instance", "legacy"}, {"database", "databricks_postgres"}}, random);
  }
  if (is_likely(random, 40)) return;
  auto copy = an_instance("copy");
  copy.with("from", parent);
  if (is_likely(random, 50)) copy.with("at", "2026-04-01T00:00:00Z");
  all.push_back(with_fields(copy, kInstance, random));
}

/// Bound to a branch or a database of whatever is declared, or to nothing. The dice are a copy, so
/// that the rest of each story stays as it was.
void add_app(std::vector<Declaration>& all, std::mt19937 random) {
  if (is_likely(random, 30)) return;
  std::vector<const Declaration*> targets;
  for (const Declaration& each : all) {
    const bool is_target = each.kind->name == "branch" || each.kind->is_a("database");
    if (is_target) targets.push_back(&each);
  }
  auto app = an_app();
  if (!targets.empty() && is_likely(random, 80)) {
    const Declaration& target = *targets[random() % targets.size()];
    app.with("bind", Document::array({{{"resource_key", "db"},
                                       {target.kind->is_a("database") ? "database" : "branch",
                                        target.address.text()}}}));
  }
  all.push_back(app);
}

}  // namespace

Manifest random_manifest(std::mt19937& random) {
  std::vector<Declaration> all;
  const std::size_t projects = 1 + random() % 2;
  const std::size_t salt = random() % 100;
  for (std::size_t index = 0; index < projects; ++index) {
    const std::string project = fmt::format("projects/shop-{}", index);
    auto builder = a_project(fmt::format("shop-{}", index));
    builder.with("pg_version", 17);
    const bool has_other_default = is_likely(random, 20);
    if (has_other_default) builder.with("default_branch", project + "/branches/dev");
    all.push_back(with_fields(builder, kProject, random));
    if (is_likely(random, 40)) {
      all.push_back(with_fields(permissions_of(project), kPermissionsOfProject, random));
    }
    const std::string production = project + "/branches/production";
    const bool has_production = is_likely(random, 70);
    if (has_production) {
      all.push_back(with_fields(a_branch("production").in(project), kBranch, random));
      add_members(all, production, salt, random);
    }
    if (!has_other_default && is_likely(random, 40)) continue;
    auto dev = a_branch("dev").in(project);
    if (has_production) {
      dev.with("from", production);
    } else {
      dev.with_implied("from", production);
    }
    if (is_likely(random, 30)) dev.with("at", "2026-04-01T00:00:00Z");
    all.push_back(with_fields(dev, kBranch, random));
    add_members(all, project + "/branches/dev", salt, random);
  }
  add_instances(all, salt, random);
  add_app(all, random);
  return a_manifest(std::move(all));
}

namespace {

/// A role that every branch declares the same way under the same name, so that copies fit.
Declaration same_role(std::size_t number, const std::string& branch, std::mt19937& random) {
  auto role = number == 0 ? a_role("me") : a_role(fmt::format("same_{}", number));
  if (number == 0) role.with("user", "developer@example.com");
  if (number > 0) role.with("login", true);
  return with_fields(role.in(branch), kRole, random);
}

void add_same_members(std::vector<Declaration>& all, const std::string& branch,
                      std::mt19937& random) {
  bool has_owner = false;
  for (std::size_t number = 0; number < 3; ++number) {
    if (!is_likely(random, 50)) continue;
    all.push_back(same_role(number, branch, random));
    has_owner = has_owner || number == 1;
  }
  if (has_owner && is_likely(random, 70)) {
    all.push_back(a_database("ledger").in(branch).with("owner", branch + "/roles/same_1"));
    // Who is registered changes from one estate to the next, and where. The dice are their own, so
    // that the rest of each story stays as it was.
    std::mt19937 own = random;
    const std::string name = fmt::format("ledger_{}", own() % 3);
    const bool is_taken = std::ranges::any_of(
        all, [&](const Declaration& each) { return each.kind == &kCatalog && each.id == name; });
    if (is_taken || is_likely(own, 40)) return;
    const std::string database = branch + "/databases/ledger";
    const std::map<std::string, std::string> place = {{"branch", branch}, {"database", "ledger"}};
    auto named = place;
    named["name"] = name;
    all.push_back(with_fixed_fields(DeclarationBuilder(kCatalog, "", database).called(name),
                                    kCatalog, named, own));
    DeclarationBuilder copy(kSyncedTable, "books", database + "/schemas/crm");
    copy.called(name + ".crm.books").with("from", is_likely(own, 50) ? "a.b.c" : "a.b.d");
    for (const auto& [field, value] : place) copy.with(field, value);
    all.push_back(copy);
  }
}

}  // namespace

Manifest random_estate(std::mt19937& random) {
  std::vector<Declaration> all;
  const std::string project = "projects/shop";
  auto shop = a_project("shop");
  shop.with("pg_version", is_likely(random, 70) ? 17 : 16);
  all.push_back(with_fields(shop, kProject, random));
  const std::size_t last = random() % 4;
  const std::size_t guarded = random() % 8;
  std::string source = project + "/branches/production";
  for (std::size_t number = 0; number <= last; ++number) {
    const std::string key = number == 0 ? "production" : fmt::format("link-{}", number);
    const std::string name = fmt::format("{}/branches/{}", project, key);
    auto branch = a_branch(key);
    if (number > 0 && is_likely(random, 80)) branch.with("from", source);
    if (number > 0 && is_likely(random, 15)) branch.with("at", "2026-04-01T00:00:00Z");
    branch.with("protected", number == guarded);
    if (is_likely(random, 40)) branch.with("expires", number == 0 ? "never" : "20d");
    all.push_back(branch);
    add_same_members(all, name, random);
    if (is_likely(random, 70)) source = name;
  }
  add_app(all, random);
  return a_manifest(std::move(all));
}

}  // namespace weir::test
