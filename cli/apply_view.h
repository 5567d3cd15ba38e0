// What an apply says while it runs and when it is over.
#pragma once

#include <string>

#include "cli/invocation.h"
#include "engine/applier.h"
#include "engine/apply_reporter.h"

namespace weir {

/// A line for each change of a step, and a sign of life now and then.
class ApplyLines : public ApplyReporter {
 public:
  explicit ApplyLines(const Invocation& invocation) : invocation_(invocation) {}

  void begun(const Step& step) override;
  void done(const Step& step, Duration took) override;
  void failed(const Step& step, const std::string& why) override;
  void blocked(const Step& step, const Step& cause) override;
  void tell(const std::string& news) override;
  void tick(Duration elapsed, std::size_t running, std::size_t open) override;

 private:
  void say(const std::string& line);
  std::string time_text(Duration took) const;

  const Invocation& invocation_;
  Duration last_said_ = {};
  Duration now_ = {};
};

/// "Apply: 3 created, 1 changed, 0 destroyed; 2 failed (12 s, 40 calls)"; what was `spent` is shown
/// to people who see the time, since it differs from one run to the next.
std::string apply_summary(const Plan& plan, const ApplyResult& result, const std::string& spent);

}  // namespace weir
