#include "cli/secrets.h"

#include <fmt/format.h>

#include "core/error.h"
#include "core/file_text.h"
#include "sql/scram.h"

namespace weir {
namespace {

constexpr std::size_t kLongestSecret = 4096;

/// Editors end a file with a line end, which belongs to no password.
Secret without_line_end(std::string text) {
  while (text.ends_with('\n') || text.ends_with('\r')) text.pop_back();
  Secret secret(text);
  Secret::wipe(text);
  return secret;
}

}  // namespace

std::optional<Secret> given_secret(const Invocation& invocation, const SecretSource& source) {
  Secret secret;
  if (source.type == "env") {
    secret = Secret(invocation.variable(source.name).value_or(""));
  } else if (source.type == "file") {
    FileText read = read_file_text(source.name, kLongestSecret);
    if (read.problem.empty()) secret = without_line_end(std::move(read.text));
  }
  if (secret.is_empty()) return std::nullopt;
  return secret;
}

Secret verifier_of(const Invocation& invocation, const SecretSource& source) {
  const auto secret = given_secret(invocation, source);
  if (!secret) {
    throw ConfigurationError(fmt::format(
        "the password is to come from {} {}, which {}", source.type, harmless(source.name),
        source.type == "databricks_secret" ? "this version of weir cannot read: use env or file"
                                           : "is empty or cannot be read: set it and apply again"));
  }
  if (const std::string problem = sql::problem_with_password(*secret); !problem.empty()) {
    throw ConfigurationError(
        fmt::format("the password from {} {} {}", source.type, harmless(source.name), problem));
  }
  return sql::scram_verifier(*secret, sql::random_salt());
}

bool is_postgres_url(const std::string& text) {
  return text.starts_with("postgres://") || text.starts_with("postgresql://");
}

Secret postgres_url(const Invocation& invocation, const PostgresUrl& url, std::string_view owner) {
  if (!url.text.empty()) return Secret(std::string(url.text));
  std::string text;
  if (url.source == "env") {
    text = invocation.variable(url.source_name).value_or("");
  } else {
    FileText read = read_file_text(url.source_name, kLongestSecret);
    if (!read.problem.empty()) {
      throw ConfigurationError(
          fmt::format("the file {}, which has the URL of {}, cannot be read: {}",
                      harmless(url.source_name), owner, read.problem));
    }
    text = std::move(read.text);
    text.erase(text.find_last_not_of(" \t\r\n") + 1);
  }
  if (is_postgres_url(text)) return Secret(std::move(text));
  throw ConfigurationError(fmt::format(
      "{} {} should have the URL of {}, and {}; write postgres://USER@HOST/DATABASE there, with a "
      "password where it takes one",
      url.source == "env" ? "the variable" : "the file", harmless(url.source_name), owner,
      text.empty() ? "is empty" : "what it has does not begin with postgres://"));
}

}  // namespace weir
