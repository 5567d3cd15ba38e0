#include "planner/inherit.h"

#include <fmt/format.h>

namespace weir {
namespace {

/// The branch that the new branch `wish` starts as a copy of, as it is now; "" when it is not.
std::string source_of(const Draft& draft, const Wish& wish) {
  if (wish.wanted.contains("at") || wish.wanted.contains("lsn")) return "";
  std::string source = text_at(wish.wanted, "from");
  if (!source.empty() || wish.parent == kNowhere) return source;
  const Wish& project = draft.wishes[wish.parent];
  if (project.live != nullptr) return text_at(project.live->fields, "default_branch");
  return "";
}

struct Original {
  const Wish* wish = nullptr;
  const Observed* observed = nullptr;
  bool goes = false;
  bool exists() const { return !goes && (wish != nullptr || observed != nullptr); }
  const std::string& name() const { return wish != nullptr ? wish->remote_name : observed->name; }
};

/// The member of the source whose copy the new branch will have.
Original original_of(const Draft& draft, const Wish& wish) {
  const Declaration& declaration = *wish.declaration;
  const bool is_copied = has_postgres_name(*declaration.kind) && wish.parent != kNowhere;
  if (!is_copied) return {};
  const std::string source = source_of(draft, draft.wishes[wish.parent]);
  if (source.empty()) return {};
  const Wish* wished = draft.wishes.find_postgres(*declaration.kind, source, declaration.id);
  const Observed* observed =
      draft.observations.find_postgres(*declaration.kind, source, declaration.id);
  if (wished != nullptr || observed == nullptr) return {.wish = wished, .observed = observed};
  // What was applied there and is declared no longer goes before the copy is made.
  const bool goes = draft.options.may_prune && draft.recorded.contains(observed->name);
  return {.observed = observed, .goes = goes};
}

}  // namespace

void name_inherited(Draft& draft) {
  for (std::size_t index = 0; index < draft.wishes.all().size(); ++index) {
    const Wish& wish = draft.wishes[index];
    const bool is_new = wish.live == nullptr && wish.parent != kNowhere &&
                        draft.wishes[wish.parent].live == nullptr;
    if (!is_new) continue;
    const Original original = original_of(draft, wish);
    if (!original.exists()) continue;
    const std::string& name = original.name();
    const std::string collection = wish.remote_name.substr(0, wish.remote_name.rfind('/'));
    draft.wishes.rename(index, collection + name.substr(name.rfind('/')));
  }
}

std::optional<std::vector<FieldChange>> inherit(Draft& draft, const Wish& wish) {
  const Original original = original_of(draft, wish);
  const Wish& branch = draft.wishes[wish.parent];
  if (original.goes || original.exists()) {
    draft.inherited.emplace_back(branch.remote_name, original.name());
  }
  if (!original.exists()) return std::nullopt;
  Observed copy = original.observed != nullptr
                      ? *original.observed
                      : Observed{.kind = wish.declaration->kind, .name = wish.remote_name};
  if (original.wish != nullptr) copy.fields.update(original.wish->wanted);
  std::vector<FieldChange> changes;
  Wish plain = wish;
  plain.record = nullptr;
  for (FieldChange& change : diff(plain, copy, draft.options.now).changes) {
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

}  // namespace weir
