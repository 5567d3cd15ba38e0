#include "manifest/inside/reading.h"

#include <algorithm>

#include <fmt/format.h>

#include "manifest/budgets.h"
#include "manifest/manifest_rules.h"

namespace weir::inside {

Part Reading::part_at(Address address) const {
  std::string text = address.text();
  return {.address = std::move(address), .subject = {declaring_, std::move(text)}};
}

sql::Tag Reading::tag(const Address& address, const Place& place) {
  inside.places.emplace(address.text(), place);
  return address.text();
}

std::optional<std::string> Reading::role(std::string_view alias, const Place& place,
                                         std::string_view what, const Subject& subject) {
  std::string name(alias);
  if (const Declaration* declared = aliases_.find(branch, alias)) {
    inside.roles.emplace(name, declared->address);
    return name;
  }
  if (is_own_role(alias)) return name;
  if (alias == "public") {
    subject.complain(rule::kReference, place,
                     fmt::format("{}: public is everybody, and no role", what), "name a role");
  } else {
    subject.complain(rule::kReference, place,
                     fmt::format("{}: there is no role \"{}\" in {}", what, alias, branch.text()),
                     aliases_.hint(branch, alias));
  }
  return std::nullopt;
}

std::optional<sql::Grantee> Reading::grantee(std::string_view alias, const Place& place,
                                             std::string_view what, const Subject& subject) {
  if (alias == "public") return sql::Grantee{.is_public = true};
  const auto name = role(alias, place, what, subject);
  if (!name) return std::nullopt;
  return sql::Grantee{.role = *name};
}

bool Reading::spend(const Place& place) {
  if (wishes_left_ > 0) {
    if (--wishes_left_ > 0) return true;
    const CountLimits limits;
    declaring_.complain(
        rule::kTooMany, "", place,
        fmt::format("more than {} wishes are for the inside of databases", limits.wishes),
        "split the manifest into several with names of their own");
  }
  return false;
}

Inside Reading::finish() {
  const auto by_tag = [](auto& wishes) {
    std::stable_sort(wishes.begin(), wishes.end(),
                     [](const auto& left, const auto& right) { return left.tag < right.tag; });
  };
  sql::Wishes& wishes = inside.wishes;
  by_tag(wishes.memberships);
  by_tag(wishes.schemas);
  by_tag(wishes.extensions);
  by_tag(wishes.settings);
  by_tag(wishes.access);
  by_tag(wishes.exclusive);
  by_tag(wishes.defaults);
  by_tag(wishes.future);
  by_tag(wishes.after_create);
  by_tag(inside.passwords);
  return std::move(inside);
}

}  // namespace weir::inside
