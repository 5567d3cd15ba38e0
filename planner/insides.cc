// What becomes of the inside of each database: the statements that lead to what is wanted there.
#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "planner/inside_case.h"
#include "planner/script.h"
#include "planner/selection.h"
#include "planner/statement_reasons.h"
#include "planner/synced_tables.h"
#include "sql/released.h"
#include "sql/wishes_document.h"

namespace weir {
namespace {

/// A role is wished for once, also where SQL makes it as well.
void wish_for_password(sql::Wishes& wanted, const sql::Tag& tag, const std::string& role) {
  const auto known = std::ranges::find(wanted.roles, role, &sql::RoleWish::name);
  if (known != wanted.roles.end()) {
    known->sets_password = true;
  } else {
    wanted.roles.push_back({.tag = tag, .name = role, .sets_password = true});
  }
}

/// One inside on its way to a step.
class Deciding {
 public:
  Deciding(Draft& draft, const Inside& inside, const RolesOfBranches& roles,
           const SyncedTables& synced)
      : draft_(draft),
        inside_(inside),
        synced_(synced),
        case_(draft, inside, roles),
        address_(address_of_inside(inside)),
        is_chosen_(is_selected(draft.options, address_)),
        now_(named_wishes(inside, draft.manifest)) {
    const auto record = draft.records.find(address_);
    if (record != draft.records.end()) {
      record_ = &record->second;
      const Document* wishes = at_path(record_->fields, "wishes");
      if (wishes != nullptr) before_ = sql::read_wishes(*wishes);
    }
  }

  void decide(const Leavers& leavers) {
    if (case_.is_out_of_reach()) return;
    if (!inside_.is_declared && !draft_.options.may_prune) return;
    // What is remembered of one that is gone says nothing about the next one.
    if (case_.fate_of(case_.container()) == Fate::kMade) before_.reset();
    const InsideView* view = case_.view();
    if (view != nullptr && !view->withheld.empty()) return leave_unseen(view->withheld);
    if (view == nullptr && !case_.is_new()) return leave_unseen("nobody looked");
    const auto& table_ends = synced_.ends_in(inside_.address);
    Expectation expected = expectation_of(case_, leavers);
    predicted_from_ = std::move(expected.predicted_from);
    const sql::Catalogue& catalogue = expected.catalogue;
    sql::Wishes wanted = now_;
    if (before_ && draft_.options.may_prune) {
      wanted = sql::merged(std::move(wanted), sql::released(*before_, now_, catalogue));
      wanted.ends = schema_ends(draft_, inside_, *before_, now_, catalogue);
    }
    wanted.copies = copies();
    const sql::Wishes all = wanted;
    wanted.table_ends = table_ends;
    refuse_to_drop_others(wanted.table_ends, catalogue);
    const bool ends = synced_.end_in(inside_.address);
    if (ends && predicted_from_.empty()) predicted_from_ = "what ended synced tables leave";
    ask_for_passwords(wanted);
    tell_what_kept_logins_out();
    const sql::Difference difference = sql::difference(catalogue, wanted);
    if (expected.before_roles) {
      for (const sql::Statement& statement :
           sql::difference(*expected.before_roles, wanted).statements) {
        needed_anyway_.insert(statement.text);
      }
    }
    follows_roles_ = expected.before_roles.has_value();
    // What nobody chose is planned only for steps that come after it.
    if (!is_chosen_ && !error_in(difference).empty()) return;
    const StatementReasons reasons(before_, now_, inside_.passwords);
    report(difference.findings, reasons);
    warn_of_the_unknown();
    note_strangers(difference);
    Script script = script_of(wanted, difference, reasons);
    note_drift(script);
    follow_synced_tables(all, catalogue, difference, reasons);
    if (difference.statements.empty()) return remember();
    Step& step = add_step(address_, std::move(script));
    if (inside_.is_declared) step.record = record_to_be();
  }

 private:
  void leave_unseen(const std::string& why) {
    keep_what_is_unseen(why);
    const bool is_changed = record_ == nullptr || record_->fields != fields_to_remember();
    notice(is_changed ? Notice::Type::kChangedUnseen : Notice::Type::kNotSeen, inside_.address,
           inside_.place,
           fmt::format("was not looked into{}: {}",
                       is_changed ? ", and what is declared of it was not applied yet" : "", why));
  }

