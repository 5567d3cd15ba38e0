#include "engine/applier.h"

#include <algorithm>
#include <list>
#include <memory>

#include <fmt/format.h>

#include "engine/ask.h"
#include "engine/gate.h"
#include "engine/known_names.h"
#include "engine/news.h"
#include "engine/pace.h"
#include "engine/progress.h"
#include "engine/schedule.h"
#include "planner/inside_view.h"
#include "planner/planner.h"
#include "planner/script.h"

namespace weir {
namespace {

constexpr std::size_t kNoStep = static_cast<std::size_t>(-1);
constexpr std::chrono::milliseconds kHeartbeat{250};
/// A request must not leave when the lease could end before it arrives.
constexpr std::chrono::seconds kMargin{5};
/// So long a lease that does not end by itself is believed in without another look.
constexpr std::chrono::hours kLongestLook{1};

using State = StepResult::State;

/// One change on its way: the step of a plan, or what an earlier apply left open.
struct Work {
  std::size_t step = kNoStep;
  Intent intent = {};
  const Kind* kind = nullptr;
  Progress progress = {};
  Duration begun = {};
  Duration phase_begun = {};
  Duration due = {};
  Duration arrived = {};  ///< until then a request that nobody answered may still arrive
  bool is_called = false;
};

/// The one thread that knows how far everything is. It owns the schedule and the journal.
class Coordinator {
 public:
  Coordinator(const Plan& plan, const ApplyDoors& doors, const ApplyOptions& options)
      : plan_(plan),
        doors_(doors),
        options_(options),
        epoch_(doors.store.head().epoch),
        schedule_(plan) {
    result_.steps.resize(plan.steps.size());
    for (const auto& [address, record] : doors.store.records()) names_.remember(record);
  }

  ApplyResult run() {
    adopt();
    try {
      follow();
      commit();
    } catch (const StateError& error) {
      result_.stopped = error.what();
    }
    leave_open();
    return std::move(result_);
  }

  std::vector<Unresolved> run_inherited() {
    const Duration drained = doors_.calls.elapsed() + doors_.store.drain();
    for (Intent& intent : doors_.store.intents()) inherit(std::move(intent), drained);
    follow();
    commit();
    leave_open();
    return std::move(unresolved_);
  }

 private:
  /// A plan that is carried out again adopts nothing anew.
  void adopt() {
    if (plan_.adoptions.empty()) return;
    const Records known = doors_.store.records();
    for (const Record& record : plan_.adoptions) {
      const auto found = known.find(record.address);
      if (found != known.end() && found->second == record) continue;
      note("adopt", record.address, record);
    }
  }

  void follow() {
    while (true) {
      begin_steps();
      commit();
      call_what_is_due();
      if (is_over()) return;
      wait();
      doors_.store.keep_alive();
      doors_.reporter.tick(standing());
    }
  }

  bool is_over() {
    if (options_.interruptions() == 1 && !is_told_) {
      doors_.reporter.tell(
          "stopping: what runs is finished, nothing new begins; once more ends it "
          "at once");
      is_told_ = true;
    }
    if (options_.interruptions() >= 2) {
      result_.stopped = "it was interrupted";
      return true;
    }
    if (!works_.empty()) return false;
    if (schedule_.open() > 0) result_.stopped = "it was interrupted";
    return true;
  }

  void begin_steps() {
    if (options_.interruptions() > 0) return drop_what_waits_for_its_turn();
    while (works_.size() < options_.parallelism) {
      const auto step = schedule_.begin();
      if (!step) return;
      begin(*step);
    }
  }

  /// Surely not begun, so it is none of what is finished first.
  void drop_what_waits_for_its_turn() {
    works_.remove_if([this](const Work& work) {
      const bool is_unsent = work.progress.phase == Phase::kSend && work.progress.requests == 0;
      if (work.is_called || !is_unsent) return false;
      commit_.closed.push_back(work.intent.id);
      result_.stopped = "it was interrupted";
      return true;
    });
  }

  void begin(std::size_t index) {
    const Step& step = plan_.steps[index];
    if (const auto moved = options_.stale.find(index); moved != options_.stale.end()) {
      return fail(index, Verdict::kStale, moved->second);
    }
    if (!step.request && !step.script) {
      note(text_of(step.action), step.address, step.record);
      finish(index);
      return;
    }
    Intent intent = {.id = fmt::format("{}-{}", epoch_, index),
                     .action = std::string(text_of(step.action)),
                     .address = step.address,
                     .kind = std::string(step.script ? inside_kind().name : step.kind->name),
                     .remote_name = step.remote_name,
                     .uid = step.precondition.uid,
                     .request = request_of(step),
                     .prepared_at = timestamp_text(doors_.calls.now()),
                     .record = step.record};
    commit_.prepared.push_back(intent);
    const Duration now = doors_.calls.elapsed();
    works_.push_back({.step = index,
                      .intent = std::move(intent),
                      .kind = step.kind,
                      .begun = now,
                      .phase_begun = now,
                      .due = now});
    news_.add(index, [this, &step] { doors_.reporter.begun(step); });
  }

