#include "planner/branch_classes.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "core/glob.h"
#include "planner/expiry.h"
#include "planner/identify.h"
#include "planner/radius.h"

namespace weir {
namespace {

using namespace std::chrono_literals;

/// What has outlived its class already gets so long, in which somebody may still object.
constexpr Duration kLastChance = 24h;

std::string key_of_name(const std::string& remote_name) {
  return remote_name.substr(remote_name.rfind('/') + 1);
}

std::optional<Instant> observed_end(const Observed& branch) {
  const auto expires = branch.fields.find("expires");
  return expires == branch.fields.end() ? std::nullopt : end_of(*expires, branch.create_time);
}

/// The latest end that a branch may have; nothing when nobody knows when it was made.
std::optional<Instant> latest_end(const BranchClass& branch_class, const Observed& branch) {
  const auto creation = parse_timestamp(branch.create_time);
  if (!creation) return std::nullopt;
  return *creation + branch_class.longest;
}

/// The end that a branch gets whose own is none or too late.
Instant end_by_class(const BranchClass& branch_class, const Observed& branch, Instant latest,
                     Instant now) {
  const Instant usual = latest - branch_class.longest + branch_class.lifetime;
  const Instant end = observed_end(branch) ? latest : usual;
  if (end > now) return std::chrono::floor<std::chrono::seconds>(end);
  return std::chrono::floor<std::chrono::seconds>(std::max(latest, now + kLastChance));
}

bool lives_too_long(const BranchClass& branch_class, const Observed& branch, Instant now) {
  const auto latest = latest_end(branch_class, branch);
  const auto end = observed_end(branch);
  if (!latest || (end && *end <= *latest)) return false;
  return !end || *end > now + kLastChance;
}

bool is_default_branch(const Observed& branch, const Observations& observations) {
  const Observed* project = observations.find(parent_of_name(branch.name));
  return project != nullptr && text_at(project->fields, "default_branch") == branch.name;
}

bool has_branches_of_its_own(const Observed& branch, const Observations& observations) {
  const auto siblings = observations.children(*branch.kind, parent_of_name(branch.name));
  return std::ranges::any_of(siblings, [&](const Observed* other) {
    return !other->is_deleted() && text_at(other->fields, "from") == branch.name;
  });
}

/// The service lets none of these expire, and who protects one means it.
bool may_expire(const Observed& branch, const Observations& observations) {
  return !flag_at(branch.fields, "protected") && !is_bound_to_parent(branch) &&
         !is_default_branch(branch, observations) && !has_branches_of_its_own(branch, observations);
}

/// Whether it is for a class to say something about it.
bool is_anybodys(const Observed& branch, const std::set<std::string>& spoken_for) {
  return branch.kind->name == "branch" && !branch.is_deleted() && !spoken_for.contains(branch.name);
}

/// What is declared, and what was applied: removals decide about that.
std::set<std::string> names_of(const Manifest& manifest, const Records& records) {
  std::set<std::string> names;
  for (const Declaration& each : manifest.declarations) names.insert(each.remote_name());
  for (const auto& [address, record] : records) names.insert(record.remote_name);
  return names;
}

/// The class's demands on one that is there: its end where that is too late, and the computes that
/// it has.
std::vector<Declaration> demands_on(const BranchClass& branch_class, const Observed& branch,
                                    const Observations& observations, Instant now) {
  Document expires;
  if (may_expire(branch, observations) && lives_too_long(branch_class, branch, now)) {
    const Instant end = end_by_class(branch_class, branch, *latest_end(branch_class, branch), now);
    expires = {{"expire_time", timestamp_text(end)}};
  }
  std::vector<Declaration> demands =
      branch_of_class(branch_class, key_of_name(branch.name), expires);
  // Where it comes from is settled.
  demands.front().references.clear();
  std::erase_if(demands, [&](const Declaration& each) {
    return each.kind->name != "branch" && observations.find(each.remote_name()) == nullptr;
  });
  return demands;
}

}  // namespace

const BranchClass* class_of_branch(const Manifest& manifest, const std::string& remote_name) {
  const auto found = std::ranges::find_if(manifest.branch_classes, [&](const BranchClass& each) {
    return each.members.front().remote_parent == parent_of_name(remote_name) &&
           matches_glob(each.match, key_of_name(remote_name));
  });
  return found == manifest.branch_classes.end() ? nullptr : &*found;
}

std::vector<Declaration> branch_of_class(const BranchClass& branch_class, const std::string& id,
                                         const Document& expires) {
  std::vector<Declaration> branch = branch_class.members;
  const Address address = branch_class.address.parent().child("branches", id);
  Declaration& first = branch.front();
  first.id = id;
  first.address = address;
  first.fields.erase("expires");
  if (!expires.is_null()) first.fields["expires"] = expires;
  first.is_of_class = true;
  for (std::size_t index = 1; index < branch.size(); ++index) {
    Declaration& member = branch[index];
    member.address = address.child(member.kind->collection, member.address.key());
    member.remote_parent = first.remote_name();
    member.is_of_class = true;
  }
  return branch;
}

void declare_branch(Manifest& manifest, std::vector<Declaration> branch) {
  manifest.declarations.insert(manifest.declarations.end(), std::make_move_iterator(branch.begin()),
                               std::make_move_iterator(branch.end()));
  std::ranges::sort(manifest.declarations, {}, &Declaration::address);
}

std::string broken_rule(const BranchClass& branch_class, const Observed& branch, Instant now) {
  if (!lives_too_long(branch_class, branch, now)) return "";
  const auto end = observed_end(branch);
  return fmt::format("{}, and branch class {} allows {}",
                     end ? "lives until " + timestamp_text(*end) : "never expires",
                     branch_class.address.key(), duration_text(branch_class.longest));
}

void keep_to_classes(Manifest& manifest, const Observations& observations,
                     const std::set<std::string>& replaced) {
  for (Declaration& declaration : manifest.declarations) {
    if (!declaration.is_of_class || declaration.kind->name != "branch") continue;
    const Observed* live = observations.find(declaration.remote_name());
    const BranchClass* branch_class = class_of_branch(manifest, declaration.remote_name());
    const auto expires = declaration.fields.find("expires");
    if (live == nullptr || live->is_deleted() || branch_class == nullptr) continue;
    if (replaced.contains(declaration.address.text())) continue;
    const auto latest = latest_end(*branch_class, *live);
    if (!latest || expires == declaration.fields.end()) continue;
    const auto wanted = end_of(*expires, live->create_time);
    const auto present = observed_end(*live);
    const bool is_lifetime = expires->contains("ttl");
    if (is_lifetime && wanted && present && *present >= *wanted && *present <= *latest) {
      declaration.fields.erase("expires");
    } else if (wanted && *wanted > *latest) {
      *expires = {{"expire_time", timestamp_text(*latest)}};
    }
  }
}

void enforce_classes(Manifest& manifest, const Records& records, const Observations& observations,
                     Instant now) {
  if (manifest.branch_classes.empty()) return;
  const std::set<std::string> spoken_for = names_of(manifest, records);
  std::vector<Declaration> demands;
  for (const auto& [name, observed] : observations.all()) {
    if (!is_anybodys(observed, spoken_for)) continue;
    const BranchClass* branch_class = class_of_branch(manifest, name);
    if (branch_class == nullptr || branch_class->undeclared != BranchClass::Undeclared::kEnforce) {
      continue;
    }
    std::ranges::move(demands_on(*branch_class, observed, observations, now),
                      std::back_inserter(demands));
  }
  if (!demands.empty()) declare_branch(manifest, std::move(demands));
}

}  // namespace weir
