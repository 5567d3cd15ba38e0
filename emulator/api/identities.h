// Who is calling: users, service principals, and the tokens that prove it.
#pragma once

#include <optional>
#include <string>

#include "emulator/api/world.h"

namespace emulator {

struct Token {
  enum class Use { kApi, kPostgres };
  Identity identity;
  Use use = Use::kApi;
  /// Uids of the only endpoints or instances that a Postgres token opens.
  std::vector<std::string> doors = {};
};

void add_identity(World& world, const Identity& identity);
std::optional<Identity> find_identity(const World& world, const std::string& name);

/// Makes a token and keeps only its fingerprint. Without `expires` it lasts for ever.
std::string issue_token(World& world, const Identity& identity, Token::Use use,
                        const std::vector<std::string>& doors, std::optional<Instant> expires);
/// Keeps a token that was made elsewhere.
void keep_token(World& world, const std::string& secret, const Identity& identity, Token::Use use,
                const std::vector<std::string>& doors, std::optional<Instant> expires);
/// The token behind a secret, unless it is unknown or has expired.
std::optional<Token> find_token(const World& world, const std::string& secret);
/// The timer of a token that has expired.
void forget_token(World& world, const std::string& name);

/// The secret of a service principal, by fingerprint.
void keep_client_secret(World& world, const std::string& client_id, const std::string& secret);
bool is_client_secret(const World& world, const std::string& client_id, const std::string& secret);

/// The role that the creator of a project owns it with.
Row owner_role(World& world, const std::string& branch, const Identity& creator);

/// Writes numbers and specs in the forms that the assumptions ask for.
void show_switched_forms(World& world, Row& row);

}  // namespace emulator
