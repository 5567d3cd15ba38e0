#include "tests/emulator/live/emulator_process.h"

#include <array>
#include <chrono>
#include <csignal>
#include <fcntl.h>
#include <fstream>
#include <memory>
#include <stdexcept>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <libpq-fe.h>

#include "emulator/json.h"

namespace emulator::test {
namespace {

constexpr const char* kDeveloper = "developer@example.com";

std::string read_file(const std::filesystem::path& file) {
  std::ifstream stream(file);
  return {std::istreambuf_iterator<char>(stream), {}};
}

std::filesystem::path make_folder() {
  std::string pattern = (std::filesystem::temp_directory_path() / "weir-live-XXXXXX").string();
  if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("cannot make a folder");
  // The clusters run as another user, who passes through.
  std::filesystem::permissions(pattern, static_cast<std::filesystem::perms>(0711));
  return pattern;
}

struct CloseConnection {
  void operator()(PGconn* connection) const { PQfinish(connection); }
};
struct ClearResult {
  void operator()(PGresult* result) const { PQclear(result); }
};
using PostgresConnection = std::unique_ptr<PGconn, CloseConnection>;
using PostgresResult = std::unique_ptr<PGresult, ClearResult>;

std::string rows_of(const PGresult* result) {
  std::string text;
  for (int row = 0; row < PQntuples(result); ++row) {
    if (row > 0) text += ',';
    for (int column = 0; column < PQnfields(result); ++column) {
      if (column > 0) text += '|';
      text += PQgetvalue(result, row, column);
    }
  }
  return text;
}

}  // namespace

EmulatorProcess::EmulatorProcess(std::vector<std::string> options)
    : folder_(make_folder()), options_(std::move(options)) {
  // Tests run beside each other: the process id chooses the network.
  const int pid = getpid();
  network_ = fmt::format("127.{}.{}.0", 150 + pid / 256 % 100, pid % 256);
  postgres_port_ = 20000 + pid % 10000;
  start();
}

EmulatorProcess::~EmulatorProcess() {
  stop(SIGTERM);
  EXPECT_EQ(log().find("Sanitizer"), std::string::npos) << log();
  if (testing::Test::HasFailure()) fmt::print("the emulator said:\n{}\n", log());
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

std::string EmulatorProcess::log() const {
  return read_file(folder_ / "log");
}

void EmulatorProcess::start() {
  std::vector<std::string> arguments = {
      EMULATOR_PROGRAM,     "serve",       "--data",          folder_.string(),
      "--listen",           "127.0.0.1:0", "--postgres-port", std::to_string(postgres_port_),
      "--postgres-network", network_};
  arguments.insert(arguments.end(), options_.begin(), options_.end());
  std::vector<char*> values;
  values.reserve(arguments.size() + 1);
  for (std::string& argument : arguments) values.push_back(argument.data());
  values.push_back(nullptr);
  const std::string log_file = (folder_ / "log").string();
  std::filesystem::remove(log_file);
  pid_ = fork();
  if (pid_ == 0) {
    const int output = open(log_file.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
    dup2(output, STDOUT_FILENO);
    dup2(output, STDERR_FILENO);
    execv(values[0], values.data());
    _exit(127);
  }
  const std::string greeting = "listening on http://127.0.0.1:";
  const bool is_up = becomes_true([&] {
    return log().find(greeting) != std::string::npos || waitpid(pid_, nullptr, WNOHANG) != 0;
  });
  const std::size_t place = log().find(greeting);
  if (!is_up || place == std::string::npos) {
    throw std::runtime_error("the emulator does not start: " + log());
  }
  client_.port = static_cast<std::uint16_t>(std::stoi(log().substr(place + greeting.size())));
  client_.token = read_file(folder_ / "token");
}

void EmulatorProcess::stop(int signal) {
  if (pid_ < 0) return;
  kill(pid_, signal);
  waitpid(pid_, nullptr, 0);
  pid_ = -1;
}

std::string EmulatorProcess::call(const std::string& method, const std::string& target,
                                  const std::string& body) const {
  const Answer answer = client_.call(method, target, body);
  EXPECT_EQ(answer.status, 200) << method << " " << target << ": " << answer.body;
  return answer.body;
}

std::string EmulatorProcess::run(const std::string& method, const std::string& target,
                                 const std::string& body) const {
  const std::string name = value_at(call(method, api(target), body), "name");
  std::string operation;
  EXPECT_TRUE(becomes_true([&] {
    operation = get(name);
    return value_at(operation, "done") == "true";
  })) << operation;
  EXPECT_EQ(value_at(operation, "error"), "") << operation;
  return operation;
}

std::string EmulatorProcess::host_of(const std::string& endpoint) const {
  return value_at(get(endpoint), "status.hosts.host");
}

std::string EmulatorProcess::state_of(const std::string& endpoint) const {
  return value_at(get(endpoint), "status.current_state");
}

std::string EmulatorProcess::credential_for(const std::string& endpoint) const {
  return value_at(call("POST", api("credentials"), fmt::format(R"({{"endpoint":"{}"}})", endpoint)),
                  "token");
}

std::string EmulatorProcess::query(const std::string& endpoint, const std::string& user,
                                   const std::string& password, const std::string& sql) const {
  return query_at(host_of(endpoint), user, password, sql);
}

std::string EmulatorProcess::query_at(const std::string& host, const std::string& user,
                                      const std::string& password, const std::string& sql) const {
  const std::string port = std::to_string(postgres_port_);
  const std::string authority = (folder_ / "ca.pem").string();
  const std::array keywords = {
      "host",    "port",        "user",       "password",        "dbname",
      "sslmode", "sslrootcert", "gssencmode", "connect_timeout", static_cast<const char*>(nullptr)};
  const std::array values = {host.c_str(),
                             port.c_str(),
                             user.c_str(),
                             password.c_str(),
                             "databricks_postgres",
                             "verify-full",
                             authority.c_str(),
                             "disable",
                             "60",
                             static_cast<const char*>(nullptr)};
  const PostgresConnection connection(PQconnectdbParams(keywords.data(), values.data(), 0));
  if (PQstatus(connection.get()) != CONNECTION_OK) {
    throw std::runtime_error(PQerrorMessage(connection.get()));
  }
  const PostgresResult result(PQexec(connection.get(), sql.c_str()));
  const ExecStatusType status = PQresultStatus(result.get());
  if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK) {
    throw std::runtime_error(PQresultErrorMessage(result.get()));
  }
  return rows_of(result.get());
}

std::string EmulatorProcess::query(const std::string& endpoint, const std::string& sql) const {
  return query(endpoint, kDeveloper, credential_for(endpoint), sql);
}

std::string EmulatorProcess::refusal(const std::string& endpoint, const std::string& user,
                                     const std::string& password) const {
  return refusal_at(host_of(endpoint), user, password);
}

std::string EmulatorProcess::refusal_at(const std::string& host, const std::string& user,
                                        const std::string& password) const {
  try {
    query_at(host, user, password, "select 1");
    return "";
  } catch (const std::runtime_error& error) {
    return error.what();
  }
}

std::vector<pid_t> EmulatorProcess::postgres_ids() const {
  std::vector<pid_t> ids;
  for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
    std::error_code ignored;
    const auto place = std::filesystem::read_symlink(entry.path() / "cwd", ignored);
    if (!ignored && place.string().starts_with((folder_ / "clusters").string())) {
      ids.push_back(std::stoi(entry.path().filename()));
    }
  }
  return ids;
}

void EmulatorProcess::kill_postgres() const {
  for (const pid_t id : postgres_ids()) kill(id, SIGKILL);
}

int EmulatorProcess::base_copies() const {
  int count = 0;
  for (const auto& cluster : std::filesystem::directory_iterator(folder_ / "clusters")) {
    std::error_code absent;
    const auto bases = std::filesystem::directory_iterator(cluster.path() / "bases", absent);
    count += static_cast<int>(std::distance(begin(bases), end(bases)));
  }
  return count;
}

std::string value_at(const std::string& json, const std::string& path) {
  const Json document = parse_json(json).value_or(Json());
  const Json* value = at_path(document, path);
  if (value == nullptr) return "";
  return value->is_string() ? value->get<std::string>() : value->dump();
}

bool becomes_true(const std::function<bool()>& condition) {
  const auto limit = std::chrono::steady_clock::now() + std::chrono::minutes(1);
  while (std::chrono::steady_clock::now() < limit) {
    if (condition()) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return condition();
}

}  // namespace emulator::test
