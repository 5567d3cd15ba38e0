#include "providers/postgres/postgres_databases.h"

#include <algorithm>

#include "providers/postgres/blockers.h"
#include "providers/postgres/endpoint_routes.h"
#include "providers/postgres/fixed_routes.h"
#include "providers/postgres/pause.h"
#include "providers/postgres/setback.h"
#include "sql/snapshot_query.h"

namespace weir::postgres {
namespace {

constexpr std::string_view kOnlyReads = "25006";
constexpr int kMostAttempts = 10;
constexpr int kMostBriefAttempts = 3;
constexpr Duration kFirstPause = std::chrono::milliseconds(20);
constexpr Duration kLongestPause = std::chrono::seconds(2);

bool may_repeat(const Setback& setback, int attempt) {
  switch (setback.hope()) {
    case Hope::kNone:
      return false;
    case Hope::kBrief:
      return attempt < kMostBriefAttempts;
    case Hope::kGood:
      break;
  }
  return attempt < kMostAttempts;
}

/// Whether one message may hold them all: of a secret nothing may show in an error.
bool fit_together(const std::vector<SqlText>& statements) {
  return statements.size() > 1 && std::ranges::none_of(statements, [](const SqlText& each) {
           return each.sent.has_value();
         });
}

/// Looks, now that the transaction is over, who was in its way; the attempt is lost anyway.
std::string blockers_of(SessionPool::Loan& loan, const Setback& setback) {
  if (setback.words.sqlstate != "55P03" || setback.is_lost) return "";
  try {
    return blockers(*loan, setback.phase == Phase::kBegin ? Obstacle::kTurn : Obstacle::kLock);
  } catch (const StatementFailure&) {
    loan.spoil();
    return "";
  }
}

Entrance entrance_by(const Route& route) {
  return {.keywords = route.address.keywords, .endpoint = route.endpoint};
}

}  // namespace

Entrance PostgresDatabases::entrance_to(const DatabasePlace& place) {
  return entrance_by(routes_->route_to(place));
}

Entrance PostgresDatabases::resolved(const DatabasePlace& place) {
  return entrance_by(login_.resolved(place));
}

/// How far a transaction has come.
struct PostgresDatabases::Progress {
  Phase phase = Phase::kBegin;
  std::string shown = {};  ///< of the statement
};

PostgresDatabases::PostgresDatabases(std::unique_ptr<Routes> routes, Options options)
    : routes_(std::move(routes)),
      options_(std::move(options)),
      login_(*routes_, options_.timing, options_.look_up),
      pool_([this](const DatabasePlace& place) { return login_.open(place); }, options_.sessions) {
  forget_postgres_environment();
}

template <typename Attempt>
auto PostgresDatabases::repeat(const DatabasePlace& place, Attempt attempt) {
  Pauses pauses(kFirstPause, kLongestPause);
  for (int number = 1;; ++number) {
    try {
      return attempt();
    } catch (const Setback& setback) {
      if (!may_repeat(setback, number)) throw error_of(place, setback, number);
      if (setback.is_lost || setback.words.sqlstate == kOnlyReads) routes_->doubt(place);
    }
    options_.timing.sleep(pauses.next(options_.timing));
  }
}

std::string PostgresDatabases::snapshot(const DatabasePlace& place) {
  return answer(place, sql::kSnapshotQuery);
}

std::string PostgresDatabases::answer(const DatabasePlace& place, std::string_view query) {
  return repeat(place, [&] {
    SessionPool::Loan loan = pool_.borrow(place);
    try {
      return say(loan, round_trips_, reading(options_.limits, query));
    } catch (const StatementFailure& failure) {
      throw Setback{.words = failure.words(), .is_lost = failure.is_lost()};
    }
  });
}

void PostgresDatabases::change(const DatabasePlace& place, const Script& script) {
  repeat(place, [&] { change_once(place, script); });
}

void PostgresDatabases::change_once(const DatabasePlace& place, const Script& script) {
  SessionPool::Loan loan = pool_.borrow(place);
  Progress progress;
  try {
    try {
      return transact(loan, script, progress, Manner::kTogether);
    } catch (const StatementFailure& failure) {
      const bool is_known = progress.phase != Phase::kStatement || !progress.shown.empty();
      if (is_known || failure.is_lost()) throw;
    }
    // Nothing happened. Which statement it was shows when they go one by one.
    progress = {};
    transact(loan, script, progress, Manner::kOneByOne);
  } catch (const StatementFailure& failure) {
    Setback setback{.phase = progress.phase,
                    .statement = shortened(progress.shown),
                    .words = failure.words(),
                    .is_lost = failure.is_lost()};
    setback.blockers = blockers_of(loan, setback);
    // Another server writes by now: this one is of no use any more.
    if (setback.words.sqlstate == kOnlyReads) loan.spoil();
    throw setback;
  }
}

void PostgresDatabases::transact(SessionPool::Loan& loan, const Script& script, Progress& progress,
                                 Manner manner) {
  Transaction transaction(loan, round_trips_);
  const std::vector<SqlText> statements = script(transaction.begin(options_.limits));
  if (statements.empty()) return;
  progress.phase = Phase::kStatement;
  if (manner == Manner::kTogether && fit_together(statements)) {
    transaction.execute_together(statements);
  } else {
    for (const SqlText& statement : statements) {
      progress.shown = statement.shown;
      transaction.execute(statement);
    }
  }
  progress = {.phase = Phase::kCommit};
  transaction.commit();
}

bool PostgresDatabases::can_log_in(const DatabasePlace& place, const std::string& role,
                                   const Secret& password) {
  return login_.lets_in(place, role, password);
}

std::size_t PostgresDatabases::round_trips() const {
  return round_trips_.with([](std::size_t count) { return count; });
}

std::unique_ptr<PostgresDatabases> databases_of(http::Workspace& workspace, Options options) {
  EndpointSettings settings = read_endpoint_settings(workspace);
  settings.patience = options.patience.value_or(settings.patience);
  auto routes = std::make_unique<EndpointRoutes>(workspace, std::move(settings), options.timing);
  return std::make_unique<PostgresDatabases>(std::move(routes), std::move(options));
}

std::unique_ptr<PostgresDatabases> databases_at(const std::map<std::string, Secret>& addresses,
                                                Options options) {
  return std::make_unique<PostgresDatabases>(std::make_unique<FixedRoutes>(addresses),
                                             std::move(options));
}

}  // namespace weir::postgres
