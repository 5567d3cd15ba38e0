#include "emulator/program.h"

#include <cerrno>
#include <chrono>
#include <fcntl.h>
#include <fstream>
#include <optional>
#include <stdexcept>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fmt/format.h>

#include "emulator/api/addresses.h"
#include "emulator/api/endpoint_state.h"
#include "emulator/api/gate.h"
#include "emulator/api/identities.h"
#include "emulator/api/instance_state.h"
#include "emulator/api/operations.h"
#include "emulator/api/service.h"
#include "emulator/api/timekeeper.h"
#include "emulator/contract_texts.h"
#include "emulator/control/control.h"
#include "emulator/postgres/front.h"
#include "emulator/postgres/no_computes.h"
#include "emulator/postgres/postgres_computes.h"

namespace emulator {
namespace {

/// Clients must learn that an endpoint may be pending, and a synced table empty, after its
/// operation is done.
constexpr const char* kUsualLatency = "settle=200ms,prepare=200ms,sync=200ms";

const Identity kFirstIdentity = {
    .name = "developer@example.com", .kind = "USER", .groups = {"admins"}};

/// Holds a data folder for this process; the kernel lets go when the process ends, however.
class FolderLock {
 public:
  explicit FolderLock(const std::filesystem::path& folder) {
    const std::filesystem::path file = folder / "lock";
    descriptor_ = open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (descriptor_ < 0) {
      throw std::runtime_error(fmt::format("cannot write to the data folder {}: {}",
                                           folder.string(),
                                           std::generic_category().message(errno)));
    }
    if (!lock_within(kDyingTime)) {
      close(descriptor_);
      throw std::runtime_error(
          fmt::format("another emulator uses the data folder {}; stop it or give another --data",
                      folder.string()));
    }
  }
  FolderLock(const FolderLock&) = delete;
  FolderLock& operator=(const FolderLock&) = delete;
  ~FolderLock() { close(descriptor_); }

 private:
  /// A killed emulator holds its lock until the kernel has taken it apart.
  static constexpr std::chrono::seconds kDyingTime{3};

  bool lock_within(std::chrono::milliseconds limit) const {
    const auto end = std::chrono::steady_clock::now() + limit;
    while (flock(descriptor_, LOCK_EX | LOCK_NB) != 0) {
      if (std::chrono::steady_clock::now() > end) return false;
      usleep(20'000);
    }
    return true;
  }

  int descriptor_;
};

/// Makes a folder that the servers' user may pass through; one that exists stays as it is.
void prepare_folder(const std::filesystem::path& folder) {
  std::error_code error;
  const bool is_new = std::filesystem::create_directories(folder, error);
  if (error || (is_new && chmod(folder.c_str(), 0711) != 0)) {
    throw std::runtime_error(
        fmt::format("cannot make the data folder {}: {}", folder.string(),
                    error ? error.message() : std::generic_category().message(errno)));
  }
}

std::string read_file(const std::filesystem::path& file) {
  std::ifstream stream(file);
  return {std::istreambuf_iterator<char>(stream), {}};
}

/// Writes a file that only we can read.
void write_secret_file(const std::filesystem::path& file, const std::string& text) {
  const std::filesystem::path partial = file.string() + ".partial";
  const int descriptor =
      open(partial.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
  const bool is_written = descriptor >= 0 && write(descriptor, text.data(), text.size()) ==
                                                 static_cast<ssize_t>(text.size());
  const int error = errno;
  if (descriptor >= 0) close(descriptor);
  if (!is_written || std::rename(partial.c_str(), file.c_str()) != 0) {
    throw std::runtime_error(
        fmt::format("cannot write {}: {}", file.string(), std::generic_category().message(error)));
  }
}

}  // namespace

struct Program::Parts {
  explicit Parts(Loop& event_loop, const ProgramOptions& given)
      : options(given),
        lock(given.data.empty() ? nullptr : std::make_unique<FolderLock>(given.data)),
        store(given.data.empty() ? ":memory:" : (given.data / "control.sqlite").string()),
        clock(store, given.clock, given.clock_start),
        ids(store, given.seed),
        contract(contract_texts()),
        computes(make_computes(event_loop, given)),
        world{
            .loop = event_loop,
            .store = store,
            .contract = contract,
            .clock = clock,
            .ids = ids,
            .latency = latency,
            .computes = *computes,
            .network = {.first_address = given.first_address, .has_postgres = given.has_postgres}},
        timekeeper(world),
        gate(world),
        service(world),
        control(world, service, timekeeper, traffic,
                given.allows_remote ? Hosts::kAny : Hosts::kLocal) {}

