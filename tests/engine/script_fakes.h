// What an apply of statements goes through, in memory and in virtual time.
#pragma once

#include <functional>
#include <list>
#include <optional>
#include <string>
#include <vector>

#include "engine/applier.h"
#include "planner/inside_view.h"
#include "providers/lakebase/kinds.h"
#include "sql/wishes_document.h"
#include "tests/support/memory_store.h"
#include "tests/support/snapshot_of_orders.h"

namespace weir::test {

inline const std::string kDevBranch = "projects/shop/branches/dev";
inline const DatabasePlace kPlace = {kDevBranch, "orders"};
inline const std::string kCreateMain = R"(CREATE SCHEMA "main")";

class FakeDatabases : public Databases {
 public:
  std::string snapshot(const DatabasePlace& place) override {
    looked_into.push_back(place);
    if (on_snapshot) on_snapshot(place);
    return seen;
  }
  void change(const DatabasePlace& place, const Script& script) override {
    changed.push_back(place);
    if (before_change) before_change();
    const std::vector<SqlText> texts = script(seen);
    for (const SqlText& text : texts) {
      executed.push_back(text.sent ? text.sent->reveal() : text.shown);
    }
    if (failure) throw *failure;
  }
  bool can_log_in(const DatabasePlace& /*place*/, const std::string& role,
                  const Secret& password) override {
    logins.push_back(role + " " + password.reveal());
    return may_log_in;
  }
  std::size_t round_trips() const override { return looked_into.size() + changed.size(); }

  std::string seen = a_snapshot();
  std::optional<SqlError> failure = {};  ///< at the commit
  std::function<void()> before_change = {};
  std::function<void(const DatabasePlace& place)> on_snapshot = {};
  bool may_log_in = true;
  std::vector<DatabasePlace> looked_into = {};
  std::vector<DatabasePlace> changed = {};
  std::vector<std::string> executed = {};
  std::vector<std::string> logins = {};
};

/// Makes each call in the next wait; time passes only while nothing is called.
class FakeCalls : public Calls {
 public:
  void post(Work work, Work then) override {
    pending_.emplace_back(std::move(work), std::move(then));
  }
  void wait(Duration time) override {
    if (pending_.empty()) {
      now_ = std::max(now_, time);
      return;
    }
    const auto [work, then] = pending_.front();
    pending_.pop_front();
    now_ += delay;
    work();
    then();
  }
  Duration elapsed() const override { return now_; }
  Instant now() const override { return Instant(now_); }

  Duration delay = {};  ///< between the decision to call and the call

 private:
  Duration now_ = std::chrono::hours(1);
  std::list<std::pair<Work, Work>> pending_;
};

class NotingReporter : public ApplyReporter {
 public:
  void begun(const Step& step) override { note("begun", step); }
  void done(const Step& step, Duration /*took*/) override { note("done", step); }
  void failed(const Step& step, const std::string& why) override { note("failed", step, why); }
  void blocked(const Step& step, const Step& /*cause*/) override { note("blocked", step); }
  void tell(const std::string& text) override { news.push_back(text); }
  void tick(const Standing& /*standing*/) override {}
  void left(const Step& step, const std::string& why) override { note("left", step, why); }

  std::vector<std::string> news = {};

 private:
  void note(const std::string& what, const Step& step, const std::string& why = "") {
    news.push_back(what + " " + step.address.key() + (why.empty() ? "" : ": " + why));
  }
};

/// Nobody may ask the service: statements go elsewhere.
class NoService : public Provider, public Performer {
 public:
  std::vector<Observed> list(const Kind& /*kind*/, const std::string& /*parent*/) override {
    throw std::logic_error("listed");
  }
  std::optional<Observed> get(const Kind& /*kind*/, const std::string& name) override {
    throw std::logic_error("got " + name);
  }
  std::string principal_of_app(const std::string& app) override { return app; }
  std::size_t request_count() const override { return 0; }
  Operation start(const Request& request, const MayLeave& /*may_leave*/) override {
    throw std::logic_error("sent " + request.target);
  }
  Operation poll(const std::string& operation) override {
    throw std::logic_error("polled " + operation);
  }
};

/// A store whose lease ends soon, until it was kept alive so often.
class ShortStore : public MemoryStore {
 public:
  using MemoryStore::MemoryStore;
  void keep_alive() override {
    MemoryStore::keep_alive();
    if (short_turns > 0) --short_turns;
  }
  Duration lease_left() override {
    return short_turns > 0 ? Duration::zero() : Duration(std::chrono::minutes(30));
  }

  int short_turns = 0;
};

/// The step that makes the schema "main" in "orders".
inline Step a_script_step() {
  sql::Wishes wishes = {.schemas = {{.tag = "t", .name = "main"}}};
  const Address address = Address::parse(kDevBranch + "/databases/orders").value().singleton("sql");
  return {
      .action = Action::kExecute,
      .address = address,
      .kind = &inside_kind(),
      .remote_name = kDevBranch + "/databases/orders/sql",
      .script = Script{.place = kPlace,
                       .wishes = sql::document_of(wishes),
                       .statements = {{.statement = {.text = kCreateMain}}}},
      .record = Record{
          .address = address, .kind = "sql", .remote_name = kDevBranch + "/databases/orders/sql"}};
}

}  // namespace weir::test
