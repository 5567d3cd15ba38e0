#include "postgres/address.h"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <unistd.h>
#include <vector>

#include <fmt/format.h>
#include <libpq-fe.h>

#include "core/error.h"

namespace weir {
namespace {

constexpr const char* kExample = "postgres://weir@db.example:5432/weir";
constexpr std::array kSystemRoots = {"/etc/ssl/certs/ca-certificates.crt",
                                     "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/cert.pem"};

using Keywords = PostgresKeywords;

/// What a user may say beside the password; everything else is said by us.
constexpr std::array kAllowed = {"host",    "hostaddr",        "port",    "user",
                                 "dbname",  "connect_timeout", "sslmode", "sslrootcert",
                                 "sslcert", "sslkey"};

/// What a user does not say: an empty value is a value, so libpq looks no further.
const Keywords& unsaid() {
  static const Keywords keywords = {
      {"port", "5432"}, {"hostaddr", ""}, {"connect_timeout", "10"},
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

/// Takes the password out of what was read. The reasons of libpq are not shown: they repeat the
/// text.
PostgresAddress parse(const Secret& connection, std::string_view subject) {
  char* reason = nullptr;
  const std::unique_ptr<PQconninfoOption, Free> parsed(
      PQconninfoParse(connection.reveal().c_str(), &reason));
  PQfreemem(reason);
  if (!parsed) {
    throw ConfigurationError(
        fmt::format("{} cannot be understood. Write it like {}", subject, kExample));
  }
  PostgresAddress address;
  for (const PQconninfoOption* option = parsed.get(); option->keyword != nullptr; ++option) {
    if (option->val == nullptr) continue;
    const std::string_view keyword = option->keyword;
    if (keyword == "password") {
      address.password = Secret(option->val);
    } else {
      address.keywords.emplace(keyword, option->val);
    }
  }
  return address;
}

void check_keywords(const Keywords& keywords, std::string_view subject) {
  for (const auto& [keyword, value] : keywords) {
    if (std::find(kAllowed.begin(), kAllowed.end(), keyword) != kAllowed.end()) continue;
    throw ConfigurationError(
        fmt::format("{} may not say {}: weir decides that itself. It understands password, {}",
                    subject, keyword, fmt::join(kAllowed, ", ")));
  }
  for (const char* keyword : {"host", "user", "dbname"}) {
    const auto found = keywords.find(keyword);
    if (found != keywords.end() && !found->second.empty()) continue;
    throw ConfigurationError(
        fmt::format("{} does not name the {}, and the environment is not asked. Write it like {}",
                    subject, keyword, kExample));
  }
}

bool is_loopback(const std::string& host) {
  if (host.starts_with('/') || host.starts_with('@')) return true;
  in_addr four = {};
  if (inet_pton(AF_INET, host.c_str(), &four) == 1) return (ntohl(four.s_addr) >> 24U) == 127;
  return host == "::1";
}

void choose_encryption(Keywords& keywords) {
  std::string& mode = keywords["sslmode"];
  const bool is_local = is_on_this_machine(keywords);
  if (!is_local && !mode.empty() && mode != "verify-full") {
    throw ConfigurationError(fmt::format(
        "sslmode={} lets anybody answer for {}. Leave sslmode out, or write verify-full", mode,
        keywords.at("host")));
  }
  if (mode.empty()) mode = is_local ? "prefer" : "verify-full";
  if (keywords["sslrootcert"].empty() && mode.starts_with("verify")) {
    keywords["sslrootcert"] = trusted_authorities();
  }
}

void append(std::string& text, const std::string& keyword, const std::string& value) {
  text += keyword + "='";
  for (const char c : value) {
    if (c == '\'' || c == '\\') text += '\\';
    text += c;
  }
  text += "' ";
}

}  // namespace

std::string PostgresAddress::shown() const {
  return fmt::format("{}:{}, database {}", keywords.at("host"), keywords.at("port"),
                     keywords.at("dbname"));
}

std::string PostgresAddress::server() const {
  std::string host = keywords.at("host");
  const bool is_socket = host.starts_with('/');
  for (std::size_t at = 0; is_socket && (at = host.find('/', at)) != std::string::npos;) {
    host.replace(at, 1, "%2F");
  }
  const bool is_number = !is_socket && host.find(':') != std::string::npos;
  if (is_number) host = "[" + host + "]";
  return fmt::format("postgres://{}:{}", host, keywords.at("port"));
}

Secret PostgresAddress::options() const {
  std::string text;
  for (const auto& [keyword, value] : keywords) append(text, keyword, value);
  // Enough room at once: what a string outgrows is not wiped.
  text.reserve(text.size() + 2 * password.reveal().size() + 16);
  append(text, "password", password.reveal());
  return Secret(std::move(text));
}

PostgresAddress read_postgres_address(const Secret& connection, std::string_view subject) {
  PostgresAddress address = parse(connection, subject);
  check_keywords(address.keywords, subject);
  // The one name whose address everybody knows.
  if (address.keywords.at("host") == "localhost") {
    address.keywords.try_emplace("hostaddr", "127.0.0.1");
  }
  choose_encryption(address.keywords);
  complete_keywords(address.keywords);
  return address;
}

void complete_keywords(PostgresKeywords& keywords) {
  keywords.insert(unsaid().begin(), unsaid().end());
  keywords.insert(decided().begin(), decided().end());
}

bool is_on_this_machine(const PostgresKeywords& keywords) {
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

std::string trusted_authorities() {
  for (const char* file : kSystemRoots) {
    if (access(file, R_OK) == 0) return file;
  }
  return "";
}

void forget_postgres_environment() {
  std::vector<std::string> names;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string text = *entry;
    if (text.starts_with("PG")) names.push_back(text.substr(0, text.find('=')));
  }
  // NOLINTNEXTLINE(concurrency-mt-unsafe): connections are set up before threads begin
  for (const std::string& name : names) unsetenv(name.c_str());
}

}  // namespace weir
