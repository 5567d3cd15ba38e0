#include "state/refusals.h"

#include <fmt/format.h>

#include "state/codec.h"

namespace weir {

StateError opened_for_reading(const std::string& where) {
  return StateError(fmt::format(
      "{} was opened for reading, and a change was asked of it. Please report this", where));
}

StateError too_new(const std::string& where, std::int64_t format, std::int64_t known) {
  return StateError(
      fmt::format("{} was written by a newer weir (format {}; this one knows {}). Use that weir, "
                  "or a newer one",
                  where, format, known));
}

StateError still_alive(const std::string& where, const Holder& holder) {
  return StateError(fmt::format(
      "{} is held by {} since {}, which is alive and could still change the workspace. End that "
      "process (kill -9 if it hangs): its lease ends with it, and nothing has to be unlocked",
      where, holder.actor, holder.since));
}

StateError no_such_intent(const std::string& where, const std::string& id) {
  return StateError(fmt::format(
      "{} has no open intent {}, whose end was to be recorded. Please report this", where, id));
}

namespace {

bool is_server(const std::string& host) {
  return host.starts_with("postgres://");
}

/// "the workspace 42 (https://…)", "the server postgres://db.example:5432".
std::string target_text(const std::string& host, const std::string& workspace_id) {
  if (is_server(host)) return "the server " + host;
  return fmt::format("the workspace {} ({})", workspace_id, host);
}

}  // namespace

LeaseLostError lease_lost(const std::string& where, const std::string& why) {
  return LeaseLostError(fmt::format(
      "this apply may not change {} any more: {}. Nothing more is sent; what was begun stands in "
      "its open intents. Wait until nobody applies, then apply again: that goes on from there",
      where, why));
}

LeaseLostError file_lost(const std::string& where) {
  return LeaseLostError(fmt::format(
      "{} was removed or replaced during this apply. Nothing more is sent; what was begun may have "
      "been done, and only the workspace knows. Put the file back, or plan again: what exists is "
      "taken over",
      where));
}

bool is_bound(const Head& head, const std::string& host, const std::string& workspace_id,
              const std::string& where) {
  if (head.host.empty()) return false;
  // One workspace may answer to several names; its id tells, where both are known.
  const bool has_ids = !head.workspace_id.empty() && !workspace_id.empty();
  if (has_ids ? head.workspace_id == workspace_id : head.host == host) return true;
  throw StateError(
      fmt::format("{} is about {}, and this is {}. Go to that one{}, or use another state", where,
                  target_text(head.host, head.workspace_id), target_text(host, workspace_id),
                  is_server(head.host) ? "" : " with its profile"));
}

Run run_of_unlock(const std::string& actor, const std::string& at) {
  return {.id = "unlock-" + random_id(),
          .actor = actor,
          .started_at = at,
          .ended_at = at,
          .outcome = std::string(outcome::kUnlocked)};
}

}  // namespace weir
