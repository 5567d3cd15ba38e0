// weir env, weir credential, weir psql: what it takes to get into a database, for an app, a script,
// a person.
#include <array>
#include <cerrno>
#include <cstdlib>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

#include <fmt/format.h>

#include "cli/app_environment.h"
#include "cli/chosen_database.h"
#include "cli/commands.h"
#include "cli/json_view.h"
#include "cli/session.h"
#include "cli/target.h"
#include "core/error.h"
#include "core/units.h"

namespace weir {
namespace {

/// The one schema that the manifest declares there; "" for none or several.
std::string only_schema(const Manifest& manifest, const Address& database) {
  for (const Inside& inside : manifest.insides) {
    const bool is_it = inside.address == database && inside.wishes.schemas.size() == 1;
    if (is_it) return inside.wishes.schemas.front().name;
  }
  return "";
}

/// The database that -in or -branch names.
ChosenDatabase database_meant(const Invocation& invocation, const Manifest& manifest) {
  const std::string branch = invocation.options.value("branch");
  const std::string in = invocation.options.value("in");
  if (branch.empty()) return chosen_database(manifest, in, "-in");
  if (in.empty()) return chosen_database(manifest, branch, "-branch");
  throw UsageError("-in and -branch both say which database is meant; say one of them");
}

/// A secret is for whom it is piped to: neither for a screen nor for a file that stays.
void refuse_to_leave_a_secret() {
  struct stat output = {};
  const bool is_file = fstat(STDOUT_FILENO, &output) == 0 && S_ISREG(output.st_mode);
  if (!is_file && isatty(STDOUT_FILENO) == 0) return;
  throw UsageError(
      fmt::format("a credential is not written to a {}: hand it to whom it is for, as in "
                  "PGPASSWORD=$(weir credential) psql, or let weir psql do it",
                  is_file ? "file" : "terminal"));
}

constexpr std::array<std::pair<const char*, const char*>, 8> kVariables = {
    {{"host", "PGHOST"},
     {"hostaddr", "PGHOSTADDR"},
     {"port", "PGPORT"},
     {"dbname", "PGDATABASE"},
     {"user", "PGUSER"},
     {"sslmode", "PGSSLMODE"},
     {"sslrootcert", "PGSSLROOTCERT"},
     {"connect_timeout", "PGCONNECT_TIMEOUT"}}};

void set_variable(const char* name, const std::string& value) {
  // NOLINTNEXTLINE(concurrency-mt-unsafe): nothing but the exec comes after it
  if (!value.empty()) setenv(name, value.c_str(), 1);
}

/// In its place stands the client of PostgreSQL, which finds the way and the password in its
/// environment, where neither `ps` nor a file shows them.
[[noreturn]] void become_psql(const Entrance& entrance, const Key& key,
                              std::vector<std::string> words) {
  for (const auto& [keyword, variable] : kVariables) {
    const auto found = entrance.keywords.find(keyword);
    if (found != entrance.keywords.end()) set_variable(variable, found->second);
  }
  set_variable("PGPASSWORD", key.password.reveal());
  words.insert(words.begin(), "psql");
  std::vector<char*> arguments;
  arguments.reserve(words.size() + 1);
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  execvp("psql", arguments.data());
  throw Error(
      fmt::format("psql cannot be started: {}; install the client of PostgreSQL "
                  "(postgresql-client), or use weir env and weir credential",
                  std::generic_category().message(errno)));
}

}  // namespace

Exit run_env(const Invocation& invocation) {
  std::optional<Loaded> loaded = load(invocation);
  if (!loaded) return Exit::kInvalid;
  const ChosenDatabase chosen = database_meant(invocation, loaded->manifest);
  const auto target = target_of(invocation, loaded->manifest);
  Entrance entrance = target->entrances().entrance_to(chosen.place);
  const std::string app = invocation.options.value("app");
  if (!app.empty()) entrance.keywords["user"] = target->provider().principal_of_app(app);
  const std::string format = invocation.options.value("output");
  print_exactly(text_of(app_environment(entrance, only_schema(loaded->manifest, chosen.address)),
                        format.empty() ? "dotenv" : format));
  return Exit::kDone;
}

Exit run_credential(const Invocation& invocation) {
  refuse_to_leave_a_secret();
  std::optional<Loaded> loaded = load(invocation);
  if (!loaded) return Exit::kInvalid;
  const ChosenDatabase chosen = database_meant(invocation, loaded->manifest);
  const auto target = target_of(invocation, loaded->manifest);
  const Key key = target->entrances().key_to(chosen.place);
  if (invocation.format() != "json") {
    print_exactly(key.password.reveal() + "\n");
    return Exit::kDone;
  }
  Document document = {{"token", key.password.reveal()}};
  if (key.expiry) document["expire_time"] = timestamp_text(*key.expiry);
  print_exactly(pretty(document));
  return Exit::kDone;
}

Exit run_psql(const Invocation& invocation) {
  std::vector<std::string> words = invocation.options.arguments();
  std::string said;
  if (!words.empty() && !words.front().starts_with('-')) {
    said = words.front();
    words.erase(words.begin());
  }
  std::optional<Loaded> loaded = load(invocation);
  if (!loaded) return Exit::kInvalid;
  const ChosenDatabase chosen = chosen_database(loaded->manifest, said, "ADDRESS");
  const auto target = target_of(invocation, loaded->manifest);
  const Entrance entrance = target->entrances().resolved(chosen.place);
  become_psql(entrance, target->entrances().key_to(chosen.place), std::move(words));
}

}  // namespace weir
