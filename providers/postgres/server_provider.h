// The door to a PostgreSQL server without a control plane: what the service would list, answered by
// the server.
#pragma once

#include "core/performer.h"
#include "core/provider.h"
#include "postgres/address.h"
#include "providers/postgres/postgres_databases.h"

namespace weir::postgres {

/// There are one project and one branch, which the server stands for, an endpoint that never
/// sleeps, and the databases and roles that the server has. No request can be sent.
class ServerProvider : public Provider, public Performer {
 public:
  /// `branch` is a remote name; the database of the URL is the one through which the server is
  /// asked. The databases must outlive the provider. Throws ConfigurationError for what is no URL.
  ServerProvider(PostgresDatabases& databases, const std::string& branch, const Secret& url);

  std::vector<Observed> list(const Kind& kind, const std::string& parent) override;
  std::optional<Observed> get(const Kind& kind, const std::string& name) override;
  /// There is nobody who knows apps: their roles are called like them.
  std::string principal_of_app(const std::string& app) override { return app; }
  std::size_t request_count() const override { return 0; }
  /// "postgres://db.example:5432"
  std::string server() const { return address_.server(); }

  /// Throws Error, as plans for a server have no requests.
  Operation start(const Request& request, const MayLeave& may_leave) override;
  Operation poll(const std::string& operation) override;

 private:
  std::vector<Observed> members(const Kind& kind, const char* query);

  PostgresDatabases& databases_;
  const PostgresAddress address_;
  const DatabasePlace entry_;
  const std::string project_;
};

}  // namespace weir::postgres
