#include "engine/inside_observer.h"

#include <chrono>
#include <utility>

#include <fmt/format.h>

#include "engine/inbox.h"
#include "engine/workers.h"
#include "planner/identify.h"
#include "sql/read_catalogue.h"

namespace weir {
namespace {

constexpr std::chrono::milliseconds kPause{500};

/// A role inside Postgres, and what it should log in with.
struct Login {
  std::string role;
  Secret password;
};

/// What one worker does: failures are answers.
InsideView look(Databases& databases, const DatabasePlace& place,
                const std::vector<Login>& logins) {
  InsideView view = {.place = place};
  try {
    sql::ReadCatalogue read = sql::read_catalogue(databases.snapshot(place));
    view.catalogue = std::move(read.catalogue);
    view.withheld = std::move(read.problem);
    view.has_failed = !view.withheld.empty();
    for (const Login& login : logins) {
      const bool is_there = view.catalogue && view.catalogue->role_named(login.role) != nullptr;
      if (is_there && !databases.can_log_in(place, login.role, login.password)) {
        view.locked_out.insert(login.role);
      }
    }
  } catch (const Error& error) {
    view.withheld = error.what();
    view.has_failed = true;
  }
  return view;
}

std::vector<Login> logins_of(const Inside& inside, const Manifest& manifest,
                             const PasswordOf& password_of) {
  std::vector<Login> logins;
  for (const PasswordWish& wish : inside.passwords) {
    const auto source = manifest.secrets.find(wish.variable);
    if (source == manifest.secrets.end()) continue;
    auto password = password_of(source->second);
    if (!password) continue;
    logins.push_back(
        {.role = role_name(inside, manifest, wish.role), .password = *std::move(password)});
  }
  return logins;
}

/// One database to look into, for whom.
struct Task {
  Address about;
  DatabasePlace place;
  std::vector<Login> logins = {};
};

/// Carries out all of them, several at a time.
InsideViews look_at_all(std::vector<Task> tasks, Databases& databases, const LookOptions& options) {
  InsideViews views;
  std::size_t open = tasks.size();
  Inbox<std::pair<Address, InsideView>> inbox;
  Workers workers(options.parallelism);
  for (Task& task : tasks) {
    workers.post([&databases, &inbox, task = std::move(task)] {
      inbox.put({task.about, look(databases, task.place, task.logins)});
    });
  }
  while (open > 0) {
    for (auto& [about, view] : inbox.take(1, std::chrono::steady_clock::now() + kPause)) {
      views[about] = std::move(view);
      --open;
    }
    if (options.meanwhile) options.meanwhile();
  }
  return views;
}

}  // namespace

InsideViews look_again(const Plan& plan, Databases& databases, const LookOptions& options) {
  std::vector<Task> tasks;
  for (const Step& step : plan.steps) {
    if (!step.script || !step.script->predicted_from.empty()) continue;
    tasks.push_back({.about = step.address, .place = step.script->place});
  }
  return look_at_all(std::move(tasks), databases, options);
}

InsideViews look_into_databases(const Manifest& manifest, const Records& records,
                                const Observations& observations, const Catalogue& catalogue,
                                Databases& databases, const LookOptions& options) {
  InsideViews asleep;
  std::map<Address, const Inside*> insides;
  for (const Inside& inside : manifest.insides) insides[inside.address] = &inside;
  std::vector<Task> tasks;
  for (const InsideQuestion& question :
       questions_about(manifest, records, observations, catalogue, options.wake)) {
    if (!question.asleep.empty()) {
      asleep[question.inside] = {.place = question.place, .withheld = question.asleep};
      continue;
    }
    tasks.push_back(
        {.about = question.inside,
         .place = question.place,
         .logins = logins_of(*insides.at(question.inside), manifest, options.password_of)});
  }
  InsideViews views = look_at_all(std::move(tasks), databases, options);
  views.merge(asleep);
  return views;
}

}  // namespace weir
