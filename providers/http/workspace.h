// One workspace: authenticated reads within its pace, repeated where that helps.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/document.h"
#include "providers/http/authenticator.h"
#include "providers/http/client.h"
#include "providers/http/configuration.h"
#include "providers/http/rate_limit.h"
#include "providers/http/retry.h"

namespace weir::http {

using Query = std::vector<std::pair<std::string, std::string>>;

/// Thread-safe.
class Workspace {
 public:
  /// Throws ConfigurationError when there is no way to log in.
  explicit Workspace(Configuration configuration, const Timing& timing = Timing::real(),
                     ClientOptions options = {});

  /// Reads `path`, which is encoded already. Throws ApiError, and ConfigurationError when another
  /// workspace answers than the configured one.
  Document get(const std::string& path, const Query& query = {});
  /// Asks for something by a POST that changes nothing, and is repeated as `get` is. Throws as that
  /// does.
  Document ask(const std::string& path, const Document& body);
  /// Asks for a change, once: whoever asks again must look first, since the world may have moved.
  /// `target` is a path and a query, encoded already, and a null body is none. Throws as `get`
  /// does.
  Document change(const std::string& method, const std::string& target, const Document& body,
                  std::function<bool()> may_leave);

  const std::string& host() const { return configuration_.host(); }
  /// The file of trusted certificates that the environment names; "" for the system's.
  const std::string& authorities() const { return configuration_.authorities(); }
  const Environment& environment() const { return configuration_.environment(); }
  /// As configured, or as learnt from the first answer; "" before that.
  std::string workspace_id() const;
  /// How weir logs in, "pat (token from DATABRICKS_TOKEN)".
  std::string login() const { return authenticator_->description(); }
  /// By how much its clock is ahead of ours, to a second; nothing before an answer has told.
  std::optional<Duration> clock_skew() const;
  /// After that a change is given up.
  Duration longest_change() const { return longest_change_; }
  /// Requests a second that may be sent, as configured or as the service has asked for since.
  double pace() const { return rate_limit_.per_second(); }
  /// Requests sent so far, retries included; those for tokens are not counted.
  std::size_t request_count() const;

 private:
  struct Learnt {
    std::string workspace_id;
    std::size_t requests = 0;
    std::optional<Duration> clock_skew = {};
  };

  Request new_request(const std::string& target) const;
  Document call(const Request& request, const std::string& path, Repeatable repeatable,
                const RetryPolicy& policy);
  Answer send_once(Request request);
  Answer send_authenticated(const Request& request);
  void check_workspace(const Answer& answer);
  void learn_clock(const Answer& answer);

  const Configuration configuration_;
  const Timing timing_;
  const RetryPolicy policy_;
  const Duration longest_change_;
  Client client_;
  RateLimit rate_limit_;
  Guarded<Learnt> learnt_;
  // After the configuration and the client, which it uses.
  std::unique_ptr<Authenticator> authenticator_;
  const std::string user_agent_;
};

}  // namespace weir::http
