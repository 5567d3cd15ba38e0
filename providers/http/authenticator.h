// The token that goes with every request, made anew before it ends or when it is refused.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "core/secret.h"
#include "providers/http/rate_limit.h"
#include "providers/http/timing.h"

namespace weir::http {

struct Token {
  Secret value = {};
  std::optional<Instant> expiry = {};  ///< nothing: it stays as it is
};

/// Gives a new token. Throws ApiError or ConfigurationError.
using FetchToken = std::function<Token()>;

/// Thread-safe: one thread fetches, the others wait for what it gets.
class Authenticator {
 public:
  /// `type` is the name of the method, "oauth-m2m"; `origin` says where its settings come from.
  Authenticator(std::string type, std::string origin, FetchToken fetch, Timing timing);

  /// The token to send now. Near its end it is fetched anew, in the last half of its life and
  /// within twenty minutes; an old one that is still valid survives a failed attempt.
  Token current();
  Secret token() { return current().value; }
  /// The service refused this token. Answers whether another one is worth a try.
  bool renew(const Secret& refused);

  const std::string& type() const { return type_; }
  /// "pat (token from DATABRICKS_TOKEN)", for messages.
  std::string description() const;

 private:
  struct State {
    Token token;
    Instant refresh_from = {};
  };

  bool is_fresh(const State& state) const;
  void fetch_into(State& state) const;

  const std::string type_;
  const std::string origin_;
  const FetchToken fetch_;
  const Timing timing_;
  Guarded<State> state_;
};

}  // namespace weir::http
