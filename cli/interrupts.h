// Ctrl-C and its relatives: counted, so that what runs can end in order.
#pragma once

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
};

}  // namespace weir
