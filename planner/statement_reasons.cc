#include "planner/statement_reasons.h"

#include "sql/wishes_document.h"

namespace weir {

StatementReasons::StatementReasons(const std::optional<sql::Wishes>& before, const sql::Wishes& now,
                                   const std::vector<PasswordWish>& passwords)
    : is_known_(before.has_value()) {
  if (before) note(*before, before_);
  note(now, now_);
  // Nothing is remembered of passwords: who cannot log in with the right one has another.
  for (const PasswordWish& wish : passwords) before_[wish.tag] = now_[wish.tag];
}

Reason StatementReasons::of(const sql::Statement& statement) const {
  if (!is_known_) return Reason::kNew;
  // Those that only serve others have no tags of their own.
  Reason reason = Reason::kDrift;
  for (const sql::Tag& tag : statement.tags) {
    const auto was = before_.find(tag);
    const auto is = now_.find(tag);
    if (is == now_.end()) return Reason::kNoLongerDeclared;
    const bool is_same = was != before_.end() && was->second == is->second;
    if (!is_same) reason = Reason::kManifestChanged;
  }
  return reason;
}

void StatementReasons::note(const sql::Wishes& wishes, Texts& texts) {
  const Document document = sql::document_of(wishes);
  for (const auto& [part, list] : document.items()) {
    for (const Document& wish : list) texts[text_at(wish, "tag")] += part + to_text(wish);
  }
}

}  // namespace weir
