#include "planner/pipelines.h"

#include <algorithm>
#include <map>

namespace weir {
namespace {

constexpr std::string_view kShare = "pipeline.share";
constexpr std::string_view kPipeline = "pipeline.id";
constexpr std::string_view kOfNewPipeline = "spec.new_pipeline_spec.";

const Field& pipeline_field(const Wish& wish) {
  return *find_field(*wish.declaration->kind, kPipeline);
}

/// The tables that share one, by their places among the wishes.
struct Group {
  std::vector<std::size_t> staying = {};
  std::vector<std::size_t> coming = {};
};

/// Whether it is there and stays, unless that is for its pipeline's sake.
bool stays(const Draft& draft, const Wish& wish, Fate database) {
  if (wish.live == nullptr || database != Fate::kStays) return false;
  if (draft.options.replace.contains(wish.declaration->address.text())) return false;
  return !diff(wish, *wish.live, draft.options.now).needs_replacement();
}

std::map<std::string, Group> groups_of(const Draft& draft) {
  std::map<std::string, Group> groups;
  const std::vector<Wish>& wishes = draft.wishes.all();
  for (std::size_t index = 0; index < wishes.size(); ++index) {
    const Wish& wish = wishes[index];
    if (!wish.declaration->kind->is_a("synced_table")) continue;
    const auto share = wish.wanted.find(kShare);
    const Fate database = wish.parent == kNowhere ? Fate::kStays : draft.fates[wish.parent];
    const bool is_left = database == Fate::kLeft || database == Fate::kUndeleted;
    if (share == wish.wanted.end() || is_left) continue;
    Group& group = groups[share->get<std::string>()];
    (stays(draft, wish, database) ? group.staying : group.coming).push_back(index);
  }
  return groups;
}

/// The pipeline of most tables that stay, the first of them where as many have another; null when
/// none shows one.
Document pipeline_of(const Draft& draft, const Group& group) {
  std::map<Document, std::size_t> counts;
  Document best;
  const auto shown_by = [&](std::size_t index) {
    const Wish& wish = draft.wishes[index];
    return value_of(wish.live->fields, pipeline_field(wish));
  };
  for (const std::size_t index : group.staying) ++counts[shown_by(index)];
  counts.erase(Document());
  for (const std::size_t index : group.staying) {
    const Document shown = shown_by(index);
    if (!shown.is_null() && (best.is_null() || counts[shown] > counts[best])) best = shown;
  }
  return best;
}

void share(Draft& draft, const Group& group) {
  const Document pipeline = pipeline_of(draft, group);
  const auto want = [&](std::size_t index) {
    draft.wishes.want(index, pipeline_field(draft.wishes[index]), pipeline);
  };
  for (const std::size_t index : group.staying) {
    const Wish& wish = draft.wishes[index];
    const bool shows_one = !value_of(wish.live->fields, pipeline_field(wish)).is_null();
    if (shows_one) want(index);
  }
  std::ranges::for_each(group.coming, want);
  if (!pipeline.is_null() || group.coming.empty()) return;
  const std::size_t first = group.staying.empty() ? group.coming.front() : group.staying.front();
  for (const std::size_t index : group.coming) {
    if (index != first) draft.wishes.join(index, draft.wishes[first].remote_name);
  }
}

}  // namespace

void share_pipelines(Draft& draft) {
  for (const auto& [name, group] : groups_of(draft)) share(draft, group);
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