  /// What ended synced tables leave is dropped by a later plan, which has to know of it. None is
  /// made anew beside what the old one left.
  void keep_what_is_unseen(const std::string& why) {
    if (synced_.ends_in(inside_.address).empty()) return;
    std::erase_if(draft_.plan.steps, [&](const Step& step) {
      return step.action == Action::kForget && step.kind->is_a("synced_table") &&
             step.address.is_within(inside_.address);
    });
    if (!synced_.end_in(inside_.address)) return;
    for (const sql::TableEndWish& end : synced_.ends_in(inside_.address)) {
      if (!end.drops || draft_.wishes.find(subject_of({end.tag})) == nullptr) continue;
      draft_.refuse("P014", subject_of({end.tag}), inside_.place,
                    fmt::format("what the copy leaves in Postgres cannot be dropped: {}", why),
                    "plan with -wake always, or when the database answers");
    }
  }

  /// What is closed to others is so for those, too, whom the service lets in by itself.
  void warn_of_the_unknown() {
    if (view_is_there() || now_.exclusive.empty()) return;
    notice(Notice::Type::kInside, inside_.address, inside_.place,
           "is made by this plan and exclusive: what others are given there by then is taken from "
           "them, and told when it is done");
  }

  /// Who was not let in for another reason may have the password, or not.
  void tell_what_kept_logins_out() {
    const InsideView* view = case_.view();
    if (view == nullptr || case_.is_new()) return;
    for (const auto& [role, why] : view->untried) {
      notice(Notice::Type::kInside, inside_.address, inside_.place,
             fmt::format("whether {} has its password could not be found out: {}", role, why));
    }
  }

  bool view_is_there() const {
    const InsideView* view = case_.view();
    return view != nullptr && view->catalogue;
  }

  /// Whoever is there and was let in keeps the password, whatever else is made.
  bool needs_password(const std::string& role) const {
    const InsideView* view = case_.view();
    if (case_.is_new() || !view_is_there() || view->catalogue->role_named(role) == nullptr) {
      return true;
    }
    return view->locked_out.contains(role);
  }

  void ask_for_passwords(sql::Wishes& wanted) {
    for (const PasswordWish& wish : inside_.passwords) {
      const std::string role = role_name(inside_, draft_.manifest, wish.role);
      if (!needs_password(role)) continue;
      wish_for_password(wanted, wish.tag, role);
      const auto secret = draft_.manifest.secrets.find(wish.variable);
      if (secret == draft_.manifest.secrets.end()) continue;
      passwords_.push_back({.role = role, .secret = secret->second});
    }
  }

  // ---- what comes of it -------------------------------------------------------------------------

  const Place& place_of(const std::vector<sql::Tag>& tags) const {
    for (const sql::Tag& tag : tags) {
      const auto place = inside_.places.find(tag);
      if (place != inside_.places.end()) return place->second;
    }
    return inside_.place;
  }

  /// What a tag is about, or the database.
  Address subject_of(const std::vector<sql::Tag>& tags) const {
    const auto subject = tags.empty() ? std::nullopt : Address::parse(tags.front());
    return subject ? *subject : inside_.address;
  }

  void report(const std::vector<sql::Finding>& findings, const StatementReasons& reasons) {
    for (const sql::Finding& finding : findings) {
      const Address subject = subject_of(finding.tags);
      if (finding.is_error()) {
        const bool is_drift = reasons.of({.tags = finding.tags}) == Reason::kDrift;
        if (is_drift) problems_.push_back(finding.text);
        draft_.refuse("P014", subject, place_of(finding.tags), finding.text,
                      "correct the manifest, or the database");
      } else {
        notice(Notice::Type::kInside, subject, place_of(finding.tags), finding.text);
      }
    }
  }

  void notice(Notice::Type type, const Address& address, const Place& place, std::string text) {
    draft_.plan.notices.push_back(
        {.type = type, .address = address, .text = std::move(text), .place = place});
  }

  Record record_to_be() const {
    return {.address = address_,
            .kind = std::string(inside_kind().name),
            .remote_name = case_.remote_name(),
            .fields = fields_to_remember()};
  }

