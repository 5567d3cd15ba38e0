#include "manifest/inside/memberships.h"

#include <algorithm>
#include <map>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "manifest/manifest_rules.h"

namespace weir::inside {
namespace {

std::optional<bool> flag_or_none(const WrittenWords& words, std::string_view key) {
  if (words.find(key) == nullptr) return std::nullopt;
  return words.flag(key);
}

void read_membership(const Node& item, const Part& role, Reading& reading) {
  sql::MembershipWish wish{.member = role.address.key()};
  const Node* name = &item;
  if (item.is_map()) {
    const WrittenWords words = read_words("role.member_of", item, role.subject);
    wish.is_admin = flag_or_none(words, "admin");
    wish.inherits = flag_or_none(words, "inherit");
    wish.can_set = flag_or_none(words, "set");
    name = words.value("role");
  }
  if (name == nullptr || !is_text(*name)) return;
  const auto group = reading.role(name->text, name->place, "member_of", role.subject);
  if (!group) return;
  const Address address = role.address.child("member_of", *group);
  if (reading.inside.places.contains(address.text())) {
    role.subject.complain(rule::kSameName, item.place,
                          fmt::format("member_of: {} stands here twice", *group),
                          "remove one of them");
    return;
  }
  wish.tag = reading.tag(address, item.place);
  wish.role = *group;
  reading.wish(reading.inside.wishes.memberships, std::move(wish));
}

using Memberships = std::map<std::string, std::vector<const sql::MembershipWish*>>;  // by member

/// What is left when everything is taken away that leads to no circle: whoever is a member of
/// nothing that is left.
Memberships only_circles(const std::vector<sql::MembershipWish>& wishes) {
  Memberships memberships;
  std::map<std::string, std::vector<std::string>> members;
  std::map<std::string, std::size_t> open;
  for (const sql::MembershipWish& wish : wishes) {
    memberships[wish.member].push_back(&wish);
    members[wish.role].push_back(wish.member);
    ++open[wish.member];
    open.try_emplace(wish.role, 0);
  }
  std::vector<std::string> closed;
  for (const auto& [role, count] : open) {
    if (count == 0) closed.push_back(role);
  }
  while (!closed.empty()) {
    const std::string role = std::move(closed.back());
    closed.pop_back();
    memberships.erase(role);
    for (const std::string& member : members[role]) {
      if (--open[member] == 0) closed.push_back(member);
    }
  }
  return memberships;
}

}  // namespace

void read_memberships(const Node& member_of, const Part& role, Reading& reading) {
  for (const Node& item : member_of.items) {
    if (item.is_map() || is_text(item)) read_membership(item, role, reading);
  }
}

void check_circles(const Reading& reading, const Subject& branch) {
  const Memberships left = only_circles(reading.inside.wishes.memberships);
  std::map<std::string, std::size_t> walks;  // the walk that came by, from 1
  std::size_t walk = 0;
  for (const auto& [start, unused] : left) {
    ++walk;
    std::vector<const sql::MembershipWish*> way;
    std::string at = start;
    while (walks.emplace(at, walk).second) {
      const auto& next = left.at(at);
      way.push_back(*std::find_if(next.begin(), next.end(),
                                  [&](const auto* wish) { return left.contains(wish->role); }));
      at = way.back()->role;
    }
    if (walks.at(at) != walk) continue;
    way.erase(way.begin(), std::find_if(way.begin(), way.end(),
                                        [&](const auto* wish) { return wish->member == at; }));
    std::vector<std::string_view> keys;
    keys.reserve(way.size() + 1);
    for (const sql::MembershipWish* wish : way) keys.emplace_back(wish->member);
    keys.emplace_back(at);
    branch.complain(rule::kCycle, reading.inside.places.at(way.front()->tag),
                    fmt::format("member_of leads in a circle: {}", fmt::join(keys, " → ")),
                    "remove one of the memberships");
  }
}

}  // namespace weir::inside
