#include "tests/support/worlds.h"

#include <algorithm>
#include <cstdlib>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "planner/bindings.h"
#include "planner/identify.h"
#include "planner/request.h"

namespace weir::test {

Instant at(const char* text) {
  return parse_timestamp(text).value();
}

Observed an_observed(const Kind& kind, const std::string& name, const Document& fields) {
  Observed observed = {.kind = &kind,
                       .name = name,
                       .uid = has_postgres_name(kind) ? "" : "uid-" + name,
                       .create_time = "2026-05-01T00:00:00Z",
                       .update_time = "2026-05-01T00:00:00Z"};
  for (const Field& field : kind.fields) {
    const Document shown = observe_value(field, Document::object(), {});
    if (!shown.is_null()) observed.fields[std::string(field.name)] = shown;
  }
  if (kind.name == "endpoint") observed.fields["suspend_after"] = "86400s";
  for (const auto& [key, value] : fields.items()) observed.fields[key] = value;
  observed.postgres_name = text_at(observed.fields, kind.is_a("role")       ? "postgres_role"
                                                    : kind.is_a("database") ? "postgres_database"
                                                                            : "");
  return observed;
}

Observed& World::add(Observed observed) {
  std::string name = observed.name;
  return resources.insert_or_assign(std::move(name), std::move(observed)).first->second;
}

Observations World::seen() const {
  Observations observations;
  for (const auto& [name, observed] : resources) observations.add(observed);
  return observations;
}

Plan World::plan(const Manifest& manifest, PlanOptions options) const {
  if (options.now == Instant{}) options.now = now;
  return make_plan(manifest, records, seen_with_apps(manifest), lakebase_catalogue(), options);
}

Observations World::seen_with_apps(const Manifest& manifest) const {
  Observations observations = seen();
  for (const Declaration& declaration : manifest.declarations) {
    const std::string name = declaration.remote_name();
    if (declaration.kind->is_foreign && !resources.contains(name)) {
      observations.add(an_observed(*declaration.kind, name));
    }
  }
  return observations;
}

/// A list that others have entries in as well is sent as a whole.
static void replace_list(Observed& observed, const Request& request) {
  const Field& field = *bindings_in(*observed.kind);
  const Document& resource = request.body.at(std::string(observed.kind->name));
  observed.facts[std::string(field.observed_at)] = *at_path(resource, field.sent_as);
  observed.fields[std::string(field.name)] = observe_value(field, observed.facts, {});
}

void World::change(Observed& observed, const std::vector<FieldChange>& changes) const {
  for (const FieldChange& change : changes) {
    if (change.after.is_null() || change.field->type == Type::kBindings) continue;
    Document value = change.is_open ? value_of(resources.at(open_at(change)).fields, *change.field)
                                    : change.after;
    if (change.field->type == Type::kExpiry) {
      const Instant creation = parse_timestamp(observed.create_time).value();
      if (const auto lifetime = parse_duration(text_at(value, "ttl"))) {
        value["expire_time"] = timestamp_text(creation + *lifetime);
      } else if (const auto end = parse_timestamp(text_at(value, "expire_time"))) {
        value["ttl"] = wire_duration(*end - creation);
      }
    }
    observed.fields[std::string(change.field->name)] = value;
  }
}

void World::remove(const std::string& name) {
  std::erase_if(resources, [&](const auto& entry) {
    return entry.first == name || entry.first.starts_with(name + "/");
  });
}

/// What the service chooses where nobody did.
static void add_defaults(Observed& made, const Instant& now) {
  const auto set = [&](const char* field, const Document& value) {
    Document& shown = made.fields[field];
    if (shown.is_null() || shown.empty()) shown = value;
  };
  if (made.kind == &kProject) {
    set("display_name", made.name.substr(made.name.rfind('/') + 1));
    set("pg_version", 17);
    set("history_retention", "604800s");
    set("default_branch", made.name + "/branches/production");
    set("default_endpoint.min_cu", 1);
    set("default_endpoint.max_cu", 1);
    set("default_endpoint.suspend_after", "86400s");
  } else if (made.kind == &kInstance) {
    set("capacity", "CU_1");
    set("nodes", 1);
    set("retention", "604800s");
  } else if (made.kind == &kBranch) {
    set("at", timestamp_text(now));
    set("lsn", "0/1A2B3C8");
    set("expires", {{"never", true}});
  } else if (made.kind == &kEndpoint) {
    set("type", "read_write");
    set("min_cu", 1);
    set("max_cu", 1);
  } else if (made.kind->is_a("synced_table")) {
    set("pipeline.id", "pipeline of " + made.uid);
  }
}

/// What comes into being together with `parent`.
void World::add_members(const Observed& parent) {
  const auto make = [&](const Kind& kind, const std::string& key, const Document& fields) {
    Observed member =
        an_observed(kind, fmt::format("{}/{}/{}", parent.name, kind.collection, key), fields);
    member.create_time = member.update_time = timestamp_text(now);
    add_defaults(member, now);
    return add(std::move(member));
  };
  if (parent.kind == &kProject) {
    add(an_observed(kPermissionsOfProject, parent.name + "/permissions"));
    add_members(make(kBranch, "production", {}));
  }
  if (parent.kind == &kInstance) {
    add(an_observed(kPermissionsOfInstance, parent.name + "/permissions"));
    make(kInstanceDatabase, "databricks_postgres", {{"postgres_database", "databricks_postgres"}});
  }
  if (parent.kind != &kBranch) return;
  make(kEndpoint, "primary", {{"type", "read_write"}});
  const std::string source = text_at(parent.fields, "from");
  if (is_strict && source.empty()) {
    make(kRole, "developer",
         {{"postgres_role", "developer@example.com"}, {"identity", "user"}, {"superuser", true}});
    make(kDatabase, "databricks-postgres",
         {{"postgres_database", "databricks_postgres"}, {"owner", "developer@example.com"}});
  } else if (!is_strict) {
    make(kDatabase, "databricks-postgres", {{"postgres_database", "databricks_postgres"}});
  }
  std::vector<Observed> copies;
  for (const auto& [name, observed] : resources) {
    const bool is_inside = !source.empty() && name.starts_with(source + "/");
    if (is_inside && has_postgres_name(*observed.kind)) copies.push_back(observed);
  }
  for (Observed& copy : copies) {
    copy.name = parent.name + copy.name.substr(source.size());
    add(std::move(copy));
  }
}

/// An apply sends what stands there along, so that nothing is reset.
void World::take_over(Observed& observed, const Step& step) const {
  if (!takes_over(step)) {
    throw std::logic_error(step.remote_name + " exists already");
  }
  change(observed, step.changes);
}

/// What stands apart is about a database, and a copy is in a catalog.
static bool is_about(const Observed& observed, const Observed& target) {
  if (!observed.kind->is_apart) return false;
  const std::string branch = text_at(observed.fields, "branch");
  if (target.kind == &kBranch) return branch == target.name;
  if (target.kind == &kDatabase) {
    return parent_of_name(target.name) == branch &&
           target.postgres_name == text_at(observed.fields, "database");
  }
  const std::string catalog = target.name.substr(target.name.find('/') + 1);
  return target.kind == &kCatalog && observed.kind == &kSyncedTable &&
         observed.name.starts_with("synced_tables/" + catalog + ".");
}

/// Whether an entry of a list leads there, or to something inside.
static bool is_bound_to(const Document& entries, const std::string& name) {
  return std::ranges::any_of(targets_of(entries), [&](const std::string& bound) {
    return (bound + "/").starts_with(name + "/");
  });
}

bool World::refers_to(const Observed& observed, const Observed& target) const {
  return std::ranges::any_of(observed.kind->fields, [&](const Field& field) {
    if (field.type == Type::kBindings) {
      return is_bound_to(value_of(observed.fields, field), target.name);
    }
    if (field.type != Type::kReference || field.refers_to != target.kind->name) return false;
    const Document& value = value_of(observed.fields, field);
    if (!value.is_string()) return false;
    if (!has_postgres_name(*target.kind)) return value == target.name;
    return value == target.postgres_name &&
           parent_of_name(observed.name) == parent_of_name(target.name);
  });
}

static void check_surroundings(const Step& step, const std::map<std::string, Observed>& resources) {
  if (!step.kind->is_apart || step.action != Action::kCreate) return;
  Observed made = {.kind = step.kind, .name = step.remote_name};
  for (const FieldChange& each : step.changes) {
    made.fields[std::string(each.field->name)] = each.after;
  }
  const auto targets = std::ranges::count_if(
      resources, [&](const auto& entry) { return is_about(made, entry.second); });
  const auto needed = step.kind == &kCatalog ? 2 : 3;
  if (targets != needed) throw std::logic_error(step.remote_name + " lacks what it is about");
}

void World::check_needs(const Step& step) const {
  check_surroundings(step, resources);
  for (const FieldChange& each : step.changes) {
    const bool is_list = each.field->type == Type::kBindings;
    for (const std::string& bound : is_list ? targets_of(each.after) : std::vector<std::string>()) {
      if (resources.contains(bound)) continue;
      throw std::logic_error(step.remote_name + " needs " + bound + ", which is not there");
    }
    if (each.field->type != Type::kReference || !each.after.is_string()) continue;
    const bool is_there = std::ranges::any_of(resources, [&](const auto& entry) {
      Observed referrer = {.kind = step.kind, .name = step.remote_name};
      referrer.fields[std::string(each.field->name)] = each.after;
      return refers_to(referrer, entry.second);
    });
    if (!is_there) {
      throw std::logic_error(fmt::format("{} needs {}, which is not there", step.remote_name,
                                         each.after.get<std::string>()));
    }
  }
}

void World::check_end(const std::string& name) const {
  const Observed& target = resources.at(name);
  for (const auto& [other, observed] : resources) {
    const bool goes_along = other.starts_with(name + "/") || other == name;
    if (!goes_along && refers_to(observed, target)) {
      throw std::logic_error(fmt::format("{} cannot go while it is needed by {}", name, other));
    }
  }
}

void World::check_protection(const Observed& branch) const {
  const auto is_protected = [&](const auto& entry) {
    return parent_of_name(entry.first) == parent_of_name(branch.name) &&
           flag_at(entry.second.fields, "protected");
  };
  if (std::ranges::count_if(resources, is_protected) > 1) {
    throw std::logic_error(branch.name + " is a second protected branch");
  }
}

void World::create(const Step& step) {
  const auto existing = resources.find(step.remote_name);
  if (existing != resources.end()) return take_over(existing->second, step);
  if (const std::string parent = parent_of_name(step.remote_name);
      !parent.empty() && !resources.contains(parent)) {
    throw std::logic_error(step.remote_name + " has no parent");
  }
  Document fields = Document::object();
  for (const FieldChange& each : step.changes) fields[std::string(each.field->name)] = each.after;
  Observed made = an_observed(*step.kind, step.remote_name, fields);
  made.create_time = made.update_time = timestamp_text(now);
  if (!made.uid.empty()) made.uid += fmt::format("-{}", ++serial_);
  change(made, step.changes);
  add_defaults(made, now);
  if (made.kind == &kBranch && text_at(made.fields, "from").empty()) {
    made.fields["from"] = resources.at(parent_of_name(made.name)).fields["default_branch"];
  }
  for (const auto& [name, other] : resources) {
    const bool is_namesake = !made.postgres_name.empty() && other.kind == made.kind &&
                             other.postgres_name == made.postgres_name &&
                             parent_of_name(name) == parent_of_name(made.name);
    if (is_namesake) throw std::logic_error(name + " has the name of " + made.name);
  }
  add(made);
  add_members(made);
}

void World::carry_out(const Step& step) {
  if (is_strict) step.is_destructive() ? check_end(step.remote_name) : check_needs(step);
  switch (step.action) {
    case Action::kCreate:
      create(step);
      break;
    case Action::kUpdate:
      change(resources.at(step.remote_name), step.changes);
      if (changes_bindings(step)) replace_list(resources.at(step.remote_name), *step.request);
      resources.at(step.remote_name).update_time = timestamp_text(now);
      break;
    case Action::kDelete:
    case Action::kPurge:
      remove(step.remote_name);
      break;
    case Action::kUndelete:
      resources.at(step.remote_name).delete_time.clear();
      resources.at(step.remote_name).purge_time.clear();
      add_members(resources.at(step.remote_name));
      break;
    case Action::kForget:
    case Action::kExecute:
      break;
  }
  if (is_strict && step.kind == &kBranch && !step.is_destructive()) {
    check_protection(resources.at(step.remote_name));
  }
}

/// What stands apart goes before what it is about, if that goes as well.
static void check_order(const Step& step, const std::map<std::string, Observed>& before,
                        const std::map<std::string, Observed>& now) {
  const auto going = before.find(step.remote_name);
  if (!step.is_destructive() || going == before.end()) return;
  for (const auto& [name, target] : before) {
    if (!is_about(going->second, target) || now.contains(name)) continue;
    throw std::logic_error(fmt::format("{} goes after {}", step.remote_name, name));
  }
}

void World::apply(const Plan& plan, const Manifest& manifest) {
  for (const Declaration& declaration : manifest.declarations) {
    const std::string name = declaration.remote_name();
    const bool is_new = declaration.kind->is_foreign && !resources.contains(name);
    if (is_new) add(an_observed(*declaration.kind, name));
  }
  const std::map<std::string, Observed> before = resources;
  for (const Step& step : plan.steps) {
    if (is_strict) check_order(step, before, resources);
    carry_out(step);
    const bool is_let_go = step.kind->is_foreign && !step.record;
    if (step.action == Action::kForget || is_let_go) records.erase(step.address);
    if (step.is_destructive()) {
      std::erase_if(records,
                    [&](const auto& entry) { return entry.first.is_within(step.address); });
    }
  }
  remember(manifest);
}

void World::remember(const Manifest& manifest) {
  const Observations observations = seen();
  const Wishes wishes(manifest, records, observations, lakebase_catalogue());
  for (const Wish& wish : wishes.all()) {
    if (wish.live == nullptr) continue;
    records[wish.declaration->address] = {.address = wish.declaration->address,
                                          .kind = std::string(wish.declaration->kind->name),
                                          .remote_name = wish.remote_name,
                                          .uid = wish.live->uid,
                                          .fields = wish.wanted,
                                          .is_protected = wish.declaration->lifecycle.protect,
                                          .on_remove = wish.declaration->lifecycle.on_remove,
                                          .create_time = wish.live->create_time};
  }
}

World applied_world(const Manifest& manifest) {
  World world;
  world.apply(world.plan(manifest), manifest);
  return world;
}

Rules rules_of(const Plan& plan) {
  std::vector<std::string> rules;
  rules.reserve(plan.refusals.size());
  for (const Diagnostic& refusal : plan.refusals) rules.push_back(refusal.rule);
  return rules;
}

void for_each_world(const std::function<void(std::mt19937& random)>& property) {
  const char* wanted = std::getenv("WEIR_WORLDS");
  const unsigned long count = wanted == nullptr ? 250 : std::stoul(wanted);
  for (unsigned seed = 0; seed < count && !testing::Test::HasFailure(); ++seed) {
    SCOPED_TRACE(fmt::format("seed {}", seed));
    std::mt19937 random(seed);
    property(random);
  }
}

}  // namespace weir::test