  /// What is not taken back now is remembered, so that a later plan does it.
  Document fields_to_remember() const {
    if (!before_ || draft_.options.may_prune) return fields_of_inside(inside_, now_);
    Inside both = inside_;
    if (const Document* ends = at_path(record_->fields, "schema_ends")) {
      for (const auto& [schema, end] : ends->items()) {
        const SchemaEnd before = {.on_remove = text_at(end, "on_remove"),
                                  .protect = flag_at(end, "protect")};
        if (!names_schema(now_, schema)) both.schema_ends.emplace(schema, before);
      }
    }
    return fields_of_inside(both, sql::merged(now_, sql::dropped(*before_, now_)));
  }

  void remember() {
    if (!inside_.is_declared) return draft_.options.may_prune ? forget() : void();
    Record record = record_to_be();
    const bool is_known = record_ != nullptr && *record_ == record;
    if (is_known || !is_chosen_) return;
    if (record_ == nullptr) ++draft_.plan.adopted;
    draft_.plan.adoptions.push_back(std::move(record));
  }

  void forget() {
    draft_.plan.steps.push_back({.action = Action::kForget,
                                 .address = address_,
                                 .kind = &inside_kind(),
                                 .remote_name = case_.remote_name(),
                                 .why = "nothing inside is declared any longer",
                                 .place = inside_.place});
  }

  Script script_of(const sql::Wishes& wanted, const sql::Difference& difference,
                   const StatementReasons& reasons) {
    Script script = {.place = {.branch = case_.branch().remote_name, .database = case_.database()},
                     .wishes = sql::document_of(wanted),
                     .passwords = std::move(passwords_),
                     .predicted_from = predicted_from_};
    for (const sql::Statement& statement : difference.statements) {
      script.statements.push_back(
          {.statement = statement, .reason = reason_of(statement, reasons)});
    }
    return script;
  }

  /// Of a database that nobody has seen there is nothing to say.
  void note_strangers(const sql::Difference& difference) {
    if (!predicted_from_.empty()) return;
    for (const std::string& stranger : difference.strangers) {
      draft_.plan.unmanaged.push_back(
          {.kind = &inside_kind(), .name = address_.text(), .access = stranger});
    }
  }

  void note_drift(const Script& script) {
    if (!predicted_from_.empty()) return;
    Drift drift = {.address = address_,
                   .kind = &inside_kind(),
                   .problems = std::move(problems_),
                   .place = inside_.place};
    for (const PlannedStatement& each : script.statements) {
      const bool is_drift = each.reason == Reason::kDrift && !each.statement.is_auxiliary;
      if (is_drift) drift.statements.push_back(each);
    }
    if (drift.statements.empty() && drift.problems.empty()) return;
    draft_.plan.drift.push_back(std::move(drift));
  }

  Step& add_step(const Address& address, Script script) {
    std::string clause = why(script);
    draft_.plan.steps.push_back({.action = Action::kExecute,
                                 .address = address,
                                 .kind = &inside_kind(),
                                 .remote_name = case_.remote_name(),
                                 .why = std::move(clause),
                                 .script = std::move(script),
                                 .lock = name_of_inside(case_.branch().remote_name),
                                 .place = inside_.place});
    return draft_.plan.steps.back();
  }

  /// What is only needed because the manifest says something else of roles is no drift.
  Reason reason_of(const sql::Statement& statement, const StatementReasons& reasons) const {
    if (synced_.end_is_among(inside_.address, statement.tags)) return Reason::kManifestChanged;
    const Reason reason = reasons.of(statement);
    const bool follows =
        reason == Reason::kDrift && follows_roles_ && !needed_anyway_.contains(statement.text);
    return follows ? Reason::kManifestChanged : reason;
  }

  /// A table of somebody who is known here is no copy, whatever is to stand in its place.
  void refuse_to_drop_others(std::vector<sql::TableEndWish>& ends,
                             const sql::Catalogue& catalogue) {
    for (sql::TableEndWish& end : ends) {
      const sql::ObjectGroup* table =
          catalogue.group_of(sql::ObjectClass::kTable, end.schema, "", end.name);
      if (table == nullptr || !is_known(table->owner, catalogue)) continue;
      const Address subject = subject_of({end.tag});
      // Consent to everything is not meant for what somebody else has made.
      if (end.drops && draft_.options.allow_destroy.contains(subject.text())) continue;
      end.drops = false;
      const Wish* wish = draft_.wishes.find(subject);
      draft_.refuse("P014", subject, wish == nullptr ? inside_.place : wish->declaration->place,
                    fmt::format("{}.{} is a table of {} and no copy that the service made",
                                end.schema, end.name, catalogue.name_of(table->owner)),
                    "give that table another name or drop it, and plan again; -allow-destroy with "
                    "this address drops what an applied copy has left");
    }
  }

