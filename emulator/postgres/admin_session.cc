#include "emulator/postgres/admin_session.h"

#include <pqxx/pqxx>

namespace emulator {
namespace {

constexpr std::size_t kLongestName = 63;

/// `text` as a value of a connection string.
std::string connection_value(const std::string& text) {
  std::string value = "'";
  for (const char c : text) {
    if (c == '\'' || c == '\\') value += '\\';
    value += c;
  }
  return value + "'";
}

std::string connection_text(const std::filesystem::path& socket_folder, const std::string& database,
                            std::chrono::seconds patience) {
  // An empty host would mean the server of this machine, which is not ours.
  if (!socket_folder.is_absolute()) throw Failure(kInternalError, "The cluster does not run.");
  return "host=" + connection_value(socket_folder.string()) + " port=5432 user=" + kInternalUser +
         " dbname=" + connection_value(database) +
         " connect_timeout=" + std::to_string(patience.count()) +
         " client_encoding=UTF8 application_name=weir options='"
         "-c search_path=pg_catalog -c default_transaction_read_only=off"
         " -c statement_timeout=0 -c idle_session_timeout=0 -c lock_timeout=10s'";
}

/// Refusals that the caller can do something about are his; the rest is ours.
const char* code_for(const std::string& sqlstate) {
  static constexpr const char* kOfTheCaller[] = {"22", "23", "2B", "2F", "3D", "42", "55", "0L"};
  for (const char* start : kOfTheCaller) {
    if (sqlstate.starts_with(start)) return kBadRequest;
  }
  return kInternalError;
}

/// "ERROR:  text" without its first word.
std::string without_severity(std::string text) {
  if (text.starts_with("ERROR:")) text.erase(0, text.find_first_not_of(' ', 6));
  while (!text.empty() && text.back() == '\n') text.pop_back();
  return text;
}

}  // namespace

struct AdminSession::Connection {
  explicit Connection(const std::string& text) : session(text) {}
  pqxx::connection session;
};

AdminSession::AdminSession(const std::filesystem::path& socket_folder, const std::string& database,
                           std::chrono::seconds patience) try
    : connection_(
          std::make_unique<Connection>(connection_text(socket_folder, database, patience))) {
} catch (const pqxx::failure& failure) {
  throw SqlFailure(kInternalError, without_severity(failure.what()), "08006");
}

AdminSession::AdminSession(AdminSession&&) noexcept = default;
AdminSession::~AdminSession() = default;

void AdminSession::transaction(const std::function<void()>& statements) {
  query("BEGIN");
  try {
    statements();
    query("COMMIT");
  } catch (...) {
    // A connection that is lost has undone everything by itself.
    try {
      query("ROLLBACK");
    } catch (const SqlFailure&) {
    }
    throw;
  }
}

std::vector<AdminSession::Row> AdminSession::query(const std::string& sql,
                                                   const std::vector<std::string>& parameters) {
  try {
    pqxx::nontransaction work(connection_->session);
    const pqxx::result result = work.exec_params(
        sql, pqxx::prepare::make_dynamic_params(parameters.begin(), parameters.end()));
    std::vector<Row> rows;
    rows.reserve(result.size());
    for (const pqxx::row& fields : result) {
      Row& row = rows.emplace_back();
      for (const pqxx::field& field : fields) {
        row.push_back(field.is_null() ? std::nullopt : std::optional<std::string>(field.c_str()));
      }
    }
    return rows;
  } catch (const pqxx::sql_error& error) {
    throw SqlFailure(code_for(error.sqlstate()), without_severity(error.what()), error.sqlstate());
  } catch (const pqxx::failure& failure) {
    throw SqlFailure(kInternalError, without_severity(failure.what()), "08006");
  }
}

std::string AdminSession::value(const std::string& sql,
                                const std::vector<std::string>& parameters) {
  const std::vector<Row> rows = query(sql, parameters);
  if (rows.size() == 1 && rows[0].size() == 1) {
    if (const auto& field = rows[0][0]) return *field;
  }
  throw SqlFailure(kInternalError, "no single value: " + sql, "02000");
}

std::string identifier(std::string_view name) {
  if (name.empty() || name.size() > kLongestName || name.find('\0') != std::string_view::npos) {
    throw Failure(kInvalidParameter,
                  "\"" + std::string(name) + "\" is not a name of 1 to 63 bytes for PostgreSQL.");
  }
  std::string result = "\"";
  for (const char c : name) {
    if (c == '"') result += '"';
    result += c;
  }
  return result + "\"";
}

}  // namespace emulator
