#include "providers/postgres/server_words.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "providers/http/problem.h"

namespace weir::postgres {
namespace {

constexpr std::size_t kCodeLength = 5;

bool is_code(std::string_view text) {
  return text.size() == kCodeLength && std::all_of(text.begin(), text.end(), [](char letter) {
           return (letter >= '0' && letter <= '9') || (letter >= 'A' && letter <= 'Z');
         });
}

/// Where "42501: message" begins behind a severity in any language; npos when there is no code.
std::size_t place_of_code(std::string_view text) {
  for (std::size_t at = text.find(":  "); at != std::string_view::npos; at = text.find(":  ", at)) {
    at += 3;
    if (is_code(text.substr(at, kCodeLength)) && text.substr(at + kCodeLength, 2) == ": ")
      return at;
  }
  return std::string_view::npos;
}

/// Parts of a message by the words that libpq begins their lines with.
struct Label {
  std::string_view begin;
  std::string ServerWords::*part;  ///< null: left out
};
constexpr std::array<Label, 10> kLabels = {{{"DETAIL:  ", &ServerWords::detail},
                                            {"HINT:  ", &ServerWords::hint},
                                            {"LINE ", nullptr},
                                            {"QUERY:  ", nullptr},
                                            {"CONTEXT:  ", nullptr},
                                            {"SCHEMA NAME:  ", nullptr},
                                            {"TABLE NAME:  ", nullptr},
                                            {"COLUMN NAME:  ", nullptr},
                                            {"CONSTRAINT NAME:  ", nullptr},
                                            {"LOCATION:  ", nullptr}}};

void take_lines(std::string_view text, ServerWords& words) {
  std::string ServerWords::*part = &ServerWords::message;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    for (const Label& label : kLabels) {
      if (!line.starts_with(label.begin)) continue;
      part = label.part;
      line.remove_prefix(label.begin.size());
      break;
    }
    if (part != nullptr) (words.*part).append(line).append(" ");
  }
}

/// Of libpq's own words the first line: the others guess.
std::string_view first_line(std::string_view text) {
  return text.substr(0, text.find('\n'));
}

template <std::size_t count>
bool is_one_of(std::string_view code, const std::array<std::string_view, count>& codes) {
  return std::find(codes.begin(), codes.end(), code) != codes.end();
}

}  // namespace

ServerWords read_server_words(std::string_view text) {
  ServerWords words;
  const std::size_t code = place_of_code(text);
  if (code == std::string_view::npos) {
    words.message = http::tame(first_line(text));
    return words;
  }
  words.sqlstate = text.substr(code, kCodeLength);
  take_lines(text.substr(code + kCodeLength + 2), words);
  for (std::string* part : {&words.message, &words.detail, &words.hint}) *part = http::tame(*part);
  return words;
}

std::string words_of(const ServerWords& words) {
  std::string text = words.message;
  if (!words.sqlstate.empty()) text += fmt::format(" ({})", words.sqlstate);
  for (const std::string& more : {words.detail, words.hint}) {
    if (!more.empty()) text += "; " + more;
  }
  // Whoever goes on writes the full stop.
  while (text.ends_with('.')) text.pop_back();
  return text;
}

bool ends_session(std::string_view sqlstate) {
  // 57P0x: the server ends or starts; 08: the pool lost it; 25P0x: we stood still for too long.
  return sqlstate.starts_with("57P") || sqlstate.starts_with("08") || sqlstate == "25P03" ||
         sqlstate == "25P04";
}

Hope hope_for_statement(std::string_view sqlstate) {
  // XX000 is what the server says when another session changes the same row of a catalogue.
  constexpr std::array<std::string_view, 3> kGood = {"40001", "40P01", "XX000"};
  // What was there at the snapshot is gone, or the other way round; 25006: another server writes.
  constexpr std::array<std::string_view, 8> kBrief = {"23505", "42710", "42P06", "42704",
                                                      "42P01", "42883", "3F000", "25006"};
  if (is_one_of(sqlstate, kGood) || ends_session(sqlstate)) return Hope::kGood;
  return is_one_of(sqlstate, kBrief) ? Hope::kBrief : Hope::kNone;
}

Hope hope_for_login(std::string_view sqlstate) {
  // Without a code nobody answered. XX000 is how proxies say that a compute does not wake yet.
  const bool may_wake = sqlstate.empty() || sqlstate == "XX000" || sqlstate == "53300";
  return may_wake || ends_session(sqlstate) ? Hope::kGood : Hope::kNone;
}

bool is_refused_password(std::string_view sqlstate) {
  return sqlstate == "28P01";
}

bool is_refused_login(std::string_view sqlstate) {
  return is_refused_password(sqlstate) || sqlstate == "28000";
}

std::string_view advice_on(std::string_view sqlstate) {
  if (sqlstate == "42501") return "Apply as a role that may do this, or have it granted";
  if (sqlstate == "25006") return "That server only reads: look which endpoint writes";
  if (sqlstate == "55P03") return "End what holds the lock, or apply again later";
  if (sqlstate == "57014") return "Apply again when less goes on there";
  if (sqlstate == "53100") return "Make room: the disk or the quota is full";
  if (sqlstate == "53300") return "End sessions that nobody needs";
  if (sqlstate.starts_with("53")) return "Give the endpoint more capacity, or apply again later";
  // A setting, an extension or a type that the server never had, or that somebody took away.
  if (sqlstate == "42704") return "Correct the name, or plan again when it was known before";
  if (sqlstate == "2BP01") return "Retire in every database what depends on it first";
  if (hope_for_statement(sqlstate) == Hope::kGood) return "Others change the same: apply again";
  if (hope_for_statement(sqlstate) == Hope::kBrief) return "Plan again: it is not as it was";
  return "";
}

}  // namespace weir::postgres
