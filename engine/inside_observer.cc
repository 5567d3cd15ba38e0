#include "engine/inside_observer.h"

#include <utility>

#include <fmt/format.h>

#include "engine/ask_each.h"
#include "sql/read_catalogue.h"

namespace weir {
namespace {

constexpr std::string_view kInsufficientPrivilege = "42501";

/// A role inside Postgres, and what it should log in with.
struct Login {
  std::string role;
  Secret password;
};

/// A role at its limit of connections, or one that may not come from here, may well have its
/// password: nobody needs to change it, and nothing else has to wait for that.
void try_login(Databases& databases, const Login& login, InsideView& view) {
  const sql::Role* role = view.catalogue ? view.catalogue->role_named(login.role) : nullptr;
  if (role == nullptr) return;
  try {
    if (databases.can_log_in(view.place, login.role, login.password)) return;
    if (role->has_expired_password) {
      view.untried[login.role] =
          "passwords of this role are valid no longer (VALID UNTIL), right or wrong";
    } else {
      view.locked_out.insert(login.role);
    }
  } catch (const SqlError& error) {
    view.untried[login.role] = error.what();
  }
}

/// Failures are answers.
InsideView look(Databases& databases, const DatabasePlace& place,
                const std::vector<Login>& logins) {
  InsideView view = {.place = place};
  try {
    sql::ReadCatalogue read = sql::read_catalogue(databases.snapshot(place));
    view.catalogue = std::move(read.catalogue);
    view.withheld = std::move(read.problem);
    view.has_failed = !view.withheld.empty();
    for (const Login& login : logins) try_login(databases, login, view);
  } catch (const Error& error) {
    const auto* said = dynamic_cast<const SqlError*>(&error);
    view.withheld = error.what();
    view.has_failed = true;
    view.is_forbidden = said != nullptr && said->facts().sqlstate == kInsufficientPrivilege;
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

}  // namespace

InsideViews look_into_databases(const Manifest& manifest,
                                const std::vector<InsideQuestion>& questions, Databases& databases,
                                const LookOptions& options) {
  InsideViews views;
  std::map<Address, const Inside*> insides;
  for (const Inside& inside : manifest.insides) insides[inside.address] = &inside;
  std::vector<std::pair<InsideQuestion, std::vector<Login>>> open;
  for (const InsideQuestion& question : questions) {
    if (!question.asleep.empty()) {
      views[question.inside] = {.place = question.place, .withheld = question.asleep};
      continue;
    }
    const auto inside = insides.find(question.inside);
    open.emplace_back(question, inside == insides.end()
                                    ? std::vector<Login>()
                                    : logins_of(*inside->second, manifest, options.password_of));
  }
  auto seen = ask_each(open, options.parallelism, options.meanwhile, [&databases](const auto& one) {
    return look(databases, one.first.place, one.second);
  });
  for (std::size_t index = 0; index < open.size(); ++index) {
    if (seen[index].failure) std::rethrow_exception(seen[index].failure);
    const InsideQuestion& question = open[index].first;
    InsideView& view = views[question.inside] = std::move(seen[index].result);
    if (question.may_fail) view.has_failed = false;
  }
  return views;
}

}  // namespace weir
