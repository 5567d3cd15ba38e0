// What an action refuses, as text.
#pragma once

#include <functional>
#include <string>

#include "core/error.h"

namespace weir::test {

/// What `action` says as a StateError; "nothing was refused" when it goes through.
inline std::string refusal(const std::function<void()>& action) {
  try {
    action();
  } catch (const StateError& error) {
    return error.what();
  }
  return "nothing was refused";
}

}  // namespace weir::test
