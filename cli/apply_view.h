// What an apply says while it runs and when it is over, for people.
#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>

#include "cli/terminal.h"
#include "engine/applier.h"
#include "engine/apply_reporter.h"

namespace weir {

/// A line for each change of a step. On a terminal a last line that comes and goes says what runs
/// and for how long; elsewhere there is a sign of life now and then.
class ApplyLines : public ApplyReporter {
 public:
  using Print = std::function<void(const std::string& text)>;

  ApplyLines(Terminal terminal, bool shows_time, Print print)
      : terminal_(terminal), shows_time_(shows_time), print_(std::move(print)) {}
  ~ApplyLines() override;

  void begun(const Step& step) override;
  void done(const Step& step, Duration took) override;
  void failed(const Step& step, const std::string& why) override;
  void blocked(const Step& step, const Step& cause) override;
  void tell(const std::string& news) override;
  void tick(const Standing& standing) override;
  void left(const Step& step, const std::string& why) override;

 private:
  void say(const std::string& line);
  void show_status(const Standing& standing);
  void clear_status();

  const Terminal terminal_;
  const bool shows_time_;
  const Print print_;
  std::map<const Step*, Duration> running_;  ///< since when
  std::set<const Step*> unknown_;            ///< whose end is not known
  Duration now_ = {};
  Duration last_said_ = {};
  bool has_status_ = false;
};

/// "Apply: 3 created, 1 changed, 0 destroyed; 2 failed (12 s, 40 calls)"; what was `spent` is shown
/// to people who see the time, since it differs from one run to the next.
std::string apply_summary(const Plan& plan, const ApplyResult& result, const std::string& spent);

}  // namespace weir
