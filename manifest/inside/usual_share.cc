#include "manifest/inside/usual_share.h"

#include <algorithm>

namespace weir::inside {
namespace {

bool is_nothing(const sql::Share& share) {
  return share.privileges.is_empty();
}

bool contains(const sql::Share& more, const sql::Share& less) {
  return more.privileges.contains(less.privileges) && more.grantable.contains(less.grantable);
}

class UsualShare {
 public:
  UsualShare(const std::vector<SameGroup>& groups, const std::vector<sql::Share>& later,
             const sql::Share& unsaid)
      : groups_(groups), later_(later), unsaid_(unsaid), most_(exceptions_of(unsaid)) {
    if (!later.empty()) ++most_;
  }

  std::optional<sql::Share> choose() {
    try_share(most_common());
    try_share(common_part());
    for (const SameGroup& each : groups_) try_share(each.later);
    try_share({});
    return best_;
  }

 private:
  std::size_t exceptions_of(const sql::Share& usual) const {
    std::size_t count = 0;
    for (const SameGroup& each : groups_) {
      if (each.share != usual) count += each.group->names.size();
    }
    return count;
  }

  /// Wishes for single objects add to those for all, or take everything away.
  bool is_possible(const sql::Share& usual) const {
    return std::ranges::all_of(groups_, [&](const SameGroup& each) {
      return is_nothing(each.share) || contains(each.share, usual);
    });
  }

  /// Whether an object gives all that the share does, and keeps all that it keeps.
  bool holds(const sql::Share& given, const sql::Share& usual) const {
    const sql::PrivilegeSet kept = unsaid_.privileges - usual.privileges;
    return contains(given, usual) && (given.privileges & kept).is_empty();
  }

  /// Whether a wish for all leaves new objects as they come, as far as anybody has spoken of them.
  bool is_of_all(const sql::Share& usual) const {
    return std::ranges::all_of(later_, [&](const sql::Share& share) { return share == usual; }) &&
           std::ranges::all_of(groups_, [&](const SameGroup& each) {
             return each.later == usual || (each.later == unsaid_ && holds(each.share, usual));
           });
  }

  /// Of a single object nobody knows whether all are meant, unless later ones are.
  bool is_shown(const sql::Share& usual) const {
    const bool is_of_later = std::ranges::find(later_, usual) != later_.end();
    return is_of_later || groups_.size() > 1 || groups_.front().group->names.size() > 1;
  }

  void try_share(const sql::Share& usual) {
    const bool is_true = usual != unsaid_ && is_possible(usual) && is_of_all(usual);
    if (!is_true || !is_shown(usual)) return;
    const std::size_t count = exceptions_of(usual);
    if (count >= most_) return;
    most_ = count;
    best_ = usual;
  }

  sql::Share most_common() const {
    std::vector<std::pair<sql::Share, std::size_t>> counts;
    for (const SameGroup& each : groups_) {
      const auto known = std::ranges::find(counts, each.share, [](auto& one) { return one.first; });
      if (known == counts.end()) {
        counts.emplace_back(each.share, each.group->names.size());
      } else {
        known->second += each.group->names.size();
      }
    }
    return std::ranges::max_element(counts, {}, [](auto& one) { return one.second; })->first;
  }

  sql::Share common_part() const {
    std::optional<sql::Share> common;
    for (const SameGroup& each : groups_) {
      if (is_nothing(each.share)) continue;
      if (!common) common = each.share;
      common->privileges = common->privileges & each.share.privileges;
      common->grantable = common->grantable & each.share.grantable;
    }
    return common.value_or(sql::Share());
  }

  const std::vector<SameGroup>& groups_;
  const std::vector<sql::Share>& later_;
  const sql::Share& unsaid_;
  std::size_t most_ = 0;  ///< exceptions that are too many
  std::optional<sql::Share> best_ = {};
};

}  // namespace

std::optional<sql::Share> usual_share(const std::vector<SameGroup>& groups,
                                      const std::vector<sql::Share>& later,
                                      const sql::Share& unsaid) {
  return UsualShare(groups, later, unsaid).choose();
}

}  // namespace weir::inside
