// What workers ask of the world for an apply: failures are answers.
#pragma once

#include <memory>

#include "core/error.h"
#include "engine/applier.h"
#include "engine/gate.h"
#include "engine/progress.h"
#include "planner/planner.h"

namespace weir {

template <typename Ask>
Calls::Work asking(const std::shared_ptr<Reply>& reply, Ask ask) {
  return [reply, ask] {
    try {
      ask(*reply);
    } catch (const ApiError& error) {
      reply->error = error;
    } catch (const std::exception& error) {
      reply->error = ApiError(error.what(), {});
    }
  };
}

/// Sends the change of a step, unless what the plan was made for holds no longer.
void send(const ApplyDoors& doors, const Gate& gate, const Step& step, WasSent was_sent,
          Reply& answer);

/// Executes a script, in one transaction with the look that decides about its statements.
void execute(const ApplyDoors& doors, const Gate& gate, const Script& script, Reply& answer);

}  // namespace weir
