#include "emulator/api/gate.h"

#include <fmt/format.h>

#include "emulator/api/door.h"
#include "emulator/api/identities.h"

namespace emulator {
namespace {

constexpr const char* kInvalidPassword = "28P01";
constexpr const char* kCannotConnectNow = "57P03";

Verdict refused(const char* sqlstate, std::string message) {
  return {.kind = Verdict::Kind::kRefused, .sqlstate = sqlstate, .message = std::move(message)};
}

Verdict wrong_password(const std::string& user) {
  return refused(kInvalidPassword,
                 fmt::format("password authentication failed for user \"{}\"", user));
}

bool is_member(const Identity& identity, const std::string& group) {
  return std::find(identity.groups.begin(), identity.groups.end(), group) != identity.groups.end();
}

bool opens(const Token& token, const Door& door) {
  return std::find(token.doors.begin(), token.doors.end(), door.uid) != token.doors.end();
}

/// Whether a token opens the door for `role`: as oneself, or as a group that one belongs to.
bool may_act_as(const Identity& identity, const LoginRole& role) {
  if (!role.takes_tokens) return false;
  return role.is_group ? is_member(identity, role.name) : identity.name == role.name;
}

/// `woken` hears of the last of `rest`, or of the first that does not start.
void wake_in_order(Computes& computes, std::vector<ComputeDefinition> rest, Computes::Woken woken) {
  const ComputeDefinition first = rest.front();
  rest.erase(rest.begin());
  computes.wake(first, [&computes, rest = std::move(rest), woken = std::move(woken)](
                           const Outcome& outcome, const std::string& folder) {
    const bool is_end = rest.empty() || !outcome.error_code.empty();
    is_end ? woken(outcome, folder) : wake_in_order(computes, rest, woken);
  });
}

}  // namespace

Verdict Gate::judge(const LoginAttempt& attempt, const Door& door) {
  if (!door.why_closed.empty()) return refused(kCannotConnectNow, door.why_closed);
  const auto role = find_login_role(world_, door, attempt.user);
  const auto token = find_token(world_, attempt.password);
  const bool is_token_good = token && token->use == Token::Use::kPostgres && opens(*token, door) &&
                             role && may_act_as(token->identity, *role);
  if (is_token_good) return {.kind = Verdict::Kind::kAdmitted, .endpoint = door.name};
  // A role that SQL made is not in the store yet: PostgreSQL knows whether it has a password.
  if (door.has_native_login && (!role || role->takes_passwords)) {
    return {.kind = Verdict::Kind::kCheckPassword, .endpoint = door.name};
  }
  return wrong_password(attempt.user);
}

void Gate::admit(const LoginAttempt& attempt, Decided decided) {
  const auto door = door_at(world_, attempt.address);
  if (!door) {
    return decided(refused(kCannotConnectNow, "no endpoint is served at this address"));
  }
  Verdict verdict = judge(attempt, *door);
  if (verdict.kind == Verdict::Kind::kRefused) return decided(std::move(verdict));
  open(*door, attempt.address, std::move(verdict), std::move(decided));
}

void Gate::open(const Door& door, const std::string& address, Verdict verdict, Decided decided) {
  ++world_.open_sessions[door.name];
  if (!door.is_awake) ++world_.wakes[door.name];
  auto woken = [this, name = door.name, address, verdict = std::move(verdict),
                decided = std::move(decided)](const Outcome& outcome,
                                              const std::string& folder) mutable {
    if (!outcome.error_code.empty()) {
      session_ended(name);
      return decided(refused(kCannotConnectNow,
                             fmt::format("the compute does not start: {}", outcome.message)));
    }
    socket_folders_[address] = folder;
    verdict.socket_folder = folder;
    // The client is let in whether or not the state can be written, on a full disk say.
    decided(std::move(verdict));
    world_.store.transaction([&] { mark_used(world_, name); });
    world_.timers_changed();
  };
  wake_in_order(world_.computes, door.computes, std::move(woken));
}

void Gate::session_ended(const std::string& endpoint) {
  const auto found = world_.open_sessions.find(endpoint);
  if (found == world_.open_sessions.end()) return;
  if (--found->second > 0) return;
  world_.open_sessions.erase(found);
  auto row = world_.store.find(endpoint);
  if (!row || text_at(row->shown, "status.current_state") != "ACTIVE") return;
  world_.store.transaction([&] { mark_used(world_, endpoint); });
  world_.timers_changed();
}

std::string Gate::awake_socket_folder(const std::string& address) {
  const auto door = door_at(world_, address);
  if (!door || !door->is_awake) return "";
  const auto found = socket_folders_.find(address);
  return found == socket_folders_.end() ? "" : found->second;
}

}  // namespace emulator
