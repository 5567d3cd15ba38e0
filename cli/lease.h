// The right to apply: one at a time for each deployment.
#pragma once

#include <string>

#include "cli/invocation.h"
#include "core/error.h"
#include "core/store.h"

namespace weir {

/// Somebody else applies.
class LockHeldError : public Error {
 public:
  using Error::Error;
};

/// Holds the lease of a store while it lives.
class HeldLease {
 public:
  /// Waits for it as long as -lock-timeout says. Throws LockHeldError.
  HeldLease(const Invocation& invocation, const Clock& clock, Store& store,
            const std::string& plan_hash);
  HeldLease(const HeldLease&) = delete;
  HeldLease& operator=(const HeldLease&) = delete;
  ~HeldLease();

  /// Gives it back. Throws StateError.
  void release(const std::string& outcome);
  /// The same without a complaint: it ends by itself.
  void give_up(const std::string& outcome) noexcept;

 private:
  Store& store_;
  bool is_held_ = true;
};

/// "ana@laptop, process 4711".
std::string actor_of(const Invocation& invocation);

}  // namespace weir