  /// The declared ones: who keeps them up to date keeps what it may do around them.
  std::vector<sql::CopiedTable> copies() const {
    std::vector<sql::CopiedTable> tables;
    const auto& all = draft_.manifest.declarations;
    for (auto each = std::ranges::lower_bound(all, inside_.address, {}, &Declaration::address);
         each != all.end() && each->address.text().starts_with(inside_.address.text()); ++each) {
      if (!each->kind->is_a("synced_table") || !each->address.is_within(inside_.address)) continue;
      tables.push_back({.schema = each->address.parent().key(), .name = each->address.key()});
    }
    return tables;
  }

  /// Declared, or listed by the service, which does not list its own.
  bool is_known(sql::RoleId owner, const sql::Catalogue& catalogue) const {
    if (owner == catalogue.current_user) return true;
    const std::string name = catalogue.name_of(owner);
    const auto& declared = case_.roles().declared;
    return std::ranges::any_of(declared,
                               [&](const Wish* role) { return role->declaration->id == name; }) ||
           draft_.observations.find_postgres(*draft_.catalogue.find("role"),
                                             case_.branch().remote_name, name) != nullptr;
  }

  /// What tables need that are there only once they are copied: a script of their own.
  void follow_synced_tables(const sql::Wishes& wanted, const sql::Catalogue& catalogue,
                            const sql::Difference& before, const StatementReasons& reasons) {
    if (!synced_.come_in(inside_.address)) return;
    sql::Difference after =
        sql::difference(synced_.with_those_of(inside_.address, catalogue, wanted), wanted);
    std::set<std::string> made_before;
    for (const sql::Statement& statement : before.statements) made_before.insert(statement.text);
    std::erase_if(after.statements, [&](const sql::Statement& statement) {
      return made_before.contains(statement.text);
    });
    if (after.statements.empty()) return;
    predicted_from_ = "the tables that are copied by then";
    Script script = script_of(wanted, after, reasons);
    for (PlannedStatement& each : script.statements) each.reason = Reason::kNew;
    add_step(address_after_sync(inside_.address), std::move(script));
  }

  static std::string why(const Script& script) {
    std::string reasons;
    for (const PlannedStatement& planned : script.statements) {
      const std::string_view text = text_of(planned.reason);
      if (reasons.find(text) == std::string::npos) {
        reasons.append(reasons.empty() ? "" : ", ").append(text);
      }
    }
    if (script.predicted_from.empty()) return reasons;
    return fmt::format("{}; predicted from {}", reasons, script.predicted_from);
  }

  Draft& draft_;
  const Inside& inside_;
  const SyncedTables& synced_;
  const InsideCase case_;
  const Address address_;
  const bool is_chosen_;
  const sql::Wishes now_;
  const Record* record_ = nullptr;
  std::optional<sql::Wishes> before_;
  std::string predicted_from_;
  bool follows_roles_ = false;  ///< statements about roles come before
  std::set<std::string> needed_anyway_ = {};
  std::vector<PasswordSource> passwords_;
  std::vector<std::string> problems_ = {};  ///< what holds no longer and cannot be mended
};

}  // namespace

void decide_insides(Draft& draft) {
  if (draft.options.is_destroy) return;
  const RolesOfBranches roles = roles_of_branches(draft);
  const Leavers leavers(draft);
  const SyncedTables synced(draft);
  for (const Inside& inside : draft.manifest.insides) {
    Deciding(draft, inside, roles, synced).decide(leavers);
  }
  for (const auto& [address, record] : draft.records) {
    const bool is_inside = record.kind == inside_kind().name;
    if (!is_inside || draft.wishes.find(address.parent()) != nullptr) continue;
    if (goes_with_another(draft, record.remote_name) || !draft.options.may_prune) continue;
    draft.plan.steps.push_back({.action = Action::kForget,
                                .address = address,
                                .kind = &inside_kind(),
                                .remote_name = record.remote_name,
                                .why = "what contains it is declared no longer"});
  }
}

}  // namespace weir
