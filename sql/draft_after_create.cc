// What tables have whenever somebody has made them: indexes and comments.
#include <algorithm>

#include <fmt/format.h>

#include "sql/draft.h"
#include "sql/index_text.h"
#include "sql/quote.h"

namespace weir::sql {
namespace {

class AfterCreate {
 public:
  AfterCreate(Draft& draft, const AfterCreateWish& wish)
      : draft_(draft),
        wish_(wish),
        tags_({wish.tag}),
        shown_(shown_name(wish.schema) + "." + shown_name(wish.table)) {}

  void run() {
    if (!draft_.is_name(wish_.schema, tags_) || !draft_.is_name(wish_.table, tags_)) return;
    table_ = draft_.world.group_of(ObjectClass::kTable, wish_.schema, "", wish_.table);
    if (table_ == nullptr) {
      draft_.find(FindingKind::kAwaitsTable, tags_,
                  fmt::format("{} is not there yet: what comes after its creation waits for a "
                              "plan that finds it",
                              shown_));
      return;
    }
    make_indexes();
    drop_others();
    comment("", wish_.comment);
    for (const ColumnComment& column : wish_.columns) {
      if (draft_.is_name(column.column, tags_)) comment(column.column, column.text);
    }
  }

 private:
  void make_indexes() {
    for (const IndexText& text : wish_.indexes) {
      std::string name = own_index_name(wish_.schema, wish_.table, text);
      wanted_.push_back(name);
      if (has(name) || !owns_table() || !may_create() || !make_way(name)) continue;
      draft_.add_within(Phase::kAfterCreate, path(),
                        {.text = create_index(name, wish_.schema, wish_.table, text),
                         .tags = tags_,
                         .why = fmt::format("{} lacks its index {}", shown_, text.definition)});
      std::vector<OwnIndex>& all = draft_.world.own_indexes;
      OwnIndex made = {.schema = wish_.schema, .table = wish_.table, .name = name};
      all.insert(std::ranges::lower_bound(all, made), made);
    }
  }

  /// A table that was renamed has taken its indexes along, with their names.
  bool make_way(const std::string& name) {
    for (const OwnIndex& index : std::vector<OwnIndex>(draft_.world.own_indexes)) {
      if (index.schema != wish_.schema || index.name != name) continue;
      const ObjectGroup* other =
          draft_.world.group_of(ObjectClass::kTable, index.schema, "", index.table);
      const std::string shown = shown_name(index.schema) + "." + shown_name(index.table);
      if (other != nullptr &&
          !draft_.obtain(Right::kActAs, other->owner, tags_, "change " + shown)) {
        return false;
      }
      draft_.add(Phase::kAfterCreate,
                 {.text = drop_index(index.schema, name),
                  .tags = tags_,
                  .why = fmt::format("{} has the index of {}, whose name it had", shown, shown_),
                  .takes_away = true});
      std::erase(draft_.world.own_indexes, index);
    }
    return true;
  }

  /// Where operator classes and functions may be: beside the table, in public, with extensions.
  std::vector<std::string> path() const {
    std::vector<std::string> schemas = {wish_.schema};
    const auto add = [&](const std::string& schema) {
      const bool is_there = draft_.world.group_of(ObjectClass::kSchema, "", "", schema) != nullptr;
      if (is_there && std::ranges::find(schemas, schema) == schemas.end()) {
        schemas.push_back(schema);
      }
    };
    add("public");
    for (const Extension& extension : draft_.world.extensions) add(extension.schema);
    return schemas;
  }

  /// After the new ones, so that a changed index is never missing altogether.
  void drop_others() {
    for (const OwnIndex& index : std::vector<OwnIndex>(draft_.world.own_indexes)) {
      const bool is_here = index.schema == wish_.schema && index.table == wish_.table;
      const bool stays = std::ranges::find(wanted_, index.name) != wanted_.end();
      if (!is_here || stays || !is_own_index_name(index.name) || !owns_table()) continue;
      draft_.add(Phase::kAfterCreate,
                 {.text = drop_index(index.schema, index.name),
                  .tags = tags_,
                  .why = fmt::format("the index {} of {}, which weir made, is wished no longer",
                                     shown_name(index.name), shown_),
                  .takes_away = true});
      std::erase(draft_.world.own_indexes, index);
    }
  }

  void comment(const std::string& column, const std::optional<std::string>& text) {
    if (!text) return;
    const auto& comments = draft_.world.comments;
    const auto present = std::ranges::find_if(comments, [&](const Comment& each) {
      return each.schema == wish_.schema && each.table == wish_.table && each.column == column;
    });
    const bool is_there = present != comments.end();
    if (is_there ? present->text == *text : text->empty()) return;
    if (!owns_table()) return;
    const std::string subject = column.empty() ? shown_ : shown_ + "." + shown_name(column);
    draft_.add(Phase::kAfterCreate,
               {.text = comment_on(wish_.schema, wish_.table, column, *text),
                .tags = tags_,
                .why = is_there ? fmt::format("the comment on {} is another one", subject)
                                : fmt::format("{} has no comment", subject)});
  }

  bool has(const std::string& name) const {
    return std::ranges::binary_search(
        draft_.world.own_indexes,
        OwnIndex{.schema = wish_.schema, .table = wish_.table, .name = name});
  }

  bool owns_table() {
    return draft_.obtain(Right::kActAs, table_->owner, tags_, "change " + shown_);
  }

  /// An index is made in the schema of its table, by whoever makes it.
  bool may_create() {
    const ObjectGroup* schema = draft_.world.group_of(ObjectClass::kSchema, "", "", wish_.schema);
    return schema == nullptr ||
           has_privilege(draft_.world, draft_.world.current_user, Privilege::kCreate,
                         schema->acl) ||
           draft_.obtain(Right::kActAs, schema->owner, tags_,
                         "make indexes in " + shown_name(wish_.schema));
  }

  Draft& draft_;
  const AfterCreateWish& wish_;
  const std::vector<Tag> tags_;
  const std::string shown_;
  const ObjectGroup* table_ = nullptr;
  std::vector<std::string> wanted_;
};

}  // namespace

void draft_after_create(Draft& draft, const Wishes& wishes) {
  const auto wanted =
      each_once(draft, wishes.after_create, "what a table has after its creation",
                [](const AfterCreateWish& wish) { return std::pair(wish.schema, wish.table); });
  for (const auto& [table, wish] : wanted) AfterCreate(draft, wish).run();
}

}  // namespace weir::sql
