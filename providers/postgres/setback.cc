#include "providers/postgres/setback.h"

#include <fmt/format.h>

#include "providers/http/problem.h"
#include "providers/postgres/route.h"

namespace weir::postgres {
namespace {

constexpr std::size_t kLongestShown = 300;

/// What happened, "database app of projects/shop/branches/dev refuses `GRANT …`".
std::string beginning_of(const DatabasePlace& place, const Setback& setback) {
  const std::string where = words_for(place);
  const bool waited = setback.words.sqlstate == "55P03";
  switch (setback.phase) {
    case Phase::kRead:
      return fmt::format("{} cannot be read", where);
    case Phase::kBegin:
      return waited ? fmt::format("other applies keep {} busy", where)
                    : fmt::format("{} cannot be read for a change", where);
    case Phase::kStatement:
      return fmt::format("{} {} `{}`", where, waited ? "is too busy for" : "refuses",
                         setback.statement);
    case Phase::kCommit:
      break;
  }
  return fmt::format("{} does not commit the change", where);
}

std::string lost_text(const DatabasePlace& place, const Setback& setback, int attempts) {
  const std::string why = words_of(setback.words);
  if (setback.is_unknown()) {
    return fmt::format(
        "the connection to {} broke while the change was committed, so nobody knows whether it "
        "holds: {}. Plan again: what is missing shows there",
        words_for(place), why);
  }
  return fmt::format(
      "the connection to {} broke {}: {}. Nothing was changed there; look how that server does, "
      "then try again",
      words_for(place), attempts == 1 ? "" : fmt::format("{} times", attempts), why);
}

}  // namespace

Hope Setback::hope() const {
  if (is_unknown()) return Hope::kNone;
  return is_lost ? Hope::kGood : hope_for_statement(words.sqlstate);
}

std::string shortened(std::string_view statement) {
  std::string line = http::tame(statement.substr(0, 2 * kLongestShown));
  if (line.size() <= kLongestShown) return line;
  std::size_t end = kLongestShown;
  // Not in the middle of a character.
  while (end > 0 && (static_cast<unsigned char>(line[end]) & 0xC0U) == 0x80U) --end;
  return line.substr(0, end) + " …";
}

SqlError error_of(const DatabasePlace& place, const Setback& setback, int attempts) {
  const SqlError::Facts facts{.sqlstate = setback.words.sqlstate,
                              .is_unreachable = setback.is_lost && !setback.is_unknown(),
                              .is_unknown = setback.is_unknown()};
  if (setback.is_lost) return {lost_text(place, setback, attempts), facts};
  std::string text = fmt::format("{}: {}", beginning_of(place, setback), words_of(setback.words));
  if (!setback.blockers.empty()) text += fmt::format("; in the way: {}", setback.blockers);
  const std::string_view advice = advice_on(setback.words.sqlstate);
  if (!advice.empty()) text += fmt::format(". {}", advice);
  if (attempts > 1) text += fmt::format(". It was tried {} times", attempts);
  if (setback.phase != Phase::kRead) text += ". Nothing was changed there";
  return {text, facts};
}

}  // namespace weir::postgres
