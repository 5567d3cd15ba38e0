#include "support.h"

#include <atomic>
#include <chrono>
#include <optional>
#include <sys/stat.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "emulator/postgres/admin_session.h"

namespace emulator::test {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::seconds kLimit{60};

template <typename Value>
Value within_limit(std::future<Value> future, const char* what) {
  if (future.wait_for(kLimit) != std::future_status::ready) throw std::runtime_error(what);
  return future.get();
}

}  // namespace

TemporaryFolder::TemporaryFolder() {
  std::string name = (fs::temp_directory_path() / "weir-test-XXXXXX").string();
  if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
  chmod(name.c_str(), 0711);
  path_ = name;
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

void LoopThread::do_on_loop(const std::function<void()>& task) {
  std::promise<void> done;
  loop.post([&] {
    task();
    done.set_value();
  });
  within_limit(done.get_future(), "the loop does not answer");
}

void LoopThread::stop() {
  if (!thread_.joinable()) return;
  loop.stop();
  thread_.join();
}

Outcome outcome_of(LoopThread& loop, const std::function<void(const Computes::Done&)>& call) {
  const auto promise = std::make_shared<std::promise<Outcome>>();
  // NOLINTNEXTLINE(clang-analyzer-cplusplus.NewDeleteLeaks): the analyzer loses the shared promise
  loop.loop.post([promise, call] {
    call([promise](const Outcome& outcome) { promise->set_value(outcome); });
  });
  return within_limit(promise->get_future(), "no outcome");
}

World::World() : folder_(std::make_unique<TemporaryFolder>()), data_folder_(folder_->path()) {
  computes_ = std::make_unique<PostgresComputes>(
      loop_.loop, PostgresComputes::Options{.data_folder = data_folder_});
}

World::World(const fs::path& data_folder) : data_folder_(data_folder) {
  computes_ = std::make_unique<PostgresComputes>(
      loop_.loop, PostgresComputes::Options{.data_folder = data_folder_});
}

World::~World() {
  loop_.do_on_loop([this] { computes_.reset(); });
}

Outcome World::create_root(const std::string& branch) {
  return outcome_of(loop_,
                    [&](const Computes::Done& done) { computes_->create_root(branch, done); });
}

Outcome World::create_branch(const std::string& branch, const BranchPoint& from) {
  return outcome_of(
      loop_, [&](const Computes::Done& done) { computes_->create_branch(branch, from, done); });
}

Outcome World::create_role(const std::string& branch, const RoleDefinition& role) {
  return outcome_of(
      loop_, [&](const Computes::Done& done) { computes_->create_role(branch, role, done); });
}

Outcome World::drop_role(const std::string& branch, const std::string& name,
                         const std::string& reassign_to) {
  return outcome_of(loop_, [&](const Computes::Done& done) {
    computes_->drop_role(branch, name, reassign_to, done);
  });
}

Outcome World::create_database(const std::string& branch, const DatabaseDefinition& database) {
  return outcome_of(loop_, [&](const Computes::Done& done) {
    computes_->create_database(branch, database, done);
  });
}

std::optional<Inventory> World::inspect(const std::string& branch) {
  const auto promise = std::make_shared<std::promise<std::optional<Inventory>>>();
  loop_.loop.post([&, promise] {
    computes_->inspect(branch, [promise](auto inventory) { promise->set_value(inventory); });
  });
  return within_limit(promise->get_future(), "no inventory");
}

Outcome World::create_compute(const ComputeDefinition& compute) {
  return outcome_of(loop_,
                    [&](const Computes::Done& done) { computes_->create_compute(compute, done); });
}

Outcome World::sleep(const std::string& endpoint) {
  return outcome_of(loop_, [&](const Computes::Done& done) { computes_->sleep(endpoint, done); });
}

Outcome World::wake_outcome(const ComputeDefinition& compute) {
  return outcome_of(loop_, [&](const Computes::Done& done) {
    computes_->wake(compute, [done](const Outcome& outcome, const std::string& folder) {
      Outcome with_folder = outcome;
      with_folder.lsn = folder;
      done(with_folder);
    });
  });
}

std::string World::wake(const ComputeDefinition& compute) {
  const Outcome outcome = wake_outcome(compute);
  EXPECT_EQ(outcome.error_code, "") << outcome.message;
  return outcome.lsn;
}

std::string World::wake(const std::string& branch) {
  return wake(ComputeDefinition{.endpoint = "ep-" + branch, .branch = branch, .settings = {}});
}

std::string sql(const std::string& socket_folder, const std::string& statement,
                const std::string& database) {
  AdminSession session(socket_folder, database);
  session.query("SET search_path = public");
  std::string text;
  for (const auto& row : session.query(statement)) {
    if (!text.empty()) text += ',';
    for (std::size_t i = 0; i < row.size(); ++i) {
      if (i > 0) text += '|';
      text += row[i].value_or("null");
    }
  }
  return text;
}

bool becomes_true(const std::function<bool()>& condition, std::chrono::seconds limit) {
  const auto deadline = std::chrono::steady_clock::now() + limit;
  while (std::chrono::steady_clock::now() < deadline) {
    if (condition()) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  return condition();
}

int processes_below(const fs::path& folder) {
  int count = 0;
  const std::string start = fs::canonical(folder).string() + "/";
  for (const fs::directory_entry& entry : fs::directory_iterator("/proc")) {
    std::error_code gone;
    const std::string working = fs::read_symlink(entry.path() / "cwd", gone).string();
    if (!gone && working.starts_with(start)) ++count;
  }
  return count;
}

std::string an_address() {
  static std::atomic<unsigned> next{1};
  const unsigned process = static_cast<unsigned>(getpid());
  return "127." + std::to_string(process / 200 % 200 + 20) + "." +
         std::to_string(process % 200 + 1) + "." + std::to_string(next++);
}

std::uint16_t a_port() {
  return static_cast<std::uint16_t>(20000 + getpid() % 10000);
}

}  // namespace emulator::test