  static std::unique_ptr<Computes> make_computes(Loop& loop, const ProgramOptions& options) {
    if (!options.has_postgres) return std::make_unique<NoComputes>(loop);
    return std::make_unique<PostgresComputes>(
        loop, PostgresComputes::Options{.data_folder = options.data,
                                        .system_user = options.postgres_user,
                                        .postgres_bin = options.postgres_bin});
  }

  ProgramOptions options;
  std::unique_ptr<FolderLock> lock;
  Store store;
  Clock clock;
  Ids ids;
  Contract contract;
  Latency latency;
  std::unique_ptr<Computes> computes;
  World world;
  Timekeeper timekeeper;
  Gate gate;
  Service service;
  Traffic traffic;
  Control control;
  std::string token;
  std::unique_ptr<Front> front;  // last: its sessions use the members above
};

namespace {

/// The first identity and its token, which stays the same from start to start.
std::string first_token(World& world, const std::filesystem::path& data) {
  const std::filesystem::path file = data / "token";
  std::string token = data.empty() ? "" : read_file(file);
  if (!token.empty() && find_token(world, token)) return token;
  world.store.transaction([&] {
    add_identity(world, kFirstIdentity);
    token = issue_token(world, kFirstIdentity, Token::Use::kApi, {}, std::nullopt);
  });
  if (!data.empty()) write_secret_file(file, token);
  return token;
}

/// After a start every compute sleeps, whatever the state says.
void mark_all_asleep(World& world) {
  world.store.transaction([&] {
    for (const Row& endpoint : world.store.all("endpoint")) {
      const bool is_settling = text_at(endpoint.shown, "status.pending_state") == "ACTIVE" &&
                               world.store.find_timer(endpoint.name, "settle");
      if (is_settling || text_at(endpoint.shown, "status.current_state") == "ACTIVE") {
        settle_endpoint(world, endpoint.name, "IDLE");
        endpoint_settled(world, endpoint.name);
      }
    }
    mark_instances_asleep(world);
  });
}

void open_front(World& world, Front& front) {
  world.open_address = [&front](const std::string& address) { front.open(address); };
  world.close_address = [&front](const std::string& address) { front.close(address); };
  for (const auto& [key, endpoint] : world.store.facts(address_fact(""))) {
    front.open(key.substr(address_fact("").size()));
  }
}

}  // namespace

Program::Program(Loop& loop, const ProgramOptions& options) {
  if (!options.data.empty()) prepare_folder(options.data);
  parts_ = std::make_unique<Parts>(loop, options);
  World& world = parts_->world;
  // Under a clock that stands still nothing would ever settle by itself.
  if (options.clock == ClockKind::kReal) parts_->latency.set(kUsualLatency);
  for (const std::string& text : options.latencies) parts_->latency.set(text);
  for (const std::string& text : options.assumptions) {
    const std::size_t equals = std::min(text.find('='), text.size());
    parts_->contract.assumptions.set(text.substr(0, equals),
                                     text.substr(std::min(equals + 1, text.size())));
  }
  if (!options.faults.is_null()) parts_->control.add_faults(options.faults);
  if (!options.tables.is_null()) parts_->control.add_tables(options.tables);
  parts_->token = first_token(world, options.data);
  if (options.has_postgres) {
    parts_->front =
        std::make_unique<Front>(loop, parts_->gate, options.data, options.postgres_port);
    world.computes.server_ended = [&world](const std::string& compute) {
      compute_ended(world, compute);
    };
    mark_all_asleep(world);
    open_front(world, *parts_->front);
  }
  resume_operations(world);
  parts_->timekeeper.look();
}

Program::~Program() = default;

void Program::handle(Request request, const Reply& reply) {
  parts_->control.handle(std::move(request), reply);
}

const std::string& Program::token() const {
  return parts_->token;
}

namespace {

/// The text as one word of a shell.
std::string quoted(const std::string& text) {
  std::string word = "'";
  for (const char c : text) word += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return word + "'";
}

}  // namespace

void Program::write_client_environment(const std::string& url) const {
  if (parts_->options.data.empty()) return;
  std::string text =
      fmt::format("export DATABRICKS_HOST={}\nexport DATABRICKS_TOKEN={}\n", url, parts_->token);
  if (parts_->front) {
    const std::string authority =
        quoted(std::filesystem::absolute(parts_->front->certificate_file()).string());
    const int port = parts_->options.postgres_port;
    text += fmt::format("export PGSSLROOTCERT={}\nexport PGPORT={}\nexport PGUSER={}\n", authority,
                        port, kFirstIdentity.name);
    // For clients that do not listen to libpq's variables, which may be meant for another server.
    text +=
        fmt::format("export WEIR_POSTGRES_CA={}\nexport WEIR_POSTGRES_PORT={}\n", authority, port);
  }
  write_secret_file(parts_->options.data / "client.env", text);
}

}  // namespace emulator