  /// Nothing is looked at before requests of a holder that was taken over from have arrived.
  void inherit(Intent intent, Duration from) {
    if (intent.kind == inside_kind().name) {
      // A transaction happened or it did not, and the next plan sees which.
      commit_.closed.push_back(intent.id);
      return;
    }
    const Kind* kind = doors_.catalogue.find(intent.kind);
    if (kind == nullptr) {
      unresolved_.push_back(
          {intent.address, intent.kind + " is a kind that this version of weir does not know"});
      return;
    }
    const bool is_accepted = !intent.operation.empty();
    works_.push_back({.intent = std::move(intent),
                      .kind = kind,
                      .progress = {.phase = is_accepted ? Phase::kPoll : Phase::kLook,
                                   .is_unknown = true,
                                   .is_inherited = true},
                      .begun = from,
                      .phase_begun = from,
                      .due = from});
  }

  Standing standing() {
    Standing standing = {
        .elapsed = doors_.calls.elapsed(), .running = works_.size(), .open = schedule_.open()};
    if (!works_.empty()) standing.oldest = works_.front().intent.address.text();
    if (const auto waiting = schedule_.waiting()) {
      standing.waiting = &plan_.steps[waiting->first];
      standing.cause = &plan_.steps[waiting->second];
    }
    return standing;
  }

  void commit() {
    if (!commit_.is_empty()) doors_.store.commit(commit_);
    commit_ = {};
    for (const News::Item& news : news_.take()) news.tell();
  }

  /// What could not be recorded is for the next apply to find out.
  void take_back() {
    for (const News::Item& news : news_.take()) {
      StepResult& result = result_.steps[news.step];
      if (result.state == State::kDone) {
        result = {.state = State::kUnfinished, .message = result_.stopped};
        doors_.reporter.left(plan_.steps[news.step],
                             "its end is not recorded; the next apply finds out");
      } else if (result.state != State::kNotBegun) {
        news.tell();
      }
    }
  }

  void call_what_is_due() {
    const Duration now = doors_.calls.elapsed();
    const Duration left = std::min<Duration>(doors_.store.lease_left(), kLongestLook);
    gate_->open_until(now + left - options_.longest_request - kMargin);
    const bool may_send = gate_->is_open(now);
    for (Work& work : works_) {
      if (work.is_called || work.due > now) continue;
      if (may_send || work.progress.phase != Phase::kSend) {
        call(work);
      } else {
        work.due = now + kHeartbeat;
      }
    }
  }

  void wait() {
    Duration until = doors_.calls.elapsed() + kHeartbeat;
    for (const Work& work : works_) {
      if (!work.is_called) until = std::min(until, work.due);
    }
    doors_.calls.wait(until);
  }

  /// Asks what the phase of the work asks; the reply is judged by this thread.
  void call(Work& work) {
    work.is_called = true;
    const auto reply = std::make_shared<Reply>();
    doors_.calls.post(question_of(work, reply), [this, &work, reply] { take(work, *reply); });
  }

  /// For a worker, who may still be at it when this coordinator has gone.
  Calls::Work question_of(const Work& work, const std::shared_ptr<Reply>& reply) const {
    if (const Script* script = script_of(work)) {
      return asking(reply, [&doors = doors_, gate = gate_, script = *script](Reply& answer) {
        execute(doors, *gate, script, answer);
      });
    }
    switch (work.progress.phase) {
      case Phase::kSend:
        return asking(reply,
                      [&doors = doors_, gate = gate_, step = plan_.steps[work.step],
                       was_sent = work.progress.requests == 0 ? WasSent::kNo : WasSent::kMaybe](
                          Reply& answer) { send(doors, *gate, step, was_sent, answer); });
      case Phase::kPoll:
        return asking(reply, [&doors = doors_, name = work.intent.operation](Reply& answer) {
          answer.operation = doors.performer.poll(name);
        });
      default:
        return asking(reply,
                      [&doors = doors_, kind = work.kind, name = work.intent.remote_name](
                          Reply& answer) { answer.resource = doors.provider.get(*kind, name); });
    }
  }

