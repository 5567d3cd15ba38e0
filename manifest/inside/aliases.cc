#include "manifest/inside/aliases.h"

#include <algorithm>

#include <fmt/format.h>

#include "core/nearest.h"

namespace weir::inside {
namespace {

/// Branches of branches of branches are few; a longer line is nobody's, and would cost its length
/// for each name.
constexpr int kLongestLine = 100;
/// Looking for similar names costs time, so a manifest full of mistakes gets fewer hints.
constexpr std::size_t kMostComparisons = 200'000;

}  // namespace

Aliases::Aliases(const std::vector<Declaration>& declarations) {
  for (const Declaration& declaration : declarations) {
    if (declaration.kind->is_a("role")) {
      branches_[declaration.address.parent()].roles.emplace(declaration.address.key(),
                                                            &declaration);
    }
    if (!declaration.kind->holds_databases) continue;
    for (const Reference& reference : declaration.references) {
      if (reference.field == "from") branches_[declaration.address].source = reference.target;
    }
  }
}

template <typename Visit>
void Aliases::visit_line(const Address& branch, const Visit& visit) const {
  auto at = branches_.find(branch);
  for (int step = 0; step < kLongestLine && at != branches_.end(); ++step) {
    if (visit(at->second)) return;
    at = branches_.find(at->second.source);
  }
}

const Declaration* Aliases::find(const Address& branch, std::string_view alias) const {
  const Declaration* role = nullptr;
  visit_line(branch, [&, key = std::string(alias)](const Branch& each) {
    const auto found = each.roles.find(key);
    if (found != each.roles.end()) role = found->second;
    return role != nullptr;
  });
  return role;
}

std::string Aliases::hint(const Address& branch, std::string_view alias) const {
  std::vector<std::string_view> known = {"public"};
  visit_line(branch, [&](const Branch& each) {
    comparisons_ += each.roles.size();
    if (comparisons_ > kMostComparisons) return true;
    for (const auto& [key, role] : each.roles) {
      if (role->id == alias) {
        known = {key};
        return true;
      }
      known.push_back(key);
    }
    return false;
  });
  if (known.size() == 1 && known.front() != "public") {
    return fmt::format("the role that is called \"{}\" has the key {} here: write {}", alias,
                       known.front(), known.front());
  }
  std::sort(known.begin(), known.end());
  const std::string near = did_you_mean(alias, known);
  return !near.empty()
             ? near
             : fmt::format("declare it under {}/roles, or name one that is", branch.text());
}

bool is_own_role(std::string_view name) {
  return name.starts_with("pg_") || name == kSuperusers;
}

bool hides_another(std::string_view key, std::string_view name) {
  return key == "public" || (is_own_role(key) && key != name);
}

}  // namespace weir::inside
