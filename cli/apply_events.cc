#include "cli/apply_events.h"

#include <chrono>

#include "cli/json_view.h"
#include "core/error.h"

namespace weir {
namespace {

constexpr std::chrono::seconds kBetweenSignsOfLife{10};

using State = StepResult::State;

double seconds_of(Duration duration) {
  return std::chrono::duration<double>(duration).count();
}

}  // namespace

void ApplyEvents::print(std::string_view type, const Step* step, const Document& more) {
  if (!is_heard_) return;
  Document event = Document::object();
  if (step != nullptr) {
    event["path"] = step->address.text();
    event["kind"] = std::string(step->kind->name);
    event["action"] = std::string(text_of(step->action));
  }
  event.update(more);
  try {
    print_exactly(event_line(type, clock_.now(), event));
  } catch (const Error&) {
    is_heard_ = false;
  }
}

void ApplyEvents::begun(const Step& step) {
  print("apply_start", &step, Document::object());
}

void ApplyEvents::done(const Step& step, Duration took) {
  print("apply_complete", &step, {{"elapsed_seconds", seconds_of(took)}});
}

void ApplyEvents::failed(const Step& step, const std::string& why) {
  print("apply_errored", &step, {{"message", why}});
}

void ApplyEvents::blocked(const Step& step, const Step& cause) {
  print("apply_errored", &step, {{"blocked_by", cause.address.text()}});
}

void ApplyEvents::tell(const std::string& news) {
  print("log", nullptr, {{"message", news}});
}

void ApplyEvents::left(const Step& step, const std::string& why) {
  print("apply_errored", &step, {{"message", why}});
}

void ApplyEvents::tick(const Standing& standing) {
  if (last_progress_ == Duration{}) last_progress_ = standing.elapsed;
  if (standing.elapsed - last_progress_ < kBetweenSignsOfLife) return;
  last_progress_ = standing.elapsed;
  print("apply_progress", nullptr,
        {{"running", standing.running}, {"open", standing.open}, {"longest", standing.oldest}});
}

void ApplyEvents::summary(const Plan& plan, const ApplyResult& result) {
  Document done = Document::object();
  for (std::size_t step = 0; step < plan.steps.size(); ++step) {
    if (result.steps[step].state != State::kDone) continue;
    Document& count = done[std::string(text_of(plan.steps[step].action))];
    count = count.is_null() ? 1 : count.get<int>() + 1;
  }
  print("change_summary", nullptr,
        {{"operation", "apply"},
         {"done", std::move(done)},
         {"failed", result.count(State::kFailed)},
         {"stale", result.count(State::kStale)},
         {"blocked", result.count(State::kBlocked)},
         {"unfinished", result.count(State::kUnfinished)},
         {"not_begun", result.count(State::kNotBegun)},
         {"stopped", result.stopped}});
}

}  // namespace weir
