// Schemas that are declared no longer.
#include <algorithm>

#include <fmt/format.h>

#include "planner/earlier.h"
#include "planner/inside_case.h"
#include "planner/selection.h"

namespace weir {
namespace {

class Ending {
 public:
  Ending(Draft& draft, const Inside& inside) : draft_(draft), inside_(inside) {
    const auto record = draft.records.find(address_of_inside(inside));
    if (record != draft.records.end()) record_ = &record->second;
  }

  bool may_end(const std::string& schema) {
    const Address address = inside_.address.child("schemas", schema);
    const Document choice = choice_for(schema);
    const std::string said = said_of_removal(draft_.manifest, address);
    const std::string on_remove = said.empty() ? text_at(choice, "on_remove") : said;
    if (on_remove == "keep") {
      draft_.plan.notices.push_back({.type = Notice::Type::kKeptOnRemoval,
                                     .address = address,
                                     .text = "stays in the database: on_remove is keep",
                                     .place = inside_.place});
      return false;
    }
    if (flag_at(choice, "protect")) {
      draft_.refuse("P002", address, inside_.place,
                    "had lifecycle.protect when it was applied and would be dropped",
                    "declare it again with lifecycle.protect: false, apply that, and then plan "
                    "again");
      return false;
    }
    const auto& allowed = draft_.options.allow_destroy;
    const bool is_meant =
        on_remove == "delete" || allowed.contains("*") || allowed.contains(address.text());
    if (is_meant) return true;
    draft_.refuse("P007", address, inside_.place,
                  "would be dropped with all that is in it: it is declared no longer",
                  fmt::format("say -allow-destroy {} when that is meant", address.text()));
    return false;
  }

 private:
  Document choice_for(const std::string& schema) const {
    const Document* ends = record_ == nullptr ? nullptr : at_path(record_->fields, "schema_ends");
    return ends != nullptr && ends->contains(schema) ? ends->at(schema) : Document::object();
  }

  Draft& draft_;
  const Inside& inside_;
  const Record* record_ = nullptr;
};

}  // namespace

bool names_schema(const sql::Wishes& wishes, const std::string& name) {
  return std::ranges::find(wishes.schemas, name, &sql::SchemaWish::name) != wishes.schemas.end();
}

std::vector<sql::SchemaEndWish> schema_ends(Draft& draft, const Inside& inside,
                                            const sql::Wishes& before, const sql::Wishes& now,
                                            const sql::Catalogue& catalogue) {
  std::vector<sql::SchemaEndWish> ends;
  if (!is_selected(draft.options, address_of_inside(inside))) return ends;
  Ending ending(draft, inside);
  for (const sql::SchemaWish& wish : before.schemas) {
    const bool is_there =
        catalogue.group_of(sql::ObjectClass::kSchema, "", "", wish.name) != nullptr;
    if (!names_schema(now, wish.name) && is_there && ending.may_end(wish.name)) {
      ends.push_back({wish.tag, wish.name});
    }
  }
  return ends;
}

}  // namespace weir
