// A session of the internal superuser, over a cluster's private socket.
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "emulator/postgres/failure.h"

namespace emulator {

inline constexpr const char* kInternalUser = "lakebase_internal";
/// For lists, which do without a server that hangs.
inline constexpr std::chrono::seconds kShortPatience{2};
inline constexpr const char* kProjectSuperuser = "databricks_superuser";
/// Owns the tables that the service writes.
inline constexpr const char* kServiceWriter = "databricks_writer";

/// PostgreSQL refused a statement; the message has its detail.
class SqlFailure : public Failure {
 public:
  SqlFailure(std::string code, const std::string& message, std::string sqlstate)
      : Failure(std::move(code), message), sqlstate_(std::move(sqlstate)) {}
  const std::string& sqlstate() const { return sqlstate_; }

 private:
  std::string sqlstate_;
};

/// Each statement is its own transaction unless it stands in one, untouched by settings of roles,
/// databases and endpoints.
class AdminSession {
 public:
  using Row = std::vector<std::optional<std::string>>;

  /// Throws a SqlFailure when the server does not answer within `patience`, 2 seconds or more.
  AdminSession(const std::filesystem::path& socket_folder, const std::string& database,
               std::chrono::seconds patience = std::chrono::seconds(10));
  AdminSession(const AdminSession&) = delete;
  AdminSession& operator=(const AdminSession&) = delete;
  AdminSession(AdminSession&&) noexcept;
  ~AdminSession();

  /// Runs one statement; throws a SqlFailure.
  std::vector<Row> query(const std::string& sql, const std::vector<std::string>& parameters = {});
  /// Runs `statements` so that all of them happen or none; what they throw undoes them.
  void transaction(const std::function<void()>& statements);
  /// The only field of the only row.
  std::string value(const std::string& sql, const std::vector<std::string>& parameters = {});

 private:
  struct Connection;
  std::unique_ptr<Connection> connection_;
};

/// `name` as an identifier of a statement; throws a Failure when it cannot be one.
std::string identifier(std::string_view name);

}  // namespace emulator
