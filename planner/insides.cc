// What becomes of the inside of each database: the statements that lead to what is wanted there.
#include <algorithm>

#include <fmt/format.h>

#include "planner/draft.h"
#include "planner/predict.h"
#include "planner/selection.h"
#include "planner/statement_reasons.h"
#include "sql/released.h"
#include "sql/wishes_document.h"

namespace weir {
namespace {

/// The roles that the manifest declares in a branch, by the index of its wish.
using RolesOfBranches = std::unordered_map<std::size_t, std::vector<const Wish*>>;

RolesOfBranches roles_of_branches(const Wishes& wishes) {
  RolesOfBranches roles;
  for (const Wish& wish : wishes.all()) {
    const bool is_role = wish.declaration->kind->name == "role" && wish.parent != kNowhere;
    if (is_role) roles[wish.parent].push_back(&wish);
  }
  return roles;
}

bool names_schema(const sql::Wishes& wishes, const std::string& name) {
  return std::ranges::find(wishes.schemas, name, &sql::SchemaWish::name) != wishes.schemas.end();
}

/// Nobody touches it, or nobody knows what it will hold when it is back.
bool is_out_of_reach(Fate fate) {
  return fate == Fate::kLeft || fate == Fate::kUndeleted;
}

/// A role is wished for once, also where SQL makes it as well.
void wish_for_password(sql::Wishes& wanted, const sql::Tag& tag, const std::string& role) {
  const auto known = std::ranges::find(wanted.roles, role, &sql::RoleWish::name);
  if (known != wanted.roles.end()) {
    known->sets_password = true;
  } else {
    wanted.roles.push_back({.tag = tag, .name = role, .sets_password = true});
  }
}

bool has_errors(const sql::Difference& difference) {
  return std::ranges::any_of(difference.findings, &sql::Finding::is_error);
}

/// One inside on its way to a step.
class Deciding {
 public:
  Deciding(Draft& draft, const Inside& inside, const RolesOfBranches& roles)
      : draft_(draft),
        inside_(inside),
        roles_(roles),
        address_(address_of_inside(inside)),
        is_chosen_(is_selected(draft.options, address_)),
        now_(named_wishes(inside, draft.manifest)) {
    const auto record = draft.records.find(address_);
    if (record != draft.records.end()) {
      record_ = &record->second;
      const Document* wishes = at_path(record_->fields, "wishes");
      if (wishes != nullptr) before_ = sql::read_wishes(*wishes);
    }
    const auto view = draft.insides.find(inside.address);
    if (view != draft.insides.end()) view_ = &view->second;
  }

  void decide() {
    const Wish* container = draft_.wishes.find(inside_.address);
    if (container == nullptr || is_out_of_reach(fate_of(*container))) return;
    container_ = container;
    if (!inside_.is_declared && !draft_.options.may_prune) return;
    if (is_made_anew(*container_) || is_made_anew(branch())) view_ = nullptr;
    // What is remembered of one that is gone says nothing about the next one.
    if (fate_of(*container_) == Fate::kMade) before_.reset();
    if (view_ != nullptr && !view_->withheld.empty()) return leave_unseen(view_->withheld);
    if (view_ == nullptr && !is_new()) return leave_unseen("nobody looked");
    const sql::Catalogue catalogue = expected_catalogue();
    sql::Wishes wanted = now_;
    if (before_ && draft_.options.may_prune) {
      wanted = sql::merged(std::move(wanted), sql::released(*before_, now_, catalogue));
      end_schemas(wanted, catalogue);
    }
    ask_for_passwords(wanted, catalogue);
    const sql::Difference difference = sql::difference(catalogue, wanted);
    // What nobody chose is planned only for steps that come after it.
    if (!is_chosen_ && has_errors(difference)) return;
    report(difference.findings);
    if (difference.statements.empty()) return remember();
    add_step(wanted, difference);
  }

 private:
  Fate fate_of(const Wish& wish) const {
    const std::size_t index = draft_.wishes.index_of(wish);
    return index < draft_.fates.size() ? draft_.fates[index] : Fate::kStays;
  }

  bool is_of_branch() const { return container_->declaration->kind->name == "branch"; }

  const Wish& branch() const {
    return is_of_branch() ? *container_ : draft_.wishes[container_->parent];
  }

  /// In which the statements are executed. Roles can be changed in any database of the branch.
  std::string database() const {
    const bool is_any =
        is_of_branch() && view_ != nullptr && view_->place.branch == branch().remote_name;
    return is_any ? view_->place.database : database_of(inside_, draft_.manifest);
  }

  void leave_unseen(const std::string& why) {
    notice(Notice::Type::kNotSeen, inside_.address, inside_.place,
           fmt::format("was not looked into: {}", why));
  }

  /// It, or what contains it, comes into being in this plan.
  bool is_new() const {
    return fate_of(branch()) != Fate::kStays || fate_of(*container_) != Fate::kStays;
  }

  /// It is there, and will be gone when the statements have their turn.
  bool is_made_anew(const Wish& wish) const {
    return fate_of(wish) == Fate::kMade && wish.live != nullptr;
  }

  /// The roles of a branch are what makes those that only SQL can make.
  bool is_ours(const Declaration& role) const { return is_of_branch() && role.is_made_in_sql; }

  /// Roles of the branch that this plan makes.
  std::vector<std::string> roles_to_come() const {
    std::vector<std::string> names;
    const auto roles = roles_.find(draft_.wishes.index_of(branch()));
    if (roles == roles_.end()) return names;
    for (const Wish* role : roles->second) {
      const Declaration& declaration = *role->declaration;
      if (!is_ours(declaration) && fate_of(*role) != Fate::kStays) names.push_back(declaration.id);
    }
    return names;
  }

