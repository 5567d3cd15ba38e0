#include "providers/http/host.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include <fmt/format.h>

#include "core/error.h"

namespace weir::http {
namespace {

bool is_digit(char letter) {
  return letter >= '0' && letter <= '9';
}
bool is_letter(char letter) {
  return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z');
}
bool is_number(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), is_digit);
}

std::string lowered(std::string_view text) {
  std::string small(text);
  std::transform(small.begin(), small.end(), small.begin(), [](char letter) {
    return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
  });
  return small;
}

bool is_port(std::string_view text) {
  int port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  return is_number(text) && error == std::errc() && port >= 1 && port <= 65535;
}

/// What is wrong with "name:port"; nothing when it is fine. Names outside ASCII must be given in
/// their encoded form, so that what is shown is what is asked.
std::optional<std::string> problem_of_authority(std::string_view authority) {
  if (authority.find('@') != std::string_view::npos) {
    return "it has a user name or password before the @, which does not belong there";
  }
  std::string_view name = authority;
  std::string_view port;
  const std::size_t bracket = authority.rfind(']');
  const std::size_t colon = authority.rfind(':');
  if (colon != std::string_view::npos && (bracket == std::string_view::npos || colon > bracket)) {
    name = authority.substr(0, colon);
    port = authority.substr(colon + 1);
    if (!is_port(port)) return "its port is not a number from 1 to 65535";
  }
  if (name.empty()) return "it has no name";
  const bool is_six = name.front() == '[' && name.back() == ']' && name.size() > 2;
  const std::string_view letters = is_six ? name.substr(1, name.size() - 2) : name;
  const bool is_plain = std::all_of(letters.begin(), letters.end(), [&](char letter) {
    if (is_six)
      return std::string_view("0123456789abcdefABCDEF:.").find(letter) != std::string_view::npos;
    return is_digit(letter) || is_letter(letter) || letter == '-' || letter == '.' || letter == '_';
  });
  if (!is_plain) return "its name has characters that host names do not have";
  return std::nullopt;
}

void read_query(std::string_view query, Host& host) {
  while (!query.empty()) {
    const std::size_t end = std::min(query.find('&'), query.size());
    const std::string_view pair = query.substr(0, end);
    query.remove_prefix(std::min(end + 1, query.size()));
    const std::size_t equals = pair.find('=');
    if (equals == std::string_view::npos) continue;
    const std::string_view key = pair.substr(0, equals);
    const std::string value(pair.substr(equals + 1));
    const bool is_numeric_id = (key == "o" || key == "workspace_id") && is_number(value);
    if (host.workspace_id.empty() && (is_numeric_id || key == "w")) host.workspace_id = value;
    if (host.account_id.empty() && (key == "a" || key == "account_id")) host.account_id = value;
  }
}

}  // namespace

Host parse_host(std::string_view text, std::string_view origin) {
  const auto refuse = [&](std::string_view reason) {
    // The text itself may have a password in it.
    throw ConfigurationError(fmt::format(
        "the host from {} cannot be used: {}; write it like https://example.cloud.databricks.com",
        origin, reason));
  };
  if (text.starts_with('"') || text.starts_with('\'')) refuse("it stands in quotes");
  const std::size_t mark = text.find("://");
  const std::string scheme =
      mark == std::string_view::npos ? "https" : lowered(text.substr(0, mark));
  if (scheme != "https" && scheme != "http") refuse("its scheme is neither https nor http");
  std::string_view rest = mark == std::string_view::npos ? text : text.substr(mark + 3);
  const std::string_view authority = rest.substr(0, rest.find_first_of("/?#"));
  if (const auto problem = problem_of_authority(authority)) refuse(*problem);
  Host host = {.url = scheme + "://" + lowered(authority)};
  const std::size_t question = rest.find('?');
  if (question != std::string_view::npos) {
    rest.remove_prefix(question + 1);
    read_query(rest.substr(0, rest.find('#')), host);
  }
  return host;
}

std::string origin_of(std::string_view url) {
  const std::size_t mark = url.find("://");
  if (mark == std::string_view::npos) return "";
  const std::string scheme = lowered(url.substr(0, mark));
  const std::string_view rest = url.substr(mark + 3);
  const std::string_view authority = rest.substr(0, rest.find_first_of("/?#"));
  if (problem_of_authority(authority)) return "";
  std::string origin = scheme + "://" + lowered(authority);
  const std::string_view usual_port = scheme == "https" ? ":443" : ":80";
  if (origin.ends_with(usual_port)) origin.erase(origin.size() - usual_port.size());
  return origin;
}

std::string percent_encode(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string encoded;
  for (const char letter : text) {
    if (is_digit(letter) || is_letter(letter) ||
        std::string_view("-._~").find(letter) != std::string_view::npos) {
      encoded += letter;
      continue;
    }
    const auto byte = static_cast<unsigned char>(letter);
    encoded += '%';
    encoded += kDigits[byte >> 4U];
    encoded += kDigits[byte & 15U];
  }
  return encoded;
}

}  // namespace weir::http
