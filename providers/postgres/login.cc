#include "providers/postgres/login.h"

#include <fmt/format.h>

#include "core/error.h"
#include "providers/http/problem.h"
#include "providers/postgres/pause.h"

namespace weir::postgres {
namespace {

constexpr Duration kFirstPause = std::chrono::milliseconds(100);
constexpr Duration kLongestPause = std::chrono::seconds(3);
/// A server that goes down in the middle of a handshake looks like one with a wrong certificate.
constexpr int kEncryptionRetries = 2;

std::string server_of(const Route& route) {
  const std::string& host = route.address.keywords.at("host");
  return fmt::format("{}:{}", host.substr(0, host.find(',')), route.address.keywords.at("port"));
}

std::string where(const DatabasePlace& place, const Route& route) {
  return fmt::format("{} at {}", words_for(place), server_of(route));
}

/// What the workspace refuses keeps us from the database.
template <typename Ask>
auto with_sql_errors(const DatabasePlace& place, Ask ask) {
  try {
    return ask();
  } catch (const ApiError& error) {
    throw SqlError(fmt::format("cannot reach {}: {}", words_for(place), error.what()),
                   {.is_unreachable = true});
  }
}

/// Throws ConnectFailure for a name that nobody knows.
void add_addresses_to(Route& route, const LookUp& look_up) {
  const std::string problem = add_addresses(route.address.keywords, look_up);
  if (!problem.empty()) throw ConnectFailure(Stage::kName, {.message = http::tame(problem)});
}

std::string explain_login(const DatabasePlace& place, const Route& route,
                          const ConnectFailure& failure) {
  const std::string& code = failure.words().sqlstate;
  const std::string user = http::tame(route.address.keywords.at("user"));
  const std::string why = words_of(failure.words());
  if (is_refused_login(code)) {
    return fmt::format("{} does not let \"{}\" in: {}. {}", where(place, route), user, why,
                       route.login_advice);
  }
  if (code == "3D000") {
    return fmt::format("there is no {} at {}: {}. Create the database first, or correct its name",
                       words_for(place), server_of(route), why);
  }
  if (code == "42501") {
    return fmt::format("{} does not let \"{}\" in: {}. Grant it CONNECT on the database",
                       where(place, route), user, why);
  }
  const std::string_view advice = code == "53300" ? "End sessions that nobody needs, then try again"
                                                  : "Look how that server does, then try again";
  return fmt::format("{} takes no session: {}. {}", where(place, route), why, advice);
}

}  // namespace

std::string explain(const DatabasePlace& place, const Route& route, const ConnectFailure& failure) {
  const std::string why = words_of(failure.words());
  switch (failure.stage()) {
    case Stage::kName:
      return fmt::format(
          "cannot reach {}: the name is unknown here ({}). Look whether this machine may ask for "
          "it; the name of a new endpoint may take a minute",
          where(place, route), why);
    case Stage::kNetwork:
      return fmt::format(
          "cannot reach {}: {}. Look whether that server runs, and whether this machine may "
          "connect to it",
          where(place, route), why);
    case Stage::kEncryption:
      return fmt::format("{} cannot prove who it is: {}. {}", where(place, route), why,
                         route.trust_advice);
    case Stage::kLogin:
      break;
  }
  return explain_login(place, route, failure);
}

/// How often, and until when, one connection is tried.
class Login::Patience {
 public:
  Patience(const http::Timing& timing, Duration limit)
      : timing_(timing), end_(timing.elapsed() + limit) {}

  /// Waits, if another attempt may go better.
  bool waits_after(const ConnectFailure& failure) {
    if (!has_hope(failure) || timing_.elapsed() >= end_) return false;
    timing_.sleep(pauses_.next(timing_));
    return true;
  }
  /// The first time.
  bool may_renew() { return !std::exchange(has_renewed_, true); }
  bool may_tell() { return !std::exchange(has_told_, true); }

 private:
  bool has_hope(const ConnectFailure& failure) {
    if (failure.stage() == Stage::kEncryption) return ++encryption_ <= kEncryptionRetries;
    return hope_for_login(failure.words().sqlstate) == Hope::kGood;
  }

  const http::Timing& timing_;
  const Duration end_;
  Pauses pauses_{kFirstPause, kLongestPause};
  int encryption_ = 0;
  bool has_renewed_ = false;
  bool has_told_ = false;
};

Login::Login(Routes& routes, http::Timing timing, LookUp look_up)
    : routes_(routes), timing_(std::move(timing)), look_up_(std::move(look_up)) {}

Route Login::route_to(const DatabasePlace& place) {
  return with_sql_errors(place, [&] { return routes_.route_to(place); });
}

Route Login::resolved(const DatabasePlace& place) {
  Route route = route_to(place);
  try {
    add_addresses_to(route, look_up_);
  } catch (const ConnectFailure& failure) {
    throw SqlError(explain(place, route, failure), {.is_unreachable = true});
  }
  return route;
}

Secret Login::password_to(const DatabasePlace& place) {
  return with_sql_errors(place, [&] { return routes_.key_to(place).password; });
}

bool Login::renew(const DatabasePlace& place, const Secret& refused) {
  return with_sql_errors(place, [&] { return routes_.renew(place, refused); });
}

void Login::try_again(const DatabasePlace& place, const ConnectFailure& failure, const Route& route,
                      Patience& patience) {
  const std::string& code = failure.words().sqlstate;
  const bool is_refused = is_refused_login(code);
  if (is_refused && patience.may_renew() && renew(place, route.address.password)) return;
  if (!is_refused) routes_.doubt(place);
  if (timing_.tell && patience.may_tell()) {
    timing_.tell(fmt::format("{} does not answer yet: {}", words_for(place), failure.what()));
  }
  if (patience.waits_after(failure)) return;
  const bool is_unreachable =
      failure.stage() != Stage::kLogin || hope_for_login(code) == Hope::kGood;
  throw SqlError(explain(place, route, failure),
                 {.sqlstate = code, .is_unreachable = is_unreachable});
}

std::unique_ptr<Session> Login::open(const DatabasePlace& place) {
  Patience patience(timing_, routes_.patience());
  while (true) {
    Route route = route_to(place);
    route.address.password = password_to(place);
    try {
      add_addresses_to(route, look_up_);
      return std::make_unique<Session>(route.address);
    } catch (const ConnectFailure& failure) {
      try_again(place, failure, route, patience);
    }
  }
}

bool Login::lets_in(const DatabasePlace& place, const std::string& role, const Secret& password) {
  Patience patience(timing_, routes_.patience());
  while (true) {
    Route route = route_to(place);
    route.address.keywords["user"] = role;
    route.address.password = password;
    try {
      add_addresses_to(route, look_up_);
      const auto refused = refusal_by(route.address);
      if (!refused) return true;
      const std::string& code = refused->words().sqlstate;
      if (is_refused_password(code)) return false;
      // Both are said to somebody whose password was right.
      if (code == "42501" || code == "3D000") return true;
      // Nobody waits for a role that has all its connections, and what may not come from here or
      // log in at all does not do so later either.
      const bool is_full = code == "53300";
      if (is_full || hope_for_login(code) == Hope::kNone) {
        throw SqlError(explain(place, route, *refused), {.sqlstate = code});
      }
      throw ConnectFailure(*refused);
    } catch (const ConnectFailure& failure) {
      try_again(place, failure, route, patience);
    }
  }
}

}  // namespace weir::postgres
