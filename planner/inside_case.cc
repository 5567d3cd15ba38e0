#include "planner/inside_case.h"

namespace weir {

RolesOfBranches roles_of_branches(const Draft& draft) {
  RolesOfBranches roles;
  for (const Wish& wish : draft.wishes.all()) {
    const bool is_role = wish.declaration->kind->is_a("role") && wish.parent != kNowhere;
    if (is_role) roles[wish.parent].declared.push_back(&wish);
  }
  for (const Inside& inside : draft.manifest.insides) {
    const Wish* branch = draft.wishes.find(inside.address);
    const bool is_of_branch = branch != nullptr && branch->declaration->kind->holds_databases;
    if (is_of_branch) roles[draft.wishes.index_of(*branch)].inside = &inside;
  }
  return roles;
}

InsideCase::InsideCase(const Draft& draft, const Inside& inside, const RolesOfBranches& roles)
    : draft_(draft), inside_(inside), roles_(roles), container_(draft.wishes.find(inside.address)) {
  const auto view = draft.insides.find(inside.address);
  const bool is_there = view != draft.insides.end() && container_ != nullptr;
  if (!is_there || is_made_anew(*container_) || is_made_anew(branch())) return;
  view_ = &view->second;
  // What was looked into for something else was seen.
  const InsideView* other = view_->catalogue ? nullptr : view_of(draft.insides, view_->place);
  if (other != nullptr && other->catalogue) view_ = other;
}

bool InsideCase::is_out_of_reach() const {
  if (container_ == nullptr) return true;
  const Fate fate = fate_of(*container_);
  return fate == Fate::kLeft || fate == Fate::kUndeleted;
}

bool InsideCase::is_of_branch() const {
  return container_->declaration->kind->holds_databases;
}

const Wish& InsideCase::branch() const {
  return is_of_branch() ? *container_ : draft_.wishes[container_->parent];
}

const RolesOfBranch& InsideCase::roles() const {
  static const RolesOfBranch none;
  const auto found = roles_.find(draft_.wishes.index_of(branch()));
  return found == roles_.end() ? none : found->second;
}

Fate InsideCase::fate_of(const Wish& wish) const {
  const std::size_t index = draft_.wishes.index_of(wish);
  return index < draft_.fates.size() ? draft_.fates[index] : Fate::kStays;
}

bool InsideCase::is_made_anew(const Wish& wish) const {
  return fate_of(wish) == Fate::kMade && wish.live != nullptr;
}

bool InsideCase::is_new() const {
  return fate_of(branch()) != Fate::kStays || fate_of(*container_) != Fate::kStays;
}

std::string InsideCase::database() const {
  const bool is_any =
      is_of_branch() && view_ != nullptr && view_->place.branch == branch().remote_name;
  return is_any ? view_->place.database : database_of(inside_, draft_.manifest);
}

std::string InsideCase::remote_name() const {
  return name_of_inside(container_->remote_name);
}

}  // namespace weir
