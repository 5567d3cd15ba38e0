// A branch: a copy-on-write copy of another one, with computes, roles and databases of its own.
#include "providers/lakebase/kinds.h"

namespace weir {
namespace {

constexpr std::array kOnExpiry = {Choice{"forget"}, Choice{"recreate"}, Choice{"renew"}};

constexpr std::array kFields = {
    Field{.name = "from",
          .doc = "The branch it comes from; the project's default branch when left out.",
          .type = Type::kReference,
          .on_change = OnChange::kReplace,
          .sent_as = "spec.source_branch",
          .observed_at = "status.source_branch",
          .refers_to = "branch",
          .example = "production"},
    Field{.name = "at",
          .doc = "The time whose data it starts with, within the project's history.",
          .type = Type::kTimestamp,
          .on_change = OnChange::kReplace,
          .sent_as = "spec.source_branch_time",
          .observed_at = "status.source_branch_time",
          .example = "\"2026-04-27T09:15:00Z\""},
    Field{.name = "lsn",
          .doc = "The position in the write-ahead log whose data it starts with.",
          .on_change = OnChange::kReplace,
          .sent_as = "spec.source_branch_lsn",
          .observed_at = "status.source_branch_lsn",
          .example = "0/1A2B3C8"},
    Field{.name = "expires",
          .doc = "When it ends: never, so long after its creation, or at a time.",
          .type = Type::kExpiry,
          .sent_as = "spec",
          .masked_as = "spec.expiration",
          .observed_at = "status.expire_time",
          .example = "7d"},
    Field{.name = "on_expiry",
          .doc = "What it means when it has expired and is still declared: it is forgotten, made "
                 "again, or extended by every apply before it comes to that.",
          .type = Type::kChoice,
          .on_change = OnChange::kLocal,
          .choices = kOnExpiry,
          .example = "renew"},
    Field{.name = "protected",
          .doc = "Refuses deletion of the branch, of its endpoints and of the project.",
          .type = Type::kBoolean,
          .sent_as = "spec.is_protected",
          .observed_at = "status.is_protected",
          .example = "true"},
};
static_assert(is_well_formed(kFields));

constexpr std::array<std::string_view, 1> kImplied = {"production"};

}  // namespace

const Kind kBranch = {.name = "branch",
                      .collection = "branches",
                      .parent = "project",
                      .doc = "A branch of a project, with data, computes, roles and databases.",
                      .fields = kFields,
                      .id_parameter = "branch_id",
                      .is_deleted_softly = true,
                      .holds_databases = true,
                      .implied = kImplied};

}  // namespace weir