  const Script* script_of(const Work& work) const {
    if (work.step == kNoStep || !plan_.steps[work.step].script) return nullptr;
    return &*plan_.steps[work.step].script;
  }

  void take_script(Work& work, const Script& script, const Reply& reply) {
    const Judgement judgement = judge_script(reply);
    if (judgement.verdict == Verdict::kGoOn) {
      work.due = doors_.calls.elapsed() + kHeartbeat;
      return;
    }
    const std::string found = found_otherwise(script, reply.executed);
    if (judgement.verdict == Verdict::kDone && !found.empty()) {
      doors_.reporter.tell(fmt::format("{}: {}", work.intent.address.text(), found));
    }
    end(work, judgement, reply);
  }

  void take(Work& work, const Reply& reply) {
    work.is_called = false;
    if (const Script* script = script_of(work)) return take_script(work, *script, reply);
    const Progress was = work.progress;
    const Phase before = was.phase;
    const Judgement judgement = judge(work.intent, work.progress, reply);
    if (reply.operation && before == Phase::kSend && !reply.operation->name.empty()) {
      work.intent.operation = reply.operation->name;
      commit_.accepted.push_back({.intent = work.intent.id, .operation = work.intent.operation});
    }
    const Duration now = doors_.calls.elapsed();
    if (before == Phase::kSend && reply.error && work.progress.is_unknown) {
      work.arrived = now + options_.longest_request;
    }
    if (judgement.verdict == Verdict::kDone && may_meet_successor(work, now)) {
      return ask_again(work, Phase::kLook, work.arrived);
    }
    const bool is_over = judgement.verdict == Verdict::kGone ||
                         (judgement.verdict == Verdict::kDone && work.progress.is_inherited);
    if (is_over && may_end_successor(work, now)) {
      // What the service says of its own work is worth more than a look, which may be old.
      const Phase phase = before == Phase::kPoll ? before : Phase::kLook;
      return ask_again(work, phase, work.begun + options_.longest_request);
    }
    if (judgement.verdict != Verdict::kGoOn) return end(work, judgement, reply);
    if (work.progress.refusals == 1 && was.refusals == 0) {
      doors_.reporter.tell(
          fmt::format("{}: {}; trying again", work.intent.address.text(), reply.error->what()));
    }
    if (work.progress.phase != before) work.phase_begun = now;
    if (now - work.phase_begun > options_.longest_operation) {
      return end(work, {Verdict::kLeft, "it takes longer than weir waits"}, reply);
    }
    work.due = now + delay_of(work, was);
  }

  static void ask_again(Work& work, Phase phase, Duration time) {
    work.progress.phase = phase;
    work.due = time;
  }

  /// A deletion that is still on its way must not meet what is made under the same name next, by
  /// this apply or a later one.
  bool may_meet_successor(const Work& work, Duration now) const {
    if (work.step == kNoStep || work.arrived <= now) return false;
    return plan_.steps[work.step].is_destructive();
  }

  /// Nor must one of an earlier run that has not arrived yet, whatever became of another one that
  /// it sent for the same end.
  bool may_end_successor(const Work& work, Duration now) const {
    const bool may_arrive = work.progress.is_inherited || work.intent.operation.empty();
    return is_ending(work.intent) && may_arrive && now < work.begun + options_.longest_request;
  }

  Duration delay_of(const Work& work, const Progress& was) {
    const Progress& progress = work.progress;
    if (progress.refusals > was.refusals) {
      return std::max(progress.wait, retry_delay(progress.refusals, options_.random()));
    }
    if (progress.misses > was.misses || (progress.phase == Phase::kSend && progress.requests > 0)) {
      return retry_delay(std::max(progress.misses, progress.requests), options_.random());
    }
    const bool is_new = progress.phase != was.phase;
    if (is_new && progress.phase == Phase::kSettle) return Duration::zero();
    if (is_new && progress.phase == Phase::kLook) {
      // A request without an answer may be under way for a while.
      return progress.is_unknown ? retry_delay(1 + progress.requests, options_.random())
                                 : Duration::zero();
    }
    const Duration age = doors_.calls.elapsed() - work.phase_begun;
    return poll_delay(age, works_.size(), options_.polls_per_second);
  }

