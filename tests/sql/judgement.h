// What PostgreSQL itself says about privileges, and what it should say after wishes.
#pragma once

#include <map>
#include <set>
#include <string>
#include <tuple>
#include <utility>

#include "sql/wishes.h"
#include "tests/sql/server.h"

namespace weir::test {

/// An object as the judging query names it: class, schema, table, name.
using ObjectKey = std::tuple<std::string, std::string, std::string, std::string>;
ObjectKey key_of(const sql::Target& target);

struct Judged {
  std::set<std::string> privileges = {};
  std::set<std::string> grantable = {};
  bool operator==(const Judged&) const = default;
};

/// Who has what by privileges given to it, and who owns what; "" is PUBLIC. Asked with a query
/// that has nothing in common with the snapshot's.
struct Judgement {
  std::map<std::pair<ObjectKey, std::string>, Judged> access = {};
  std::map<ObjectKey, std::string> owners = {};
};
Judgement judge(Session& session);

/// What `before` becomes when the wishes are carried out, as the rules say it.
Judgement expected(Judgement before, const sql::Wishes& wishes);

/// The differences between both, one in a line; "" when there are none.
std::string differences(const Judgement& wanted, const Judgement& found);

}  // namespace weir::test
