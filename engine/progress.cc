#include "engine/progress.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "core/units.h"
#include "planner/planner.h"

namespace weir {
namespace {

/// Clocks of the service and ours may differ by so much.
constexpr std::chrono::minutes kSkew{10};

/// Nobody can say whether a request with such an answer had its effect.
bool leaves_open(const ApiError::Facts& facts) {
  return facts.status < 400 || facts.status >= 500;
}

bool says_that_it_exists(const ApiError::Facts& facts) {
  // Of roles and databases the service says so with 400 and a code that has other meanings too.
  return facts.code == "ALREADY_EXISTS" || facts.code == "RESOURCE_ALREADY_EXISTS" ||
         facts.code == "BAD_REQUEST";
}

Judgement go_on(Progress& progress, Phase phase) {
  progress.phase = phase;
  return {};
}

/// Another try; the step is given up when there were enough.
Judgement miss(Progress& progress, Phase phase, const std::string& why) {
  if (++progress.misses <= kMostMisses) return go_on(progress, phase);
  return {Verdict::kLeft, why};
}

Judgement send_again(Progress& progress) {
  if (progress.is_inherited) return {Verdict::kGone};
  if (progress.requests >= kMostRequests) {
    return {Verdict::kLeft,
            fmt::format("{} requests were answered by nobody, and it has not happened",
                        progress.requests)};
  }
  return go_on(progress, Phase::kSend);
}

Judgement follow(const Intent& intent, Progress& progress, const Operation& operation) {
  progress.misses = 0;
  if (operation.has_failed()) {
    progress.failure = fmt::format("the service failed: {}{}{}", operation.error_code,
                                   operation.error.empty() ? "" : ": ", operation.error);
    return go_on(progress, Phase::kLook);
  }
  if (!operation.is_done) return go_on(progress, Phase::kPoll);
  if (is_ending(intent)) return {Verdict::kDone};
  return go_on(progress, Phase::kSettle);
}

/// Surely not begun, and worth asking for again.
Judgement wait_for_turn(Progress& progress, const ApiError& error) {
  progress.wait = error.facts().wait;
  const bool is_hopeless = ++progress.refusals > kMostRefusals || progress.wait > kLongestWait;
  if (!is_hopeless) return go_on(progress, Phase::kSend);
  return {progress.is_unknown ? Verdict::kLeft : Verdict::kFailed, error.what()};
}

/// Nobody could see whether the plan still fits, so nothing was sent.
Judgement on_unsent(Progress& progress, const ApiError& error) {
  if (!error.facts().is_busy && !leaves_open(error.facts())) {
    return {Verdict::kFailed, error.what()};
  }
  const Judgement again = miss(progress, Phase::kSend, error.what());
  return again.verdict == Verdict::kLeft ? Judgement{Verdict::kFailed, again.message} : again;
}

Judgement on_sent(const Intent& intent, Progress& progress, const Reply& reply) {
  if (!reply.moved.empty()) return {Verdict::kStale, reply.moved};
  if (reply.is_unsent) return on_unsent(progress, *reply.error);
  ++progress.requests;
  if (reply.operation) return follow(intent, progress, *reply.operation);
  const ApiError& error = *reply.error;
  if (error.facts().is_busy) {
    --progress.requests;
    return wait_for_turn(progress, error);
  }
  if (leaves_open(error.facts())) {
    progress.is_unknown = true;
    return go_on(progress, Phase::kLook);
  }
  if (is_ending(intent) && error.is_missing()) return {Verdict::kDone};
  const bool may_be_there =
      intent.action == "create" && (progress.is_unknown || says_that_it_exists(error.facts()));
  if (!may_be_there) return {Verdict::kFailed, error.what()};
  progress.failure = error.what();
  return go_on(progress, Phase::kLook);
}

/// Whether what stands there may have been made by the request that we lost sight of.
bool is_made_since(const Intent& intent, const Observed& resource) {
  const auto made = parse_timestamp(resource.create_time);
  const auto prepared = parse_timestamp(intent.prepared_at);
  return !made || !prepared || *made >= *prepared - kSkew;
}

bool is_another(const Intent& intent, const Observed& resource) {
  return !intent.uid.empty() && !resource.uid.empty() && resource.uid != intent.uid;
}

/// The next plan takes it over where everybody sees it.
Judgement exists_now(const Intent& intent, const std::string& difference = "") {
  return {Verdict::kStale,
          intent.remote_name + " exists now" + (difference.empty() ? "" : ", and " + difference)};
}

Judgement made_anew(const Intent& intent) {
  return {Verdict::kStale, intent.remote_name + " was made anew by somebody else"};
}

/// Of a list that is others' as well, what came of it is seen entry by entry.
bool is_updated(const Intent& intent, const Observed& resource) {
  const bool is_of_others = resource.kind != nullptr && resource.kind->is_foreign;
  return is_of_others || (intent.record && is_as_recorded(*intent.record, resource));
}

Judgement found(const Intent& intent, Progress& progress, const Observed& resource) {
  if (is_another(intent, resource)) return made_anew(intent);
  if (is_ending(intent)) {
    const bool is_gone = resource.is_deleted() && intent.action == "delete";
    return is_gone ? Judgement{Verdict::kDone} : send_again(progress);
  }
  if (intent.action == "undelete" && resource.is_deleted()) return send_again(progress);
  if (intent.action == "update") {
    // Sent once more it does no harm; of an earlier run the next plan says what is still missing.
    const bool is_over = progress.is_inherited && is_updated(intent, resource);
    return is_over ? go_on(progress, Phase::kSettle) : send_again(progress);
  }
  if (intent.action == "create") {
    if (!progress.is_unknown || !is_made_since(intent, resource)) return exists_now(intent);
    const bool is_surely_ours = !intent.operation.empty();
    const std::string difference =
        intent.record && !is_surely_ours ? made_otherwise(*intent.record, resource) : "";
    if (!difference.empty()) return exists_now(intent, difference);
  }
  return go_on(progress, Phase::kSettle);
}

Judgement on_looked(const Intent& intent, Progress& progress, const Reply& reply) {
  if (reply.error) return miss(progress, Phase::kLook, reply.error->what());
  progress.misses = 0;
  const bool is_there = reply.resource.has_value();
  if (!progress.failure.empty() && !progress.is_unknown) {
    // What a failed creation has left is ours all the same.
    const bool is_refusal = intent.operation.empty();
    if (is_refusal && is_there) return exists_now(intent);
    return {Verdict::kFailed, progress.failure};
  }
  if (is_there) {
    progress.absences = 0;
    return found(intent, progress, *reply.resource);
  }
  // One look may be older than the request.
  const bool is_about_the_gone = is_ending(intent) || progress.is_inherited;
  if (is_about_the_gone && ++progress.absences < kAbsencesOfTheGone) {
    return go_on(progress, Phase::kLook);
  }
  if (is_ending(intent)) return {Verdict::kDone};
  if (intent.action == "update") return {Verdict::kStale, intent.remote_name + " is gone"};
  // Refused since, and asking once more changes nothing; the request before may still arrive.
  const bool is_refused = !progress.failure.empty() && !progress.is_inherited;
  return is_refused ? Judgement{Verdict::kLeft, progress.failure} : send_again(progress);
}

Judgement on_polled(const Intent& intent, Progress& progress, const Reply& reply) {
  if (reply.operation) return follow(intent, progress, *reply.operation);
  if (!reply.error->is_missing()) return miss(progress, Phase::kPoll, reply.error->what());
  // The service has forgotten the work, not what came of it.
  progress.is_unknown = true;
  return go_on(progress, Phase::kLook);
}

Judgement on_settled(const Intent& intent, Progress& progress, const Reply& reply) {
  if (reply.error) return miss(progress, Phase::kSettle, reply.error->what());
  if (!reply.resource) {
    const Judgement again =
        miss(progress, Phase::kSettle,
             fmt::format("{} is done, but {} does not show", intent.action, intent.remote_name));
    // Somebody ended it meanwhile; left open, it would keep every later apply from beginning.
    const bool is_gone = again.verdict == Verdict::kLeft && progress.is_inherited;
    return is_gone ? Judgement{Verdict::kGone} : again;
  }
  if (is_another(intent, *reply.resource)) return made_anew(intent);
  if (const std::string problem = failure_of(*reply.resource); !problem.empty()) {
    return {Verdict::kFailed, problem};
  }
  return is_settled(*reply.resource) ? Judgement{Verdict::kDone} : go_on(progress, Phase::kSettle);
}

}  // namespace

bool is_ending(const Intent& intent) {
  return intent.action == "delete" || intent.action == "purge";
}

Judgement judge_script(const Reply& reply) {
  if (reply.is_unsent) return {};
  if (!reply.moved.empty()) return {Verdict::kStale, reply.moved};
  if (reply.is_unknown) return {Verdict::kLeft, reply.error->what()};
  if (reply.error) return {Verdict::kFailed, reply.error->what()};
  return {Verdict::kDone};
}

bool is_settled(const Observed& resource) {
  constexpr std::array<std::string_view, 6> kMoving = {"INIT",     "IMPORTING", "RESETTING",
                                                       "STARTING", "UPDATING",  "FAILING_OVER"};
  const std::string state = text_at(resource.facts, "current_state");
  return text_at(resource.facts, "pending_state").empty() &&
         std::ranges::find(kMoving, state) == kMoving.end() &&
         state.find("_PROVISIONING") == std::string::npos;
}

Judgement judge(const Intent& intent, Progress& progress, const Reply& reply) {
  switch (progress.phase) {
    case Phase::kSend:
      return on_sent(intent, progress, reply);
    case Phase::kLook:
      return on_looked(intent, progress, reply);
    case Phase::kPoll:
      return on_polled(intent, progress, reply);
    case Phase::kSettle:
      return on_settled(intent, progress, reply);
  }
  return {};
}

}  // namespace weir
