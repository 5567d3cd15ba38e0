#include "state/postgres_address.h"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <memory>
#include <unistd.h>
#include <vector>

#include <fmt/format.h>
#include <libpq-fe.h>

#include "core/error.h"

namespace weir {
namespace {

constexpr const char* kExample = "postgres://weir@db.example:5432/weir";
constexpr const char* kSystemRoots = "/etc/ssl/certs/ca-certificates.crt";

using Keywords = std::map<std::string, std::string>;

/// What a user may say; everything else is said by us.
constexpr std::array kAllowed = {"host",     "hostaddr",        "port",    "user",        "dbname",
                                 "password", "connect_timeout", "sslmode", "sslrootcert", "sslcert",
                                 "sslkey"};

/// What a user does not say: an empty value is a value, so libpq looks no further.
const Keywords& unsaid() {
  static const Keywords keywords = {
      {"port", "5432"}, {"password", ""}, {"hostaddr", ""},    {"connect_timeout", "10"},
      {"sslcert", ""},  {"sslkey", ""},   {"sslrootcert", ""},
  };
  return keywords;
}

/// What weir decides. A server that does not answer must be noticed before a lease is over.
const Keywords& decided() {
  static const Keywords keywords = {
      {"application_name", "weir"},
      {"channel_binding", "prefer"},
      {"client_encoding", "UTF8"},
      {"gssencmode", "disable"},
      {"keepalives_count", "3"},
      {"keepalives_idle", "5"},
      {"keepalives_interval", "5"},
      {"options", ""},
      {"ssl_min_protocol_version", "TLSv1.2"},
      {"target_session_attrs", "any"},
      {"tcp_user_timeout", "20000"},
  };
  return keywords;
}

struct Free {
  void operator()(PQconninfoOption* options) const { PQconninfoFree(options); }
};

/// The reasons of libpq are not shown: they repeat the text.
Keywords parse(const Secret& connection) {
  char* reason = nullptr;
  const std::unique_ptr<PQconninfoOption, Free> parsed(
      PQconninfoParse(connection.reveal().c_str(), &reason));
  PQfreemem(reason);
  if (!parsed) {
    throw StateError(fmt::format(
        "the address of the state in PostgreSQL cannot be understood. Write it like {}", kExample));
  }
  Keywords keywords;
  for (const PQconninfoOption* option = parsed.get(); option->keyword != nullptr; ++option) {
    if (option->val != nullptr) keywords[option->keyword] = option->val;
  }
  return keywords;
}

void check_keywords(const Keywords& keywords) {
  for (const auto& [keyword, value] : keywords) {
    if (std::find(kAllowed.begin(), kAllowed.end(), keyword) != kAllowed.end()) continue;
    throw StateError(
        fmt::format("the address of the state in PostgreSQL may not say {}: weir decides that "
                    "itself. It understands {}",
                    keyword, fmt::join(kAllowed, ", ")));
  }
  for (const char* keyword : {"host", "user", "dbname"}) {
    const auto found = keywords.find(keyword);
    if (found != keywords.end() && !found->second.empty()) continue;
    throw StateError(fmt::format(
        "the address of the state in PostgreSQL does not name the {}, and the environment is not "
        "asked. Write it like {}",
        keyword, kExample));
  }
}

bool is_loopback(const std::string& host) {
  if (host.starts_with('/') || host.starts_with('@')) return true;
  in_addr four = {};
  if (inet_pton(AF_INET, host.c_str(), &four) == 1) return (ntohl(four.s_addr) >> 24U) == 127;
  return host == "::1";
}

/// A list of hosts is on this machine when all of them are. A name is not: somebody else decides
/// where it leads.
bool is_on_this_machine(const Keywords& keywords) {
  const auto address = keywords.find("hostaddr");
  const bool has_address = address != keywords.end() && !address->second.empty();
  std::string list = has_address ? address->second : keywords.at("host");
  list += ',';
  for (std::size_t begin = 0; begin < list.size();) {
    const std::size_t end = list.find(',', begin);
    if (!is_loopback(list.substr(begin, end - begin))) return false;
    begin = end + 1;
  }
  return true;
}

void choose_encryption(Keywords& keywords) {
  std::string& mode = keywords["sslmode"];
  const bool is_local = is_on_this_machine(keywords);
  if (!is_local && !mode.empty() && mode != "verify-full") {
    throw StateError(fmt::format(
        "sslmode={} lets anybody answer for {}. Leave sslmode out, or write verify-full", mode,
        keywords.at("host")));
  }
  if (mode.empty()) mode = is_local ? "prefer" : "verify-full";
  if (keywords["sslrootcert"].empty() && mode.starts_with("verify") &&
      access(kSystemRoots, R_OK) == 0) {
    keywords["sslrootcert"] = kSystemRoots;
  }
}

Secret to_options(const Keywords& keywords) {
  std::string text;
  for (const auto& [keyword, value] : keywords) {
    text += keyword + "='";
    for (const char c : value) {
      if (c == '\'' || c == '\\') text += '\\';
      text += c;
    }
    text += "' ";
  }
  return Secret(std::move(text));
}

}  // namespace

PostgresAddress read_postgres_address(const Secret& connection) {
  Keywords keywords = parse(connection);
  check_keywords(keywords);
  // The one name whose address everybody knows.
  if (keywords.at("host") == "localhost") keywords.try_emplace("hostaddr", "127.0.0.1");
  choose_encryption(keywords);
  keywords.insert(unsaid().begin(), unsaid().end());
  keywords.insert(decided().begin(), decided().end());
  PostgresAddress address{.options = to_options(keywords),
                          .password = Secret(keywords.at("password")),
                          .shown = fmt::format("{}:{}, database {}", keywords.at("host"),
                                               keywords.at("port"), keywords.at("dbname"))};
  Secret::wipe(keywords.at("password"));
  return address;
}

void forget_postgres_environment() {
  std::vector<std::string> names;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string text = *entry;
    if (text.starts_with("PG")) names.push_back(text.substr(0, text.find('=')));
  }
  // NOLINTNEXTLINE(concurrency-mt-unsafe): stores are opened before threads begin
  for (const std::string& name : names) unsetenv(name.c_str());
}

}  // namespace weir