  /// Those, and all that the inside names and that somebody declares: nobody could look for them.
  std::vector<std::string> roles_to_believe_in() const {
    std::vector<std::string> names = roles_to_come();
    for (const auto& [alias, address] : inside_.roles) {
      const Declaration* role = draft_.manifest.find(address);
      if (role != nullptr && !is_ours(*role)) {
        names.push_back(role_name(inside_, draft_.manifest, alias));
      }
    }
    return names;
  }

  sql::Catalogue expected_catalogue() {
    if (view_ == nullptr || !view_->catalogue) {
      predicted_from_ = "an empty database";
      sql::Catalogue catalogue = new_database(database());
      expect_roles(catalogue, roles_to_believe_in());
      return catalogue;
    }
    sql::Catalogue catalogue = *view_->catalogue;
    if (is_new()) predicted_from_ = "what the branch is a copy of";
    if (catalogue.database != database() && !is_of_branch()) {
      empty(catalogue, database());
      predicted_from_ = "an empty database";
    }
    std::vector<std::string> expected = roles_to_come();
    std::erase_if(expected,
                  [&](const std::string& name) { return catalogue.role_named(name) != nullptr; });
    if (!expected.empty() && predicted_from_.empty()) {
      predicted_from_ = "roles that are made first";
    }
    if (!expected.empty()) expect_roles(catalogue, expected);
    return catalogue;
  }

  void ask_for_passwords(sql::Wishes& wanted, const sql::Catalogue& catalogue) {
    for (const PasswordWish& wish : inside_.passwords) {
      const std::string role = role_name(inside_, draft_.manifest, wish.role);
      const bool is_made = catalogue.role_named(role) == nullptr || !predicted_from_.empty();
      if (!is_made && (view_ == nullptr || !view_->locked_out.contains(role))) continue;
      wish_for_password(wanted, wish.tag, role);
      const auto secret = draft_.manifest.secrets.find(wish.variable);
      if (secret == draft_.manifest.secrets.end()) continue;
      passwords_.push_back({.role = role, .secret = secret->second});
    }
  }

  // ---- schemas that are declared no longer ------------------------------------------------------

  void end_schemas(sql::Wishes& wanted, const sql::Catalogue& catalogue) {
    for (const sql::SchemaWish& wish : before_->schemas) {
      const bool is_there =
          catalogue.group_of(sql::ObjectClass::kSchema, "", "", wish.name) != nullptr;
      if (!names_schema(now_, wish.name) && is_there && may_end(wish.name))
        wanted.ends.push_back({wish.tag, wish.name});
    }
  }

  bool may_end(const std::string& schema) {
    if (!is_chosen_) return false;
    const Address address = inside_.address.child("schemas", schema);
    const Document* end = at_path(record_->fields, "schema_ends");
    const Document nothing = Document::object();
    const Document& choice = end != nullptr && end->contains(schema) ? end->at(schema) : nothing;
    const std::string on_remove = text_at(choice, "on_remove");
    if (on_remove == "keep") {
      notice(Notice::Type::kKeptOnRemoval, address, inside_.place,
             "stays in the database: on_remove is keep");
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

  void report(const std::vector<sql::Finding>& findings) {
    for (const sql::Finding& finding : findings) {
      const Address subject = subject_of(finding.tags);
      if (finding.is_error()) {
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
            .remote_name = remote_name(),
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

  std::string remote_name() const {
    return container_->remote_name + "/" + std::string(inside_kind().collection);
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
                                 .remote_name = remote_name(),
                                 .why = "nothing inside is declared any longer",
                                 .place = inside_.place});
  }

  void add_step(const sql::Wishes& wanted, const sql::Difference& difference) {
    const StatementReasons reasons(before_, now_, inside_.passwords);
    Script script = {.place = {.branch = branch().remote_name, .database = database()},
                     .wishes = sql::document_of(wanted),
                     .passwords = std::move(passwords_),
                     .predicted_from = predicted_from_};
    Drift drift = {.address = address_, .kind = &inside_kind(), .place = inside_.place};
    for (const sql::Statement& statement : difference.statements) {
      script.statements.push_back({.statement = statement, .reason = reasons.of(statement)});
      if (script.statements.back().reason == Reason::kDrift && !statement.is_auxiliary) {
        drift.statements.push_back(script.statements.back());
      }
    }
    if (!drift.statements.empty() && predicted_from_.empty()) {
      draft_.plan.drift.push_back(std::move(drift));
    }
    std::string clause = why(script);
    draft_.plan.steps.push_back({.action = Action::kExecute,
                                 .address = address_,
                                 .kind = &inside_kind(),
                                 .remote_name = remote_name(),
                                 .why = std::move(clause),
                                 .script = std::move(script),
                                 .lock = branch().remote_name + "/sql",
                                 .place = inside_.place});
    if (inside_.is_declared) draft_.plan.steps.back().record = record_to_be();
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
  const RolesOfBranches& roles_;
  const Address address_;
  const bool is_chosen_;
  const sql::Wishes now_;
  const Record* record_ = nullptr;
  std::optional<sql::Wishes> before_;
  const InsideView* view_ = nullptr;
  const Wish* container_ = nullptr;
  std::string predicted_from_;
  std::vector<PasswordSource> passwords_;
};

}  // namespace

void decide_insides(Draft& draft) {
  if (draft.options.is_destroy) return;
  const RolesOfBranches roles = roles_of_branches(draft.wishes);
  for (const Inside& inside : draft.manifest.insides) Deciding(draft, inside, roles).decide();
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
