#include "planner/pipelines.h"

#include <algorithm>
#include <functional>
#include <map>
#include <set>

#include "planner/selection.h"

namespace weir {
namespace {

constexpr std::string_view kShare = "pipeline.share";
constexpr std::string_view kPipeline = "pipeline.id";
constexpr std::string_view kOfNewPipeline = "spec.new_pipeline_spec.";

const Field& pipeline_field(const Wish& wish) {
  return *find_field(*wish.declaration->kind, kPipeline);
}

/// Tables that share a pipeline, or one that shares its own no more, by their places among the
/// wishes.
struct Group {
  bool is_shared = true;
  std::vector<std::size_t> staying = {};
  std::vector<std::size_t> coming = {};
  Document pipeline = {};  ///< which one it is; null: nobody knows
};

/// So many tables of a group that stay are on that pipeline.
struct Claim {
  std::size_t tables = 0;
  Group* group = nullptr;
  Document pipeline = {};
};

Document share_in(const Document& fields) {
  const auto share = fields.find(kShare);
  return share == fields.end() ? Document() : *share;
}

Document share_before(const Wish& wish) {
  return wish.record == nullptr ? Document() : share_in(wish.record->fields);
}

/// Whether it is there and stays, unless that is for its pipeline's sake.
bool stays(const Draft& draft, const Wish& wish, Fate database) {
  if (wish.live == nullptr || database != Fate::kStays) return false;
  if (draft.options.replace.contains(wish.declaration->address.text())) return false;
  return !diff(wish, *wish.live, draft.options.now).needs_replacement();
}

/// Those of shares by name, and behind them the tables that are in none any more.
std::vector<Group> groups_of(const Draft& draft) {
  std::map<std::string, Group> shares;
  std::vector<Group> alone;
  const std::vector<Wish>& wishes = draft.wishes.all();
  for (std::size_t index = 0; index < wishes.size(); ++index) {
    const Wish& wish = wishes[index];
    if (!wish.declaration->kind->is_a("synced_table")) continue;
    const Document share = share_in(wish.wanted);
    const Fate database = wish.parent == kNowhere ? Fate::kStays : draft.fates[wish.parent];
    const bool is_left = database == Fate::kLeft || database == Fate::kUndeleted;
    if (is_left || (share.is_null() && share_before(wish).is_null())) continue;
    const bool is_staying = stays(draft, wish, database);
    if (!share.is_null()) {
      Group& group = shares[share.get<std::string>()];
      (is_staying ? group.staying : group.coming).push_back(index);
    } else if (is_staying && !wish.wanted.contains(kPipeline)) {
      alone.push_back({.is_shared = false, .staying = {index}});
    }
  }
  std::vector<Group> groups;
  groups.reserve(shares.size() + alone.size());
  for (auto& [name, group] : shares) groups.push_back(std::move(group));
  groups.insert(groups.end(), std::make_move_iterator(alone.begin()),
                std::make_move_iterator(alone.end()));
  return groups;
}

const Document& pipeline_of(const Wish& wish) {
  return value_of(wish.live->fields, pipeline_field(wish));
}

void claim(const Draft& draft, Group& group, std::vector<Claim>& claims) {
  const std::size_t first = claims.size();
  for (const std::size_t index : group.staying) {
    const Document& shown = pipeline_of(draft.wishes[index]);
    if (shown.is_null()) continue;
    const auto begin = claims.begin() + static_cast<std::ptrdiff_t>(first);
    const auto found = std::find_if(begin, claims.end(),
                                    [&](const Claim& each) { return each.pipeline == shown; });
    if (found == claims.end()) {
      claims.push_back({.tables = 1, .group = &group, .pipeline = shown});
    } else {
      ++found->tables;
    }
  }
}

/// Each share has one, and each pipeline one share: the one with most tables on it.
void assign_pipelines(const Draft& draft, std::vector<Group>& groups) {
  std::vector<Claim> claims;
  for (Group& group : groups) claim(draft, group, claims);
  std::ranges::stable_sort(claims, std::greater(), &Claim::tables);
  std::set<Document> taken;
  for (const Claim& each : claims) {
    if (each.group->pipeline.is_null() && taken.insert(each.pipeline).second) {
      each.group->pipeline = each.pipeline;
    }
  }
}

/// The table whose pipeline the others join: one that does not show its own yet, or the first that
/// is made.
std::size_t first_of(const Draft& draft, const Group& group) {
  if (!group.staying.empty()) return group.staying.front();
  const auto chosen = std::ranges::find_if(group.coming, [&](std::size_t index) {
    return is_selected(draft.options, draft.wishes[index].declaration->address);
  });
  return chosen == group.coming.end() ? group.coming.front() : *chosen;
}

void share(Draft& draft, Group& group) {
  const auto is_shown = [&](std::size_t index) {
    return !pipeline_of(draft.wishes[index]).is_null();
  };
  if (group.pipeline.is_null()) {
    // What they show is another share's.
    for (const std::size_t index : group.staying) {
      if (!is_shown(index)) continue;
      draft.wishes.make_anew(index, "its pipeline is that of other tables");
      group.coming.push_back(index);
    }
    std::erase_if(group.staying, is_shown);
    std::ranges::sort(group.coming);
  }
  if (!group.is_shared) return;
  const auto want = [&](std::size_t index) {
    const Wish& wish = draft.wishes[index];
    const bool is_as_before = share_before(wish) == share_in(wish.wanted);
    draft.wishes.want(index, pipeline_field(wish), group.pipeline, is_as_before);
  };
  std::ranges::for_each(group.coming, want);
  for (const std::size_t index : group.staying) {
    if (is_shown(index)) want(index);
  }
  if (!group.pipeline.is_null() || group.coming.empty()) return;
  const std::size_t first = first_of(draft, group);
  for (const std::size_t index : group.coming) {
    if (index != first) draft.wishes.join(index, draft.wishes[first].remote_name);
  }
}

}  // namespace

void share_pipelines(Draft& draft) {
  std::vector<Group> groups = groups_of(draft);
  assign_pipelines(draft, groups);
  for (Group& group : groups) share(draft, group);
}

void choose_pipeline(const Wish& wish, std::vector<FieldChange>& changes) {
  if (!wish.joins.empty()) {
    const Field* field = &pipeline_field(wish);
    // Fields of one kind stand in one table, so their addresses have its order.
    const auto place = std::ranges::find_if(
        changes, [&](const FieldChange& change) { return change.field > field; });
    changes.insert(place, {.field = field, .after = wish.joins, .is_open = true});
  }
  const bool joins_one = std::ranges::find(changes, kPipeline, [](const FieldChange& change) {
                           return change.field->name;
                         }) != changes.end();
  if (!joins_one) return;
  std::erase_if(changes, [](const FieldChange& change) {
    return change.field->sent_as.starts_with(kOfNewPipeline);
  });
}

}  // namespace weir
