// What moved behind our back, and what stands beside what is declared.
#include <algorithm>

#include "core/observations.h"
#include "planner/branch_classes.h"
#include "planner/draft.h"
#include "planner/expiry.h"

namespace weir {
namespace {

const Observed* resource_of(const Draft& draft, const Record& record, const Wish* wish) {
  if (wish != nullptr && wish->live != nullptr) return wish->live;
  const Observed* observed = draft.observations.find(record.remote_name);
  return observed == nullptr || observed->is_deleted() ? nullptr : observed;
}

/// Whether its absence is what the manifest says: it expired, or what contains it did. On a server
/// it is only that weir does not make it.
bool is_left(const Draft& draft, const Wish* wish) {
  if (wish == nullptr || draft.fates.empty()) return false;
  // No step says that there is none.
  if (wish->declaration->kind->is_foreign) return false;
  // The statement that makes a role says that there is none.
  if (!wish->declaration->takes_requests) return wish->declaration->is_made_in_sql;
  return draft.fates[draft.wishes.index_of(*wish)] == Fate::kLeft;
}

/// What a server without a control plane has to do with the plan.
void note_remarks(Draft& draft) {
  for (const Remark& remark : draft.manifest.remarks) {
    draft.plan.notices.push_back({.type = Notice::Type::kLeftAsItIs,
                                  .address = remark.address,
                                  .text = remark.text,
                                  .place = remark.place});
  }
}

/// What the service does by itself, and does no more, is mended by nobody's plan.
void note_failure(Draft& draft, const Observed& observed, Drift& drift) {
  const std::string problem = failure_of(observed);
  if (problem.empty()) return;
  drift.problems.push_back(problem);
  draft.plan.notices.push_back({.type = Notice::Type::kLeftAsItIs,
                                .address = drift.address,
                                .text = problem,
                                .place = drift.place});
}

/// It may be as it was applied, and nobody can tell.
void note_nameless(const Wish* wish, Drift& drift) {
  const std::string problem = wish == nullptr ? "" : wish->declaration->nameless;
  if (!problem.empty()) drift.problems.push_back(problem);
}

void note_drift(Draft& draft) {
  for (const auto& [address, record] : draft.records) {
    const Wish* wish = draft.wishes.find(address);
    const Kind* kind = draft.catalogue.find(record.kind);
    if (kind == nullptr) continue;
    Drift drift_of_record = {.address = address,
                             .kind = kind,
                             .place = wish == nullptr ? Place{} : wish->declaration->place};
    const Observed* observed = resource_of(draft, record, wish);
    if (observed == nullptr) {
      drift_of_record.is_gone = !is_left(draft, wish);
    } else {
      drift_of_record.changes = drift(record, *observed, wish, draft.options.now);
      note_failure(draft, *observed, drift_of_record);
    }
    note_nameless(wish, drift_of_record);
    if (drift_of_record.is_gone || !drift_of_record.changes.empty() ||
        !drift_of_record.problems.empty()) {
      draft.plan.drift.push_back(std::move(drift_of_record));
    }
  }
}

/// Copies that a branch brought along are its source's business.
bool is_inherited(const Draft& draft, const Observed& observed, const std::string& parent) {
  if (!has_postgres_name(*observed.kind)) return false;
  const Observed* branch = draft.observations.find(parent);
  const std::string source = branch == nullptr ? "" : text_at(branch->fields, "from");
  return !source.empty() && draft.observations.find_postgres(*observed.kind, source,
                                                             observed.postgres_name) != nullptr;
}

/// What a class says about a branch that nobody declares. Whether the rest is nobody's business.
bool is_of_class(Draft& draft, const Observed& observed) {
  const Wish* parent = draft.wishes.named(parent_of_name(observed.name));
  if (parent != nullptr && parent->declaration->is_of_class) return true;
  const BranchClass* branch_class =
      observed.kind->name == "branch" ? class_of_branch(draft.manifest, observed.name) : nullptr;
  if (branch_class == nullptr) return false;
  const std::string problem = branch_class->undeclared == BranchClass::Undeclared::kReport
                                  ? broken_rule(*branch_class, observed, draft.options.now)
                                  : "";
  if (!problem.empty()) {
    draft.plan.notices.push_back(
        {.type = Notice::Type::kPolicy,
         .address = branch_class->address.parent().child(
             "branches", observed.name.substr(observed.name.rfind('/') + 1)),
         .text = problem,
         .place = branch_class->place});
  }
  return true;
}

/// The service makes the role of an app where the app is bound.
bool is_role_of_app(const Draft& draft, const Observed& observed) {
  if (!observed.kind->is_a("role")) return false;
  return std::ranges::any_of(draft.wishes.all(), [&](const Wish& wish) {
    return wish.declaration->kind->is_foreign && wish.live != nullptr &&
           text_at(wish.live->facts, "service_principal_client_id") == observed.postgres_name;
  });
}

void note_unmanaged(Draft& draft) {
  for (const auto& [name, observed] : draft.observations.all()) {
    const std::string& key =
        observed.postgres_name.empty() ? name.substr(name.rfind('/') + 1) : observed.postgres_name;
    const bool is_anybodys = observed.is_deleted() ||
                             observed.kind->identity == Identity::kSingleton ||
                             draft.wishes.named(name) != nullptr || draft.recorded.contains(name) ||
                             is_implied(*observed.kind, key) || draft.ending.contains(name) ||
                             goes_with_another(draft, name);
    if (is_anybodys) continue;
    const std::string parent = parent_of_name(name);
    if (draft.wishes.named(parent) == nullptr || is_inherited(draft, observed, parent)) continue;
    if (is_of_class(draft, observed) || is_role_of_app(draft, observed)) continue;
    draft.plan.unmanaged.push_back(
        {.kind = observed.kind, .name = name, .postgres_name = observed.postgres_name});
  }
}

}  // namespace

void survey(Draft& draft) {
  note_remarks(draft);
  note_drift(draft);
  note_unmanaged(draft);
}

}  // namespace weir
