#include "manifest/inside/profiles.h"

#include <algorithm>

#include <fmt/format.h>

#include "manifest/inside/written_words.h"
#include "manifest/manifest_rules.h"
#include "sql/profile.h"

namespace weir::inside {
namespace {

using sql::ObjectClass;

/// A profile serves projects of any version; privileges that one has not are found where it is
/// used.
constexpr sql::ServerVersion kNewest = {.number = 180000};

struct PartWord {
  std::string_view word;
  ObjectClass object_class;
};
constexpr std::array kPartWords = {
    PartWord{"schema", ObjectClass::kSchema}, PartWord{"tables", ObjectClass::kTable},
    PartWord{"sequences", ObjectClass::kSequence}, PartWord{"functions", ObjectClass::kRoutine},
    PartWord{"types", ObjectClass::kType}};

AccessProfile made_of(const sql::Profile& profile) {
  AccessProfile made;
  for (const PartWord& part : kPartWords) {
    made.parts.push_back(
        {.object_class = part.object_class, .privileges = profile.part(part.object_class)});
  }
  return made;
}

ProfilePart read_part(const Word& word, ObjectClass object_class, const Node& value,
                      const Subject& subject) {
  ProfilePart part{.object_class = object_class};
  const Node* privileges = &value;
  if (value.is_map()) {
    const WrittenWords words = read_words(word.below(), value, subject);
    part.is_for_existing = words.flag("existing", true);
    part.is_for_future = words.flag("future", true);
    privileges = words.value("privileges");
    if (!part.is_for_existing && !part.is_for_future) {
      subject.complain(rule::kExcludes, words.find("future")->value.place,
                       fmt::format("{}: neither existing nor future ones are meant", word.key()),
                       "keep one of existing: false and future: false");
    }
  }
  if (privileges == nullptr) return part;
  const std::vector<const Node*> names = names_of(*privileges);
  part.is_all =
      std::any_of(names.begin(), names.end(), [](const Node* name) { return says(*name, "all"); });
  part.privileges = read_privileges(names, object_class, kNewest, subject);
  return part;
}

/// Words that say something else where profiles are named.
bool is_taken(std::string_view name) {
  return name == "none" || name == "all" || sql::privilege_named(name).has_value();
}

}  // namespace

sql::PrivilegeSet ProfilePart::privileges_in(sql::ServerVersion version) const {
  return is_all ? sql::privileges_of(object_class, version) : privileges;
}

Profiles::Profiles(const Declaring& declaring) {
  for (const sql::Profile& profile : sql::built_in_profiles()) {
    profiles_.emplace(profile.name, made_of(profile));
  }
  const Node& root = declaring.tree.root;
  for (const Entry& entry : root.entries) {
    if (entry.key != "access_profiles") continue;
    const Subject subject{declaring, entry.key};
    if (!refuse_secrets(entry.value, entry.key, declaring)) continue;
    if (!check_form(*find_word("access_profiles"), entry, subject)) continue;
    for (const Entry& member : entry.value.entries) {
      if (member.value.is_map() && !member.key.empty()) read(member, declaring);
    }
  }
}

void Profiles::read(const Entry& entry, const Declaring& declaring) {
  const Subject subject{declaring, "access_profiles." + entry.key};
  if (sql::find_profile(entry.key) != nullptr || is_taken(entry.key)) {
    subject.complain(
        rule::kProfile, entry.place,
        sql::find_profile(entry.key) != nullptr && !is_taken(entry.key)
            ? fmt::format("weir has a profile {} of its own", entry.key)
            : fmt::format("{} is the name of a privilege, or stands for all or none", entry.key),
        "choose another name");
    return;
  }
  const WrittenWords words = read_words("access_profiles", entry.value, subject);
  AccessProfile profile;
  for (const PartWord& part : kPartWords) {
    const Entry* written = words.find(part.word);
    if (written == nullptr) continue;
    const Word* word = find_word(fmt::format("access_profiles.{}", part.word));
    profile.parts.push_back(read_part(*word, part.object_class, written->value, subject));
  }
  profiles_.emplace(entry.key, std::move(profile));
}

const AccessProfile* Profiles::find(std::string_view name) const {
  const auto found = profiles_.find(name);
  return found == profiles_.end() ? nullptr : &found->second;
}

std::vector<std::string_view> Profiles::names() const {
  std::vector<std::string_view> names;
  names.reserve(profiles_.size());
  for (const auto& [name, profile] : profiles_) names.push_back(name);
  return names;
}

sql::PrivilegeSet read_privileges(const std::vector<const Node*>& words, ObjectClass object_class,
                                  sql::ServerVersion version, const Subject& subject) {
  sql::PrivilegeSet privileges;
  for (const Node* word : words) {
    const std::string text = word->text;
    if (says(*word, "none") && words.size() > 1) {
      subject.complain(rule::kPrivilege, word->place,
                       "none stands alone: nothing is left beside it",
                       "remove none, or the others");
      continue;
    }
    const sql::ReadPrivileges read = sql::read_privileges({&text, 1}, object_class, version);
    if (read.problem.empty()) {
      privileges |= read.privileges;
    } else {
      subject.complain(rule::kPrivilege, word->place, read.problem);
    }
  }
  return privileges;
}

}  // namespace weir::inside
