#include "emulator/api/identities.h"

#include <openssl/crypto.h>

#include "emulator/api/kinds.h"

namespace emulator {
namespace {

const std::string kIdentities = "identity/";
const std::string kTokens = "token/";
const std::string kClientSecrets = "client-secret/";

bool has_expired(const World& world, const Json& token) {
  const auto expires = parse_timestamp(text_at(token, "expires"));
  return expires && *expires <= world.clock.now();
}

bool is_letter_or_digit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

/// "Jane.Doe@example.com" → "jane-doe"; an application id → "sp-<id>".
std::string owner_role_id(const Identity& creator) {
  if (creator.kind == "SERVICE_PRINCIPAL") return "sp-" + creator.name;
  std::string id = creator.name.substr(0, creator.name.find('@'));
  for (char& c : id) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    if (!is_letter_or_digit(c)) c = '-';
  }
  return id;
}

}  // namespace

void add_identity(World& world, const Identity& identity) {
  world.store.set_fact(kIdentities + identity.name,
                       to_text(Json{{"kind", identity.kind},
                                    {"groups", identity.groups},
                                    {"display_name", identity.display_name}}));
}

std::optional<Identity> find_identity(const World& world, const std::string& name) {
  const std::string text = world.store.fact(kIdentities + name);
  if (text.empty()) return std::nullopt;
  const Json document = Json::parse(text);
  return Identity{.name = name,
                  .kind = text_at(document, "kind"),
                  .groups = document.at("groups").get<std::vector<std::string>>(),
                  .display_name = text_at(document, "display_name")};
}

void keep_token(World& world, const std::string& secret, const Identity& identity, Token::Use use,
                const std::vector<std::string>& doors, std::optional<Instant> expires) {
  Json token = {{"identity", identity.name},
                {"use", use == Token::Use::kApi ? "api" : "postgres"},
                {"doors", doors}};
  const std::string name = kTokens + fingerprint(secret);
  if (expires) {
    token["expires"] = to_text(*expires);
    world.store.set_timer({name, "forget", *expires});
    world.timers_changed();
  }
  world.store.set_fact(name, to_text(token));
}

std::string issue_token(World& world, const Identity& identity, Token::Use use,
                        const std::vector<std::string>& doors, std::optional<Instant> expires) {
  std::string secret = make_secret(use == Token::Use::kApi ? "emu-api-" : "emu-pg-");
  keep_token(world, secret, identity, use, doors, expires);
  return secret;
}

std::optional<Token> find_token(const World& world, const std::string& secret) {
  const std::string text = world.store.fact(kTokens + fingerprint(secret));
  if (text.empty()) return std::nullopt;
  const Json document = Json::parse(text);
  const auto identity = find_identity(world, text_at(document, "identity"));
  if (!identity || has_expired(world, document)) return std::nullopt;
  return Token{.identity = *identity,
               .use = text_at(document, "use") == "api" ? Token::Use::kApi : Token::Use::kPostgres,
               .doors = document.value("doors", std::vector<std::string>{})};
}

void forget_token(World& world, const std::string& name) {
  world.store.erase_fact(name);
}

void keep_client_secret(World& world, const std::string& client_id, const std::string& secret) {
  world.store.set_fact(kClientSecrets + client_id, fingerprint(secret));
}

bool is_client_secret(const World& world, const std::string& client_id, const std::string& secret) {
  const std::string kept = world.store.fact(kClientSecrets + client_id);
  const std::string given = fingerprint(secret);
  return kept.size() == given.size() && CRYPTO_memcmp(kept.data(), given.data(), kept.size()) == 0;
}

Row owner_role(World& world, const std::string& branch, const Identity& creator) {
  const Json input = {
      {"spec",
       {{"postgres_role", creator.name},
        {"identity_type", creator.kind},
        {"membership_roles", Json::array({"DATABRICKS_SUPERUSER"})},
        {"attributes", {{"bypassrls", true}, {"createdb", true}, {"createrole", true}}}}}};
  return new_row(world, "role", branch, owner_role_id(creator), input);
}

void show_switched_forms(World& world, Row& row) {
  const Assumptions& assumptions = world.contract.assumptions;
  if (assumptions.is("int64_form", "string")) {
    for (const Field& field : world.contract.kind(row.kind).fields) {
      const Json* value =
          field.assumption == "int64_form" ? at_path(row.shown, field.path) : nullptr;
      if (value != nullptr && value->is_number()) set_path(row.shown, field.path, value->dump());
    }
  }
  if (assumptions.is("spec_in_replies", "echoed")) {
    row.shown["spec"] = row.hidden.at("input").at("spec");
  }
}

}  // namespace emulator
