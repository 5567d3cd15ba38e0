// What an apply does, for machines: one event a line, with Terraform's names of types.
#pragma once

#include "cli/invocation.h"
#include "core/clock.h"
#include "core/document.h"
#include "engine/applier.h"
#include "engine/apply_reporter.h"

namespace weir {

class ApplyEvents : public ApplyReporter {
 public:
  explicit ApplyEvents(const Clock& clock) : clock_(clock) {}

  void begun(const Step& step) override;
  void done(const Step& step, Duration took) override;
  void failed(const Step& step, const std::string& why) override;
  void blocked(const Step& step, const Step& cause) override;
  void tell(const std::string& news) override;
  void tick(const Standing& standing) override;
  void left(const Step& step, const std::string& why) override;
  void summary(const Plan& plan, const ApplyResult& result);

 private:
  void print(std::string_view type, const Step* step, const Document& more);

  const Clock& clock_;
  bool is_heard_ = true;  ///< until standard output is closed; the apply goes on all the same
  Duration last_progress_ = {};
};

}  // namespace weir
