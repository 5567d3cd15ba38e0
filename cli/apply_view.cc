#include "cli/apply_view.h"

#include <array>

#include <fmt/format.h>

namespace weir {
namespace {

constexpr std::chrono::seconds kHeartbeat{10};

struct Words {
  Action action;
  std::string_view doing;
  std::string_view done;
};
constexpr std::array kWords = {
    Words{Action::kCreate, "creating", "created"},
    Words{Action::kUpdate, "changing", "changed"},
    Words{Action::kDelete, "destroying", "destroyed"},
    Words{Action::kPurge, "destroying for good", "destroyed for good"},
    Words{Action::kUndelete, "undeleting", "undeleted"},
    Words{Action::kForget, "forgetting", "forgotten"},
    Words{Action::kExecute, "executing", "executed"},
};

const Words& words_of(Action action) {
  for (const Words& words : kWords) {
    if (words.action == action) return words;
  }
  return kWords.back();
}

std::string name_of(const Step& step) {
  return harmless(step.address.text());
}

using State = StepResult::State;

std::size_t done(const Plan& plan, const ApplyResult& result,
                 std::initializer_list<Action> actions) {
  std::size_t count = 0;
  for (std::size_t step = 0; step < plan.steps.size(); ++step) {
    const bool is_meant =
        std::find(actions.begin(), actions.end(), plan.steps[step].action) != actions.end();
    count += is_meant && result.steps[step].state == State::kDone ? 1 : 0;
  }
  return count;
}

/// Resources, and schemas that scripts have dropped.
std::size_t destroyed(const Plan& plan, const ApplyResult& result) {
  std::size_t count = done(plan, result, {Action::kDelete, Action::kPurge});
  for (std::size_t step = 0; step < plan.steps.size(); ++step) {
    const bool was_executed = result.steps[step].state == State::kDone;
    const std::optional<Script>& script = plan.steps[step].script;
    if (was_executed && script) count += dropped_schemas(*script).size();
  }
  return count;
}

}  // namespace

ApplyLines::~ApplyLines() {
  clear_status();
}

void ApplyLines::clear_status() {
  if (has_status_) print_("\r\x1b[K");
  has_status_ = false;
}

void ApplyLines::say(const std::string& line) {
  clear_status();
  last_said_ = now_;
  print_(line + "\n");
}

void ApplyLines::begun(const Step& step) {
  running_[&step] = now_;
  say(fmt::format("{}: {}", name_of(step), words_of(step.action).doing));
}

void ApplyLines::done(const Step& step, Duration took) {
  running_.erase(&step);
  const std::string time =
      shows_time_ ? fmt::format(" ({:.1f} s)", std::chrono::duration<double>(took).count()) : "";
  say(fmt::format("{}: {}{}", name_of(step), words_of(step.action).done, time));
}

void ApplyLines::failed(const Step& step, const std::string& why) {
  running_.erase(&step);
  say(fmt::format("{}: {}: {}", name_of(step),
                  terminal_.paint(Colour::kRed, fmt::format("not {}", words_of(step.action).done)),
                  harmless_lines(why)));
}

void ApplyLines::blocked(const Step& step, const Step& cause) {
  const std::string_view done = words_of(cause.action).done;
  const std::string why = unknown_.contains(&cause)
                              ? fmt::format("whether {} was {} is not known", name_of(cause), done)
                              : fmt::format("{} was not {}", name_of(cause), done);
  say(fmt::format("{}: not begun: {}", name_of(step), why));
}

void ApplyLines::tell(const std::string& news) {
  say(harmless_lines(news));
}

/// "2 running, 5 to go: projects/shop 12 s, …; projects/shop/branches/dev waits for projects/shop",
/// as much as fits into one line.
void ApplyLines::show_status(const Standing& standing) {
  std::string line = fmt::format("{} running, {} to go", standing.running, standing.open);
  std::vector<std::string> parts;
  parts.reserve(running_.size());
  for (const auto& [step, since] : running_) {
    parts.push_back(fmt::format("{} {}", name_of(*step), rough_duration(now_ - since)));
  }
  // What waits is shown where one that runs has room beside it.
  std::string rest;
  const std::size_t least = line.size() + (parts.empty() ? 0 : parts.front().size() + 2);
  if (standing.waiting != nullptr) {
    rest = fmt::format("; {} waits for {}", name_of(*standing.waiting), name_of(*standing.cause));
    if (least + rest.size() + 4 > terminal_.width) rest.clear();
  }
  std::string separator = ": ";
  for (const std::string& part : parts) {
    if (line.size() + separator.size() + part.size() + rest.size() + 3 > terminal_.width) {
      line += ", …";
      break;
    }
    line += separator + part;
    separator = ", ";
  }
  clear_status();
  print_(terminal_.paint(Colour::kDim, line + rest));
  has_status_ = true;
}

void ApplyLines::left(const Step& step, const std::string& why) {
  running_.erase(&step);
  unknown_.insert(&step);
  say(fmt::format("{}: {}", name_of(step), why));
}

void ApplyLines::tick(const Standing& standing) {
  if (now_ == Duration{}) {
    last_said_ = standing.elapsed;
    for (auto& [step, since] : running_) since = standing.elapsed;
  }
  now_ = standing.elapsed;
  if (terminal_.is_terminal) {
    if (standing.running > 0) show_status(standing);
  } else if (now_ - last_said_ >= kHeartbeat) {
    say(fmt::format("still at it: {} running, {} to go{}", standing.running, standing.open,
                    standing.oldest.empty() ? "" : "; longest " + harmless(standing.oldest)));
  }
}

std::string apply_summary(const Plan& plan, const ApplyResult& result, const std::string& spent) {
  std::string text = fmt::format("Apply: {} created, {} changed, {} destroyed",
                                 done(plan, result, {Action::kCreate}),
                                 done(plan, result, {Action::kUpdate}), destroyed(plan, result));
  const std::size_t undeleted = done(plan, result, {Action::kUndelete});
  if (undeleted > 0) text += fmt::format(", {} undeleted", undeleted);
  const std::size_t executed = done(plan, result, {Action::kExecute});
  if (executed > 0) text += fmt::format(", {} executed", executed);
  const std::size_t forgotten = done(plan, result, {Action::kForget});
  if (forgotten > 0) text += fmt::format(", {} forgotten", forgotten);
  struct Rest {
    State state;
    std::string_view words;
  };
  constexpr std::array kRest = {Rest{State::kFailed, "failed"}, Rest{State::kStale, "stale"},
                                Rest{State::kUnfinished, "unfinished"},
                                Rest{State::kBlocked, "blocked"},
                                Rest{State::kNotBegun, "not begun"}};
  for (const Rest& rest : kRest) {
    const std::size_t count = result.count(rest.state);
    if (count > 0) text += fmt::format("; {} {}", count, rest.words);
  }
  text += spent.empty() ? "\n" : fmt::format(" ({})\n", spent);
  if (!result.stopped.empty()) text = fmt::format("stopped: {}\n", result.stopped) + text;
  return text;
}

}  // namespace weir
