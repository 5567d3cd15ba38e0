#include "tests/cli/sample_plan.h"

#include <fmt/format.h>

#include "providers/lakebase/kinds.h"

namespace weir::test {
namespace {

Address address(std::string_view text) {
  return Address::parse(text).value();
}

const Field* field(const Kind& kind, std::string_view name) {
  return find_field(kind, name);
}

Step creation() {
  return {
      .action = Action::kCreate,
      .address = address("projects/shop/branches/dev"),
      .kind = &kBranch,
      .remote_name = "projects/shop/branches/dev",
      .why = "not in the workspace",
      .changes = {{.field = field(kBranch, "from"), .after = "projects/shop/branches/production"},
                  {.field = field(kBranch, "expires"), .after = {{"ttl", "604800s"}}}},
      .request = Request{.method = "POST",
                         .target = "/api/2.0/postgres/projects/shop/branches?branch_id=dev",
                         .body = {{"spec", {{"ttl", "604800s"}}}}},
      .precondition = {.must_be_absent = true}};
}

Step update() {
  return {.action = Action::kUpdate,
          .address = address("projects/shop/branches/staging"),
          .kind = &kBranch,
          .remote_name = "projects/shop/branches/staging",
          .changes = {{.field = field(kBranch, "expires"),
                       .before = {{"ttl", "3600s"}},
                       .after = {{"ttl", "7200s"}},
                       .reason = Reason::kManifestChanged},
                      {.field = field(kBranch, "protected"),
                       .before = false,
                       .after = true,
                       .reason = Reason::kDrift}},
          .request = Request{.method = "PATCH",
                             .target = "/api/2.0/postgres/projects/shop/branches/staging"
                                       "?update_mask=spec.expiration,spec.is_protected",
                             .body = {{"spec", {{"ttl", "7200s"}, {"is_protected", true}}}}},
          .precondition = {.uid = "br-1", .update_time = "2026-08-20T10:00:00Z"},
          .after = {0},
          .disruption = "open connections are closed"};
}

Step replacement(Action action) {
  Step step{.action = action,
            .is_replacement = true,
            .address = address("projects/old"),
            .kind = &kProject,
            .remote_name = "projects/old",
            .why = "pg_version is fixed at creation"};
  if (action == Action::kDelete) {
    step.losses = {{.kind = "branch",
                    .name = "projects/old/branches/ana",
                    .size = "1.2 GiB",
                    .last_activity = "2026-08-19T08:00:00Z"},
                   {.kind = "branch", .name = "projects/old/branches/ci", .is_declared = true}};
    step.recoverable_until = "2026-08-27T12:00:00Z";
    step.changes = {{.field = field(kProject, "pg_version"),
                     .before = 16,
                     .after = 17,
                     .reason = Reason::kManifestChanged,
                     .needs_replacement = true}};
  }
  return step;
}

Step plain_step(Action action, std::string_view where, const Kind& kind, std::string why) {
  return {.action = action,
          .address = address(where),
          .kind = &kind,
          .remote_name = std::string(where),
          .why = std::move(why)};
}

}  // namespace

Plan empty_plan() {
  Plan plan;
  plan.name = "slides";
  plan.host = "https://dev.example";
  plan.made_at = parse_timestamp("2026-08-20T12:00:00Z").value();
  plan.declared = 7;
  plan.requests = 4;
  return plan;
}

Plan sample_plan() {
  Plan plan = empty_plan();
  plan.environment = "dev";
  plan.manifest_hash = "sha256:1234";
  plan.steps = {creation(), update(), replacement(Action::kDelete), replacement(Action::kCreate)};
  plan.steps.push_back(plain_step(Action::kDelete, "projects/shop/branches/\x1b[31mred", kBranch,
                                  "no longer declared\n::error::nothing"));
  plan.steps.push_back(
      plain_step(Action::kUndelete, "projects/back", kProject, "gone since 3 d, purge in 4 d"));
  plan.steps.push_back(plain_step(Action::kForget, "projects/shop/branches/old", kBranch,
                                  "gone from the workspace"));
  plan.drift = {
      {.address = address("projects/shop/branches/staging"),
       .kind = &kBranch,
       .changes = {plan.steps[1].changes[1]}},
      {.address = address("projects/shop/branches/lost"), .kind = &kBranch, .is_gone = true}};
  plan.unmanaged = {{.kind = &kBranch, .name = "projects/shop/branches/ana"},
                    {.kind = &kRole,
                     .name = "projects/shop/branches/production/roles/rol-1",
                     .postgres_name = "ana@example.com"}};
  plan.notices = {{.type = Notice::Type::kExpiresSoon,
                   .address = address("projects/shop/branches/pr-7"),
                   .text = "expires in 3 h"},
                  {.type = Notice::Type::kLeftAsItIs,
                   .address = address("projects/shop"),
                   .text = "display_name is no longer declared and stays"}};
  plan.refusals = {{.rule = "P001",
                    .address = "projects/old",
                    .message = "its deletion needs consent",
                    .hint = "add -allow-destroy projects/old"}};
  return plan;
}

Plan large_plan(std::size_t number, std::size_t destroy_every) {
  Plan plan = empty_plan();
  for (std::size_t i = 0; i < number; ++i) {
    const std::string where = fmt::format("projects/project-{}/branches/branch-{}", i % 50, i);
    const bool destroys = destroy_every != 0 && i % destroy_every == 0;
    plan.steps.push_back(plain_step(destroys ? Action::kDelete : Action::kCreate, where, kBranch,
                                    destroys ? "no longer declared" : "not in the workspace"));
    if (destroys)
      plan.steps.back().losses = {{.kind = "endpoint", .name = where + "/endpoints/primary"}};
  }
  return plan;
}

}  // namespace weir::test
