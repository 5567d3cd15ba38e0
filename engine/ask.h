// What workers ask of the world for an apply: failures are answers.
#pragma once

#include <memory>
#include <string>

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

/// What a step asks for, for people.
std::string request_of(const Step& step);

/// Nobody saw the end of an earlier run's update, and of a list that others have entries in as well
/// only what shows is remembered.
void look_up_record(Store& store, const Reply& reply, Intent& intent);

/// Executes a script, in one transaction with the look that decides about its statements.
void execute(const ApplyDoors& doors, const Gate& gate, const Script& script, Reply& answer);

}  // namespace weir