  void end(Work& work, const Judgement& judgement, const Reply& reply) {
    const Verdict verdict = judgement.verdict;
    if (verdict != Verdict::kLeft) commit_.closed.push_back(work.intent.id);
    if (verdict == Verdict::kDone) {
      if (work.step == kNoStep) look_up_record(doors_.store, reply, work.intent);
      note_success(work.intent, reply.resource);
    }
    // What a failed creation has left is ours all the same.
    const bool leaves_something = verdict == Verdict::kFailed && reply.resource &&
                                  work.intent.action == "create" && work.intent.record;
    if (leaves_something) note_success(work.intent, reply.resource);
    if (work.step == kNoStep) {
      if (verdict == Verdict::kLeft) {
        unresolved_.push_back({work.intent.address, judgement.message});
      }
    } else if (verdict == Verdict::kDone) {
      const Step& step = plan_.steps[work.step];
      const Duration took = doors_.calls.elapsed() - work.begun;
      news_.add(work.step, [this, &step, took] { doors_.reporter.done(step, took); });
      finish(work.step);
    } else {
      fail(work.step, verdict, judgement.message);
    }
    works_.remove_if([&](const Work& each) { return &each == &work; });
  }

  void finish(std::size_t step) {
    for (const Record& record : plan_.steps[step].brings) note("adopt", record.address, record);
    result_.steps[step].state = State::kDone;
    schedule_.finish(step);
  }

  void fail(std::size_t step, Verdict verdict, const std::string& why) {
    const State state = verdict == Verdict::kStale  ? State::kStale
                        : verdict == Verdict::kLeft ? State::kUnfinished
                                                    : State::kFailed;
    const Step& failed = plan_.steps[step];
    result_.steps[step] = {.state = state, .message = why};
    if (state == State::kUnfinished) {
      news_.add(step, [this, &failed, why] {
        doors_.reporter.left(
            failed, fmt::format("its end is not known: {}; the next apply finds out", why));
      });
    } else {
      news_.add(step, [this, &failed, why] { doors_.reporter.failed(failed, why); });
    }
    for (const std::size_t next : schedule_.fail(step)) {
      result_.steps[next].state = State::kBlocked;
      result_.steps[next].message = "waits for " + failed.address.text();
      news_.add(next,
                [this, next, &failed] { doors_.reporter.blocked(plan_.steps[next], failed); });
    }
  }

  void note_success(const Intent& intent, const std::optional<Observed>& resource) {
    std::optional<Record> record = intent.record;
    if (record && resource) {
      record->uid = resource->uid;
      record->create_time = resource->create_time;
    }
    note(intent.action, intent.address, record);
    const bool is_end = intent.action == "delete" || intent.action == "purge";
    if (!is_end) return;
    // The service ends with a resource all that is inside of it.
    for (const Address& inside : names_.beginning_with(intent.remote_name + "/")) {
      note(intent.action, inside, std::nullopt);
    }
  }

  void note(std::string_view action, const Address& address, const std::optional<Record>& record) {
    commit_.remembered.push_back(
        {.action = std::string(action), .address = address, .record = record});
    names_.forget(address);
    if (record) names_.remember(*record);
  }

  /// What is not over stays open on disk.
  void leave_open() {
    gate_->close();
    take_back();
    for (const Work& work : works_) {
      if (work.step == kNoStep) {
        unresolved_.push_back({work.intent.address, "it was interrupted"});
      } else if (work.is_called || work.progress.requests > 0) {
        result_.steps[work.step] = {.state = State::kUnfinished, .message = result_.stopped};
        doors_.reporter.left(plan_.steps[work.step],
                             "its end is not known; the next apply finds out");
      }
    }
    for (std::size_t step = 0; step < plan_.steps.size(); ++step) {
      if (result_.steps[step].state != State::kNotBegun) continue;
      doors_.reporter.left(plan_.steps[step], "not begun");
    }
  }

  const Plan& plan_;
  const ApplyDoors& doors_;
  const ApplyOptions& options_;
  const std::int64_t epoch_;
  Schedule schedule_;
  const std::shared_ptr<Gate> gate_ = std::make_shared<Gate>();  ///< workers may outlive us
  std::list<Work> works_;                                        ///< calls hold references to them
  Commit commit_;  ///< what is to be durable before anything else happens
  News news_;      ///< what is to be told after that
  KnownNames names_;
  ApplyResult result_;
  std::vector<Unresolved> unresolved_;
  bool is_told_ = false;  ///< that it stops
};

}  // namespace

std::size_t ApplyResult::count(StepResult::State state) const {
  return static_cast<std::size_t>(std::ranges::count(steps, state, &StepResult::state));
}

bool ApplyResult::is_complete() const {
  return stopped.empty() && count(State::kDone) == steps.size();
}

ApplyResult apply(const Plan& plan, const ApplyDoors& doors, const ApplyOptions& options) {
  return Coordinator(plan, doors, options).run();
}

std::vector<Unresolved> recover(const ApplyDoors& doors, const ApplyOptions& options) {
  const Plan nothing;
  return Coordinator(nothing, doors, options).run_inherited();
}

}  // namespace weir
