// Ctrl-C and its relatives: counted, so that what runs can end in order.
#pragma once

#include "core/error.h"

namespace weir {

/// While it lives, SIGINT, SIGTERM and SIGHUP are counted instead of ending the program.
class Interrupts {
 public:
  Interrupts();
  Interrupts(const Interrupts&) = delete;
  Interrupts& operator=(const Interrupts&) = delete;
  ~Interrupts();

  /// How many came.
  static int count();
  /// The last of them; 0 for none.
  static int signal();
  /// Throws Interrupted when one came.
  static void stop_if_any();
};

/// Somebody asked to stop before anything was changed.
class Interrupted : public Error {
 public:
  using Error::Error;
};

}  // namespace weir
