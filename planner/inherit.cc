#include "planner/inherit.h"

#include <fmt/format.h>

namespace weir {
namespace {

/// Deeper than any chain of branches that the service would keep.
constexpr int kLongestChain = 1000;

bool is_made(const Draft& draft, const Wish& wish) {
  return draft.fates[draft.wishes.index_of(wish)] == Fate::kMade;
}

bool is_dated(const Wish& branch) {
  return branch.wanted.contains("at") || branch.wanted.contains("lsn");
}

/// The branch that `branch`, which this plan makes, begins as a copy of; "" for the first one of a
/// project.
std::string source_of(const Draft& draft, const Wish& branch) {
  std::string source = text_at(branch.wanted, "from");
  if (!source.empty() || branch.parent == kNowhere) return source;
  const Wish& project = draft.wishes[branch.parent];
  if (!is_made(draft, project)) {
    return project.live == nullptr ? "" : text_at(project.live->fields, "default_branch");
  }
  const Kind& kind = *branch.declaration->kind;
  if (is_implied(kind, branch.declaration->id)) return "";
  return fmt::format("{}/{}/{}", project.remote_name, kind.collection, kind.implied.front());
}

/// What a branch that this plan makes has under a name inside Postgres from the beginning.
struct Copy {
  std::string name;  ///< in the branch where the chain of copies begins
  Document fields = Document::object();
  bool is_certain = true;
  bool goes = false;  ///< before the copy is made
  /// The last copy in the chain that is made of something else than a copy, and of what.
  std::string branch = {};
  std::string original = {};
};

/// The fields of what a wish means, once this plan is carried out; now they are `fields`.
Document changed(const Draft& draft, const Wish& wish, bool is_new, Document fields) {
  Difference difference;
  if (!is_new && wish.live != nullptr) difference = diff(wish, *wish.live, draft.options.now);
  if (difference.needs_replacement()) fields = Document::object();
  fields.update(wish.wanted);
  // Fields that are no longer declared go back to what they were at first.
  for (const FieldChange& change : difference.changes) {
    fields[std::string(change.field->name)] = change.after;
  }
  return fields;
}

std::optional<Copy> copy_in(const Draft& draft, const Wish& branch, const Declaration& member,
                            int chain = 0) {
  const std::string source = source_of(draft, branch);
  if (source.empty() || chain > kLongestChain) return std::nullopt;
  const Kind& kind = *member.kind;
  const Wish* from = draft.wishes.named(source);
  const Wish* wished = draft.wishes.find_postgres(kind, source, member.id);
  const bool is_new = from != nullptr && is_made(draft, *from);
  std::optional<Copy> copy;
  if (is_new) {
    copy = copy_in(draft, *from, member, chain + 1);
  } else if (const Observed* seen = draft.observations.find_postgres(kind, source, member.id)) {
    // What was applied there and is declared no longer goes before the copy is made.
    const bool goes =
        wished == nullptr && draft.options.may_prune && draft.recorded.contains(seen->name);
    copy = Copy{.name = seen->name,
                .fields = seen->fields,
                .goes = goes,
                .branch = branch.remote_name,
                .original = seen->name};
  }
  if (wished != nullptr) {
    if (!copy) copy = Copy{.name = wished->remote_name};
    copy->fields = changed(draft, *wished, is_new, std::move(copy->fields));
    copy->goes = false;
    copy->branch = branch.remote_name;
    copy->original = wished->remote_name;
  }
  if (copy && is_dated(branch)) copy->is_certain = false;
  return copy;
}

std::optional<Copy> copy_of(const Draft& draft, const Wish& wish) {
  const bool may_be = wish.parent != kNowhere && has_postgres_name(*wish.declaration->kind) &&
                      is_made(draft, draft.wishes[wish.parent]);
  return may_be ? copy_in(draft, draft.wishes[wish.parent], *wish.declaration) : std::nullopt;
}

std::vector<FieldChange> changes_to_copy(Draft& draft, const Wish& wish, Copy copy) {
  const Observed made = {
      .kind = wish.declaration->kind, .name = wish.remote_name, .fields = std::move(copy.fields)};
  Wish plain = wish;
  plain.record = nullptr;
  std::vector<FieldChange> changes;
  for (FieldChange& change : diff(plain, made, draft.options.now).changes) {
    if (change.needs_replacement) {
      draft.notice(Notice::Type::kLeftAsItIs, *wish.declaration,
                   fmt::format("comes with its branch from the source with another {}, which is "
                               "fixed: plan again when the branch exists",
                               change.field->name));
      continue;
    }
    change.reason = Reason::kNew;
    changes.push_back(std::move(change));
  }
  return changes;
}

}  // namespace

void name_inherited(Draft& draft) {
  for (std::size_t index = 0; index < draft.wishes.all().size(); ++index) {
    const Wish& wish = draft.wishes[index];
    const std::optional<Copy> copy = copy_of(draft, wish);
    if (!copy || copy->goes) continue;
    const std::string collection = wish.remote_name.substr(0, wish.remote_name.rfind('/'));
    draft.wishes.rename(index, collection + copy->name.substr(copy->name.rfind('/')));
  }
}

std::optional<std::vector<FieldChange>> inherited_changes(Draft& draft, const Wish& wish) {
  std::optional<Copy> copy = copy_of(draft, wish);
  if (!copy) return std::nullopt;
  draft.inherited.emplace_back(copy->branch, copy->original);
  if (copy->goes || !copy->is_certain) return std::nullopt;
  return changes_to_copy(draft, wish, std::move(*copy));
}

}  // namespace weir
