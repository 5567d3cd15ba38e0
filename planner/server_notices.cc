// What people should know of a plan for a server without a control plane.
#include <algorithm>

#include "planner/draft.h"
#include "sql/wishes_document.h"

namespace weir {
namespace {

/// The roles that statements have made are remembered as wishes of their branch.
std::vector<sql::RoleWish> roles_in(const Record& record) {
  const Document* wishes = at_path(record.fields, "wishes");
  const auto read = wishes == nullptr ? std::nullopt : sql::read_wishes(*wishes);
  return read ? read->roles : std::vector<sql::RoleWish>();
}

/// No request takes a role away there, and no statement does yet.
void note_roles_that_stay(Draft& draft, const Wish& branch) {
  const auto record =
      draft.records.find(branch.declaration->address.singleton(inside_kind().collection));
  if (record == draft.records.end()) return;
  for (const sql::RoleWish& role : roles_in(record->second)) {
    const Kind& kind = *draft.catalogue.find("role");
    const bool is_declared =
        draft.wishes.find_postgres(kind, branch.remote_name, role.name) != nullptr;
    const bool is_there = draft.observations.find_postgres(kind, branch.remote_name, role.name);
    if (is_declared || !is_there) continue;
    draft.plan.notices.push_back(
        {.type = Notice::Type::kKeptOnRemoval,
         .address = branch.declaration->address,
         .text = "the role " + role.name +
                 " is declared no longer and stays on the server; REASSIGN OWNED, DROP OWNED and "
                 "DROP ROLE end it",
         .place = branch.declaration->place});
  }
}

}  // namespace

void note_server(Draft& draft) {
  for (const Remark& remark : draft.manifest.remarks) {
    draft.plan.notices.push_back({.type = Notice::Type::kLeftAsItIs,
                                  .address = remark.address,
                                  .text = remark.text,
                                  .place = remark.place});
  }
  if (!draft.options.may_prune) return;
  const Wish* branch = draft.wishes.named(draft.manifest.server.branch);
  if (branch != nullptr) note_roles_that_stay(draft, *branch);
}

}  // namespace weir
