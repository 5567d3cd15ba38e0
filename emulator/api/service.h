// The service: takes a request, finds out who calls, and answers as Lakebase does.
#pragma once

#include "emulator/api/world.h"

namespace emulator {

struct ApiAnswer;

class Service {
 public:
  explicit Service(World& world) : world_(world) {}

  /// Answers at once, or after PostgreSQL was asked for its roles and databases.
  void handle(const Request& request, const Reply& reply);
  /// Who sends `request`, by its bearer token. Throws the 401 that says what is wrong.
  Identity authenticate(const Request& request) const;
  /// The same, and nothing instead of the 401.
  std::optional<Identity> caller_of(const Request& request) const;

 private:
  /// Everything that goes wrong, in `prepare` too, becomes an answer. Nothing when `reply` gets it
  /// later, at the end of an operation.
  std::optional<Response> answer(const Request& request, const std::function<void()>& prepare,
                                 const Reply& reply);
  void follow_feed(const Row& config, const Request& request, const Reply& reply);
  ApiAnswer answer_api(const Call& call);
  std::string answer_at_once(const Call& call);
  std::string get_operation(const Call& call, const std::string& path, bool is_bare);
  std::string answer_postgres(const Call& call, const std::string& path);
  Response success(std::string body) const;
  Response refusal(const Problem& problem);
  /// The branch or instance whose roles or databases a request is about: SQL may have changed them.
  std::string to_inspect(const Request& request) const;

  World& world_;
};

}  // namespace emulator
