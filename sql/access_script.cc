#include "sql/access_script.h"

#include <algorithm>

#include <fmt/format.h>

#include "sql/quote.h"

namespace weir::sql {
namespace {

/// PostgreSQL takes longer lists, but nobody reads them and each is parsed as a whole.
constexpr std::size_t kMostObjects = 1000;

bool takes_away(AclVerb verb) {
  return verb == AclVerb::kRevoke || verb == AclVerb::kRevokeOption;
}

/// Whether there is a form for all objects of the class in a schema.
bool has_whole_form(ObjectClass object_class) {
  return object_class == ObjectClass::kTable || object_class == ObjectClass::kSequence ||
         object_class == ObjectClass::kRoutine;
}

}  // namespace

std::vector<std::string> full_names(const ObjectGroup& group,
                                    const std::vector<std::string>& names) {
  std::string prefix;
  for (const std::string& part : {group.schema, group.table}) {
    if (!part.empty()) prefix += part + ".";
  }
  std::vector<std::string> result;
  result.reserve(names.size());
  for (const std::string& name : names) result.push_back(prefix + name);
  return result;
}

AccessScript::AccessScript(Draft& draft) : draft_(draft) {
  for (const ObjectGroup& group : draft.world.groups) {
    counts_[{group.object_class, group.schema, group.table}] += group.names.size();
  }
}

void AccessScript::record(Round round, const ObjectGroup& group, const std::vector<AclStep>& steps,
                          const WantedPart& part, RoleId as_role, bool is_passing) {
  std::map<AclStep, std::vector<RoleId>> grantees;
  for (const AclStep& step : steps) {
    AclStep kind = step;
    kind.grantee = kPublic;
    grantees[kind].push_back(step.grantee);
  }
  for (auto& [kind, roles] : grantees) {
    std::vector<Tag> tags;
    for (const RoleId role : roles) tags = merged_tags(std::move(tags), part.tags_for(role));
    Subjects& subjects = strokes_[{.round = round,
                                   .object_class = group.object_class,
                                   .schema = group.schema,
                                   .table = group.table,
                                   .as_role = as_role,
                                   .step_round = kind.round,
                                   .verb = kind.verb,
                                   .cascades = kind.cascades,
                                   .privileges = kind.privileges,
                                   .grantees = std::move(roles),
                                   .is_passing = is_passing}];
    subjects.names.insert(subjects.names.end(), part.names.begin(), part.names.end());
    subjects.tags = merged_tags(std::move(subjects.tags), tags);
  }
}

void AccessScript::write() {
  for (auto& [stroke, subjects] : strokes_) write(stroke, subjects);
  become(0);
}

std::vector<std::string> AccessScript::sentences() {
  std::vector<std::string> all;
  for (auto& [stroke, subjects] : strokes_) {
    std::ranges::sort(subjects.names);
    all.push_back(sentence(stroke, subjects.names));
  }
  return all;
}

void AccessScript::become(RoleId role) {
  if (role == now_) return;
  now_ = role;
  const std::string name = draft_.world.name_of(role == 0 ? draft_.world.current_user : role);
  draft_.add(Phase::kAccess,
             {.text = set_role(name),
              .why = role == 0 ? "what follows is its own again"
                               : fmt::format("what follows must come from the owner, {}, and not "
                                             "from another role with grant options",
                                             shown_name(name)),
              .is_auxiliary = true});
}

std::size_t AccessScript::count_of(const Stroke& stroke) const {
  return counts_.at({stroke.object_class, stroke.schema, stroke.table});
}

void AccessScript::write(const Stroke& stroke, Subjects& subjects) {
  become(stroke.as_role);
  std::vector<std::string>& names = subjects.names;
  std::sort(names.begin(), names.end());
  // An extension that is made before brings objects along, which are its own affair.
  const bool is_whole = has_whole_form(stroke.object_class) && !draft_.makes_extensions &&
                        names.size() > 1 && names.size() == count_of(stroke);
  if (is_whole) {
    write_statement(stroke, names, subjects.tags, true);
    return;
  }
  for (std::size_t at = 0; at < names.size(); at += kMostObjects) {
    const auto begin = names.begin() + static_cast<std::ptrdiff_t>(at);
    const auto size = static_cast<std::ptrdiff_t>(std::min(kMostObjects, names.size() - at));
    write_statement(stroke, {begin, begin + size}, subjects.tags, false);
  }
}

void AccessScript::write_statement(const Stroke& stroke, const std::vector<std::string>& names,
                                   const std::vector<Tag>& tags, bool is_whole_schema) {
  AclStatement statement = {.verb = stroke.verb,
                            .cascades = stroke.cascades,
                            .privileges = stroke.privileges,
                            .object_class = stroke.object_class,
                            .is_whole_schema = is_whole_schema};
  for (const RoleId role : stroke.grantees) {
    statement.grantees.push_back(draft_.name_of_grantee(role));
  }
  if (stroke.object_class == ObjectClass::kColumn) {
    statement.columns = names;
    statement.objects.push_back({.schema = stroke.schema, .name = stroke.table});
  } else {
    for (const std::string& name : names) statement.objects.push_back(object(stroke, name));
  }
  draft_.add(Phase::kAccess, {.text = text_of(statement),
                              .tags = tags,
                              .why = sentence(stroke, names),
                              .takes_away = takes_away(stroke.verb) && !stroke.is_passing,
                              .is_auxiliary = stroke.is_passing});
}

ObjectName AccessScript::object(const Stroke& stroke, const std::string& name) const {
  return draft_.object_name(stroke.object_class, stroke.schema, name);
}

std::string AccessScript::sentence(const Stroke& stroke,
                                   const std::vector<std::string>& names) const {
  std::vector<std::string> grantees;
  grantees.reserve(stroke.grantees.size());
  for (const RoleId role : stroke.grantees) grantees.push_back(draft_.world.name_of(role));
  std::ranges::sort(grantees);
  const std::string who = shown_list(grantees);
  const std::string what = text_of(stroke.privileges);
  const std::string objects = objects_in_words(stroke, names);
  const bool is_one = names.size() == 1;
  const std::string_view others =
      stroke.cascades ? "; whom it gave them to either keeps them from the owner or loses them"
                      : "";
  if (stroke.is_passing) {
    return fmt::format("{} of {} on {} outlasts what changes for the table", what, who, objects);
  }
  if (stroke.step_round != kFirstRound && stroke.step_round != kLastRound) {
    return fmt::format("what {} gave on of {} is taken back with an option lent to it: {}", who,
                       what, objects);
  }
  switch (stroke.verb) {
    case AclVerb::kGrant:
      return fmt::format("{} {} {} for {}", objects, is_one ? "lacks" : "lack", what, who);
    case AclVerb::kGrantWithOption:
      return fmt::format("{} {} {} with grant option for {}", objects, is_one ? "lacks" : "lack",
                         what, who);
    case AclVerb::kRevoke:
      return fmt::format("{} {} {} to {}, which nothing declares{}", objects,
                         is_one ? "gives" : "give", what, who, others);
    case AclVerb::kRevokeOption:
      return fmt::format("{} may give on {} of {}, which nothing declares{}", who, what, objects,
                         others);
  }
  return "";
}

/// "2 of 312 tables (app.a, app.b)"
std::string AccessScript::objects_in_words(const Stroke& stroke,
                                           const std::vector<std::string>& names) const {
  const std::string list =
      shown_list(full_names({.schema = stroke.schema, .table = stroke.table}, names));
  if (names.size() == 1) return fmt::format("{} {}", noun(stroke.object_class), list);
  const std::string_view objects = plural(stroke.object_class);
  // Of columns the snapshot shows only those that carry privileges.
  const bool has_total = stroke.object_class != ObjectClass::kColumn;
  if (!has_total) return fmt::format("{} {} ({})", names.size(), objects, list);
  return fmt::format("{} of {} {} ({})", names.size(), count_of(stroke), objects, list);
}

}  // namespace weir::sql
