// Plans N resources without the network, for instruction counts and memory:
//   plan_scale N   prints the resources, the steps, the seconds and the peak memory.
#include <chrono>
#include <cstdlib>
#include <sys/resource.h>

#include <fmt/format.h>

#include "planner/planner.h"
#include "providers/lakebase/kinds.h"

namespace weir {
namespace {

/// Branches of a project and roles of a branch, as a large estate has them.
constexpr int kBranches = 5;
constexpr int kRoles = 12;
/// Project, branches, and for each branch an endpoint, a database and its roles.
constexpr int kEachProject = 1 + kBranches * (1 + 2 + kRoles);

class Estate {
 public:
  explicit Estate(int resources) {
    for (int i = 0; i * kEachProject < resources; ++i) add_project(fmt::format("project-{:06}", i));
  }

  Manifest manifest;
  Observations observations;

 private:
  void add(Declaration declaration, const std::string& name, Document observed) {
    observations.add(
        {.kind = declaration.kind,
         .name = name,
         .postgres_name = declaration.kind->postgres_name_at.empty() ? "" : declaration.id,
         .uid = "uid-" + name,
         .update_time = "2026-01-01T00:00:00Z",
         .fields = std::move(observed)});
    manifest.declarations.push_back(std::move(declaration));
  }

  void add_project(const std::string& id) {
    const Address address = Address().child("projects", id);
    const std::string name = "projects/" + id;
    add({.address = address, .kind = &kProject, .id = id, .fields = {{"pg_version", 17}}}, name,
        {{"pg_version", 17}, {"display_name", id}, {"history_retention", "604800s"}});
    for (int i = 0; i < kBranches; ++i) {
      const std::string branch = i == 0 ? "production" : fmt::format("branch-{}", i);
      add_branch(address.child("branches", branch), name, branch);
    }
  }

  void add_branch(const Address& address, const std::string& project, const std::string& id) {
    const std::string name = project + "/branches/" + id;
    const Document fields = {{"protected", false}, {"expires", {{"never", true}}}};
    add({.address = address,
         .kind = &kBranch,
         .id = id,
         .remote_parent = project,
         .fields = fields},
        name, fields);
    const Document compute = {{"type", "read_write"}, {"min_cu", 1}, {"max_cu", 4}};
    add({.address = address.child("endpoints", "primary"),
         .kind = &kEndpoint,
         .id = "primary",
         .remote_parent = name,
         .fields = compute},
        name + "/endpoints/primary", compute);
    for (int i = 0; i < kRoles; ++i) {
      const std::string role = fmt::format("role-{}", i);
      const Document identity = {{"postgres_role", role}, {"identity", "none"}};
      add({.address = address.child("roles", role),
           .kind = &kRole,
           .id = role,
           .remote_parent = name,
           .fields = identity},
          fmt::format("{}/roles/{}", name, role), identity);
    }
    add({.address = address.child("databases", "app"),
         .kind = &kDatabase,
         .id = "app",
         .remote_parent = name,
         .fields = {{"postgres_database", "app"}},
         .references = {{.field = "owner", .target = address.child("roles", "role-0")}}},
        name + "/databases/app", {{"postgres_database", "app"}, {"owner", "role-0"}});
  }
};

int run(int resources) {
  Estate estate(resources);
  const auto start = std::chrono::steady_clock::now();
  const Plan plan = make_plan(estate.manifest, {}, estate.observations, Limits(),
                              lakebase_catalogue(), {.now = std::chrono::system_clock::now()});
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  fmt::print("{} resources, {} steps, {:.3f} s, {} MiB\n", estate.manifest.declarations.size(),
             plan.steps.size(), seconds.count(), usage.ru_maxrss / 1024);
  return plan.steps.empty() ? EXIT_SUCCESS : EXIT_FAILURE;
}

}  // namespace
}  // namespace weir

int main(int argc, char** argv) {
  return weir::run(argc > 1 ? std::atoi(argv[1]) : 10'000);
}
