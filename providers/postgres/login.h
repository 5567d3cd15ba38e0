// From a place to a session: waits for servers that wake, mints a refused token anew once, and says
// why nobody was let in.
#pragma once

#include <memory>
#include <string>

#include "providers/http/timing.h"
#include "providers/postgres/name_service.h"
#include "providers/postgres/route.h"
#include "providers/postgres/session.h"

namespace weir::postgres {

/// Thread-safe.
class Login {
 public:
  /// `routes` must outlive this.
  Login(Routes& routes, http::Timing timing, LookUp look_up);

  /// The way in without a key, with the addresses of its host. Throws SqlError.
  Route resolved(const DatabasePlace& place);
  /// Throws SqlError.
  std::unique_ptr<Session> open(const DatabasePlace& place);
  /// Whether somebody else is let in. Throws SqlError when that cannot be found out.
  bool lets_in(const DatabasePlace& place, const std::string& role, const Secret& password);

 private:
  class Patience;

  /// Throws SqlError.
  Route route_to(const DatabasePlace& place);
  Secret password_to(const DatabasePlace& place);
  bool renew(const DatabasePlace& place, const Secret& refused);
  void try_again(const DatabasePlace& place, const ConnectFailure& failure, const Route& route,
                 Patience& patience);

  Routes& routes_;
  const http::Timing timing_;
  const LookUp look_up_;
};

/// What to tell people about a refused connection: what, where, why, and what to do.
std::string explain(const DatabasePlace& place, const Route& route, const ConnectFailure& failure);

}  // namespace weir::postgres
