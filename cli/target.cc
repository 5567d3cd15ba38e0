#include "cli/target.h"

#include <fmt/format.h>

namespace weir {
namespace {

/// What the manifest's environment says about the workspace.
http::Suggestion suggestion_of(const Manifest& manifest) {
  std::string origin = "the manifest";
  if (!manifest.environment.empty()) origin += "'s environment " + manifest.environment;
  return {.origin = origin, .host = manifest.workspace.host, .profile = manifest.workspace.profile};
}

}  // namespace

std::unique_ptr<Target> target_of(const Invocation& invocation, const Manifest& manifest) {
  if (manifest.server.is_made()) return server_target(invocation, manifest.server);
  return workspace_target(invocation, suggestion_of(manifest));
}

std::unique_ptr<Target> target_of(const Invocation& invocation, const Plan& plan) {
  if (!plan.server.is_made()) {
    return workspace_target(invocation, {.origin = "the plan", .host = plan.host});
  }
  std::unique_ptr<Target> target = server_target(invocation, plan.server);
  if (target->host() == plan.host) return target;
  throw http::WrongWorkspace(
      fmt::format("the plan is for the server {}, and {} {} leads to {} now; plan again", plan.host,
                  plan.server.url.source, plan.server.url.source_name, target->host()));
}

}  // namespace weir
