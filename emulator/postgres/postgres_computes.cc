#include "emulator/postgres/postgres_computes.h"

#include <algorithm>
#include <cctype>
#include <sys/epoll.h>

#include <fmt/format.h>

#include "emulator/postgres/branch.h"
#include "emulator/postgres/databases.h"
#include "emulator/postgres/failure.h"
#include "emulator/postgres/files.h"
#include "emulator/postgres/roles.h"
#include "emulator/postgres/socket_root.h"
#include "emulator/postgres/standby.h"
#include "emulator/postgres/tables.h"
#include "emulator/postgres/template_cluster.h"

namespace emulator {
namespace {

namespace fs = std::filesystem;

constexpr int kThreads = 4;
constexpr std::chrono::seconds kLinger{2};
/// Not uids, so no branch is ever called so.
constexpr const char* kTemplate = ".template";
constexpr const char* kRemoval = ".removal";
/// What nobody needs any more, and whose removal may have been cut short.
constexpr const char* kRemoved = ".removed";

/// Uids become names of folders.
void check_uid(const std::string& uid) {
  const auto is_allowed = [](unsigned char c) {
    return std::isalnum(c) != 0 || c == '-' || c == '_';
  };
  if (uid.empty() || uid.size() > 100 || !std::all_of(uid.begin(), uid.end(), is_allowed)) {
    throw Failure(kInvalidParameter, "\"" + uid + "\" is not a uid.");
  }
}

Outcome outcome_of(const std::function<Outcome()>& work) {
  try {
    return work();
  } catch (const Failure& failure) {
    return {.error_code = failure.code(), .message = failure.what()};
  } catch (const std::exception& error) {
    return {.error_code = kInternalError, .message = error.what()};
  }
}

}  // namespace

PostgresComputes::PostgresComputes(Loop& loop, const Options& options)
    : loop_(loop),
      installation_{.bin = options.postgres_bin.empty()
                               ? find_postgres_bin()
                               : checked_postgres_bin(options.postgres_bin),
                    .user = find_system_user(options.system_user)},
      served_(std::make_shared<std::map<std::string, Served>>()),
      strands_(kThreads) {
  prepare_folders(fs::absolute(options.data_folder).lexically_normal());
  remember_standbys();
}

PostgresComputes::~PostgresComputes() {
  served_->clear();  // nobody hears of servers that we stop
  {
    const std::lock_guard lock(branches_mutex_);
    for (const auto& [name, branch] : branches_) {
      strands_.post({name}, [stopped = branch.get()] {
        outcome_of([&] {
          stopped->stop_all();
          return Outcome();
        });
      });
    }
  }
  strands_.finish();
  branches_.clear();
  std::error_code ignored;
  fs::remove_all(sockets_, ignored);
}

void PostgresComputes::prepare_folders(const fs::path& data_folder) {
  // PostgreSQL's user has to pass through a folder that we make; another's folder is his business.
  if (fs::create_directories(data_folder) && installation_.user.is_another) {
    fs::permissions(data_folder, fs::perms::others_exec, fs::perm_options::add);
  }
  const fs::path folder = fs::canonical(data_folder);
  clusters_ = folder / "clusters";
  make_private_folder(clusters_, installation_.user);
  check_reachable(installation_, clusters_);
  remove_leftovers();
  sockets_ = make_socket_root(folder, installation_.user);
}

/// What a crash left goes while the emulator already serves: servers in it may still be dying, and
/// thousands of files take their time.
void PostgresComputes::remove_leftovers() {
  std::vector<fs::path> leftovers;
  for (const fs::directory_entry& entry : fs::directory_iterator(clusters_)) {
    const fs::path kind = entry.path().extension();
    if (kind == ".partial" || kind == kRemoved) leftovers.push_back(entry.path());
  }
  int number = 0;
  for (fs::path& leftover : leftovers) {
    const fs::path found = leftover;
    // The name of something partial may be wanted again at once.
    while (leftover.extension() != kRemoved || (leftover != found && fs::exists(leftover))) {
      leftover = found;
      leftover += fmt::format(".{}{}", ++number, kRemoved);
    }
    if (leftover != found) fs::rename(found, leftover);
    strands_.post({kRemoval}, [leftover] {
      end_leftover_processes(leftover / "data");
      std::error_code next_start_tries_again;
      remove_tree(leftover, next_start_tries_again);
    });
  }
}

void PostgresComputes::remember_standbys() {
  for (const fs::directory_entry& cluster : fs::directory_iterator(clusters_)) {
    if (cluster.path().extension() == kRemoved) continue;
    std::error_code absent;
    const fs::path standbys = cluster.path() / "standbys";
    for (const fs::directory_entry& standby : fs::directory_iterator(standbys, absent)) {
      (*served_)[standby.path().filename()].seat = {.branch = cluster.path().filename(),
                                                    .is_read_only = true};
    }
  }
}

void PostgresComputes::run(Strands::Names names, Work work, Done done) {
  strands_.post(std::move(names), [this, work = std::move(work), done = std::move(done)]() mutable {
    loop_.post([done = std::move(done), outcome = outcome_of(work)] { done(outcome); });
  });
}

void PostgresComputes::run_sql(const std::string& name, Sql sql, Done done) {
  const auto work = [this, name, sql = std::move(sql)] {
    Branch& target = branch(name);
    target.wake_for_ourselves();
    stop_later(name);
    sql(target.layout().socket_folder());
    return Outcome();
  };
  run({name}, work, std::move(done));
}

void PostgresComputes::stop_later(const std::string& name) {
  unsigned linger = 0;
  {
    const std::lock_guard lock(branches_mutex_);
    linger = ++lingers_[name];
  }
  strands_.post_after(kLinger, {name}, [this, name, linger] {
    {
      const std::lock_guard lock(branches_mutex_);
      const auto latest = lingers_.find(name);
      if (latest == lingers_.end() || latest->second != linger) return;
    }
    outcome_of([&] {
      Branch& idle = branch(name);
      if (!idle.is_held()) idle.fall_asleep();
      return Outcome();
    });
  });
}

Branch& PostgresComputes::branch(const std::string& name) {
  check_uid(name);
  const std::lock_guard lock(branches_mutex_);
  std::unique_ptr<Branch>& found = branches_[name];
  if (found == nullptr) {
    found = std::make_unique<Branch>(installation_,
                                     Layout{.folder = clusters_ / name, .sockets = sockets_});
  }
  return *found;
}

void PostgresComputes::forget(const std::string& name) {
  const std::lock_guard lock(branches_mutex_);
  branches_.erase(name);
  lingers_.erase(name);
}

void PostgresComputes::create_root(const std::string& name, Done done) {
  const auto work = [this, name] {
    Branch& root = branch(name);
    const Layout original{.folder = clusters_ / kTemplate, .sockets = sockets_};
    make_template(installation_, original);
    root.create_from_template(original);
    return Outcome{.lsn = lsn_text(branch(name).birth().lsn)};
  };
  run({name, kTemplate}, work, std::move(done));
}

void PostgresComputes::create_branch(const std::string& name, const BranchPoint& from, Done done) {
  const auto work = [this, name, from] {
    if (branch(from.parent).exists()) stop_later(from.parent);
    branch(name).create_from(branch(from.parent), from);
    return Outcome{.lsn = lsn_text(branch(name).birth().lsn)};
  };
  run({name, from.parent}, work, std::move(done));
}

void PostgresComputes::destroy_branch(const std::string& name, Done done) {
  std::erase_if(*served_, [&](const auto& entry) { return entry.second.seat.branch == name; });
  const auto work = [this, name] {
    const fs::path leftover = branch(name).destroy();
    forget(name);
    // Thousands of files: nobody waits for them to go, and a start removes what a crash left.
    strands_.post({kRemoval}, [leftover] {
      std::error_code next_start_tries_again;
      remove_tree(leftover, next_start_tries_again);
    });
    return Outcome();
  };
  run({name}, work, std::move(done));
}

void PostgresComputes::keep_history(const std::string& name, std::chrono::seconds retention) {
  const auto work = [this, name, retention] {
    if (branch(name).exists()) branch(name).history().forget_before(now() - retention);
    return Outcome();
  };
  run({name}, work, [](const Outcome&) {});
}

void PostgresComputes::create_role(const std::string& name, const RoleDefinition& role, Done done) {
  run_sql(
      name, [role](const fs::path& socket) { emulator::create_role(socket, role); },
      std::move(done));
}

void PostgresComputes::alter_role(const std::string& name, const RoleDefinition& role, Done done) {
  run_sql(
      name, [role](const fs::path& socket) { emulator::alter_role(socket, role); },
      std::move(done));
}

void PostgresComputes::drop_role(const std::string& name, const std::string& role,
                                 const std::string& reassign_to, Done done) {
  const auto sql = [role, reassign_to](const fs::path& socket) {
    emulator::drop_role(socket, role, reassign_to);
  };
  run_sql(name, sql, std::move(done));
}

void PostgresComputes::create_database(const std::string& name, const DatabaseDefinition& database,
                                       Done done) {
  const auto sql = [database](const fs::path& socket) {
    emulator::create_database(socket, database);
  };
  run_sql(name, sql, std::move(done));
}

void PostgresComputes::alter_database(const std::string& name, const std::string& database,
                                      const DatabaseDefinition& wanted, Done done) {
  const auto sql = [database, wanted](const fs::path& socket) {
    emulator::alter_database(socket, database, wanted);
  };
  run_sql(name, sql, std::move(done));
}

void PostgresComputes::drop_database(const std::string& name, const std::string& database,
                                     Done done) {
  run_sql(
      name, [database](const fs::path& socket) { emulator::drop_database(socket, database); },
      std::move(done));
}

void PostgresComputes::grant_database(const std::string& name, const std::string& database,
                                      const std::string& role, Done done) {
  const auto sql = [database, role](const fs::path& socket) {
    emulator::grant_database(socket, database, role);
  };
  run_sql(name, sql, std::move(done));
}

void PostgresComputes::prepare_schema(const std::string& name, const SchemaPlace& place,
                                      Done done) {
  run_sql(
      name, [place](const fs::path& socket) { emulator::prepare_schema(socket, place); },
      std::move(done));
}

void PostgresComputes::write_table(const std::string& name, const TableDefinition& table,
                                   Done done) {
  run_sql(
      name, [table](const fs::path& socket) { emulator::write_table(socket, table); },
      std::move(done));
}

void PostgresComputes::drop_table(const std::string& name, const TablePlace& place, Done done) {
  run_sql(
      name, [place](const fs::path& socket) { emulator::drop_table(socket, place); },
      std::move(done));
}

void PostgresComputes::list_schemas(const std::string& name, const std::string& database,
                                    Listed listed) {
  run_list(
      name, [database](const fs::path& socket) { return schemas_of(socket, database); },
      std::move(listed));
}

void PostgresComputes::list_tables(const std::string& name, const std::string& database,
                                   const std::string& schema, Listed listed) {
  run_list(
      name,
      [database, schema](const fs::path& socket) { return tables_of(socket, database, schema); },
      std::move(listed));
}

void PostgresComputes::run_list(const std::string& name, const Lister& lister, Listed listed) {
  const auto names = std::make_shared<std::vector<std::string>>();  // from the strand to the loop
  run_sql(
      name, [lister, names](const fs::path& socket) { *names = lister(socket); },
      [names, listed = std::move(listed)](const Outcome& outcome) { listed(outcome, *names); });
}

void PostgresComputes::inspect(const std::string& name, Inspected inspected) {
  const auto socket = awake_cluster(name);
  if (!socket) return loop_.post([inspected = std::move(inspected)] { inspected(std::nullopt); });
  // Two lists at once, one of each cluster: servers that hang must leave threads for other work.
  const std::string lane = ".listing" + std::to_string(std::hash<std::string>()(name) % 2);
  strands_.post({lane}, [this, socket = *socket, inspected = std::move(inspected)]() mutable {
    std::optional<Inventory> inventory;
    // A cluster that goes to sleep meanwhile has nothing to tell either.
    outcome_of([&] {
      inventory = Inventory{.roles = roles_of(socket), .databases = databases_of(socket)};
      return Outcome();
    });
    loop_.post([inspected = std::move(inspected), inventory] { inspected(inventory); });
  });
}

std::optional<fs::path> PostgresComputes::awake_cluster(const std::string& name) const {
  for (const auto& [endpoint, served] : *served_) {
    const bool is_ours = served.seat.branch == name && !served.seat.is_read_only;
    if (is_ours && served.awake) return served.awake->socket_folder;
  }
  return std::nullopt;
}

void PostgresComputes::create_compute(const ComputeDefinition& compute, Done done) {
  serve(compute);
  const auto work = [this, compute] {
    check_uid(compute.endpoint);
    Branch& target = branch(compute.branch);
    if (!target.exists()) throw Failure(kNotFound, "The branch has no cluster.");
    target.check(compute.settings);
    if (compute.is_read_only) {
      stop_later(compute.branch);
      target.standby(compute.endpoint).create();
    }
    return Outcome();
  };
  run({compute.branch}, work, std::move(done));
}

void PostgresComputes::destroy_compute(const std::string& endpoint, Done done) {
  const auto known = served_->find(endpoint);
  if (known == served_->end())
    return run(
        {endpoint}, [] { return Outcome(); }, std::move(done));
  const Seat seat = known->second.seat;
  served_->erase(known);
  const auto work = [this, endpoint, seat] {
    if (!seat.is_read_only) return release(endpoint, seat);
    branch(seat.branch).destroy_standby(endpoint);
    return Outcome();
  };
  run({seat.branch}, work, std::move(done));
}

PostgresComputes::Served& PostgresComputes::serve(const ComputeDefinition& compute) {
  Served& served = (*served_)[compute.endpoint];
  served.seat = {.branch = compute.branch, .is_read_only = compute.is_read_only};
  return served;
}

void PostgresComputes::wake(const ComputeDefinition& compute, Woken woken) {
  Served& served = serve(compute);
  const std::optional<Awake>& known = served.awake;
  // Logins to an awake compute do not wait for long work on its branch, such as a copy.
  if (known && known->settings == compute.settings && known->lifeline->holds()) {
    loop_.post([woken = std::move(woken), folder = known->socket_folder] { woken({}, folder); });
    return;
  }
  forget_awake(served);  // a restart for new settings is no end of its own
  const auto work = [this, compute, sleeps = served.sleeps, woken = std::move(woken)] {
    Awake awake;
    const Outcome outcome = outcome_of([&] {
      awake = hold(compute);
      return Outcome();
    });
    loop_.post([this, all = served_, endpoint = compute.endpoint, sleeps, woken, outcome, awake] {
      const auto entry = all->find(endpoint);
      // Unless it was asked to sleep meanwhile, or all of us have ended.
      const bool is_current = entry != all->end() && entry->second.sleeps == sleeps;
      if (is_current && awake.lifeline != nullptr) {
        forget_awake(entry->second);
        entry->second.awake = awake;
        watch(endpoint, entry->second);
      }
      woken(outcome, awake.socket_folder);
    });
  };
  strands_.post({compute.branch}, work);
}

void PostgresComputes::watch(const std::string& endpoint, Served& served) {
  const auto ended = [this, endpoint](std::uint32_t) {
    const auto entry = served_->find(endpoint);
    if (entry == served_->end()) return;
    forget_awake(entry->second);
    server_ended(endpoint);
  };
  served.watch = std::make_unique<Watch>(loop_, served.awake->lifeline->handle(), EPOLLIN, ended);
}

void PostgresComputes::forget_awake(Served& served) {
  served.watch.reset();  // before the descriptor that it watches is closed
  served.awake.reset();
}

PostgresComputes::Awake PostgresComputes::hold(const ComputeDefinition& compute) {
  check_uid(compute.endpoint);
  Branch& target = branch(compute.branch);
  if (!target.exists()) throw Failure(kNotFound, "The branch has no cluster.");
  if (!compute.is_read_only) {
    target.hold(compute.endpoint, compute.settings);
    return {.settings = compute.settings,
            .socket_folder = target.layout().socket_folder(),
            .lifeline = std::make_shared<Lifeline>(target.lifeline())};
  }
  target.check(compute.settings);
  Standby& standby = target.standby(compute.endpoint);
  stop_later(compute.branch);  // it may have to be asked what was committed last
  standby.hold(compute.settings);
  return {.settings = compute.settings,
          .socket_folder = standby.socket_folder(),
          .lifeline = std::make_shared<Lifeline>(standby.lifeline())};
}

void PostgresComputes::sleep(const std::string& endpoint, Done done) {
  const auto known = served_->find(endpoint);
  if (known == served_->end())
    return run(
        {endpoint}, [] { return Outcome(); }, std::move(done));
  ++known->second.sleeps;
  forget_awake(known->second);
  const Seat seat = known->second.seat;
  run(
      {seat.branch}, [this, endpoint, seat] { return release(endpoint, seat); }, std::move(done));
}

Outcome PostgresComputes::release(const std::string& endpoint, const Seat& seat) {
  Branch& target = branch(seat.branch);
  if (seat.is_read_only) {
    target.standby(endpoint).release();
  } else {
    target.release(endpoint);
  }
  return {};
}

}  // namespace emulator
