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
  return sql::scram_verifier(*secret, sql::random_salt());
}

}  // namespace weir
