// The way to the branches of a workspace: the endpoint that writes, its host, and a token for it.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>

#include "core/provider.h"
#include "providers/http/authenticator.h"
#include "providers/http/workspace.h"
#include "providers/postgres/endpoint_choice.h"
#include "providers/postgres/route.h"

namespace weir::postgres {

/// How endpoints are reached; a workspace does not say it.
struct EndpointSettings {
  std::string port = "5432";
  std::string authorities = {};  ///< file of certificates; those of the machine when empty
  Duration patience = std::chrono::seconds(60);
};

/// WEIR_POSTGRES_PORT and WEIR_POSTGRES_CA, else what requests to a workspace trust. Throws
/// ConfigurationError.
EndpointSettings read_endpoint_settings(const http::Workspace& workspace);

/// Asks once for each endpoint and each token, however many threads want it.
class EndpointRoutes : public Routes {
 public:
  /// `workspace` must outlive this.
  EndpointRoutes(http::Workspace& workspace, EndpointSettings settings, http::Timing timing);
  ~EndpointRoutes() override;

  Route route_to(const DatabasePlace& place) override;
  Key key_to(const DatabasePlace& place) override;
  void doubt(const DatabasePlace& place) override;
  bool renew(const DatabasePlace& place, const Secret& refused) override;
  Duration patience() const override { return settings_.patience; }

 private:
  struct Endpoint {
    std::string name;
    std::string host;
  };
  using KnownEndpoint = http::Guarded<std::optional<Endpoint>>;
  template <typename Value>
  using ByName = http::Guarded<std::map<std::string, std::unique_ptr<Value>>>;

  Endpoint endpoint_of(const std::string& branch);
  EndpointChoice choice_in(const std::string& branch);
  Endpoint find_endpoint(const std::string& branch);
  http::Authenticator& credential_for(const std::string& endpoint);
  http::Token mint(const std::string& endpoint);
  /// As whom the workspace knows us, which is our name in PostgreSQL as well.
  std::string user();

  http::Workspace& workspace_;
  const EndpointSettings settings_;
  const http::Timing timing_;
  const std::unique_ptr<Provider> provider_;
  // Entries stay where they are, so that one may be waited for while others are made.
  ByName<KnownEndpoint> endpoints_;
  ByName<http::Authenticator> credentials_;
  http::Guarded<std::string> user_;
};

}  // namespace weir::postgres
