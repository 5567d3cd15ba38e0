#include "sql/privilege.h"

#include <algorithm>
#include <array>
#include <cctype>

#include <fmt/format.h>

#include "core/nearest.h"

namespace weir::sql {
namespace {

using enum Privilege;

constexpr std::array<std::string_view, kPrivilegeCount> kKeywords = {
    "SELECT",   "INSERT", "UPDATE",  "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER",
    "MAINTAIN", "USAGE",  "EXECUTE", "CREATE", "CONNECT",  "TEMPORARY"};

struct ClassWords {
  std::string_view noun;
  std::string_view plural;
};
constexpr std::array<ClassWords, 8> kClassWords = {{{"database", "databases"},
                                                    {"schema", "schemas"},
                                                    {"table", "tables"},
                                                    {"column", "columns"},
                                                    {"sequence", "sequences"},
                                                    {"function", "functions"},
                                                    {"type", "types"},
                                                    {"large object", "large objects"}}};

/// PostgreSQL got MAINTAIN in version 17.
constexpr int kMaintainMajor = 17;

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& c : result) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return result;
}

std::string suggestion(std::string_view word, PrivilegeSet known) {
  const std::vector<std::string> words = words_of(known);
  const std::vector<std::string_view> views(words.begin(), words.end());
  const std::string near = did_you_mean(word, views);
  return near.empty() ? "there are " + fmt::format("{}", fmt::join(words, ", ")) : near;
}

}  // namespace

std::vector<Privilege> PrivilegeSet::list() const {
  std::vector<Privilege> result;
  for (int number = 0; number < kPrivilegeCount; ++number) {
    if (has(static_cast<Privilege>(number))) result.push_back(static_cast<Privilege>(number));
  }
  return result;
}

PrivilegeSet privileges_of(ObjectClass object_class, ServerVersion version) {
  switch (object_class) {
    case ObjectClass::kDatabase:
      return {kCreate, kConnect, kTemporary};
    case ObjectClass::kSchema:
      return {kUsage, kCreate};
    case ObjectClass::kTable: {
      PrivilegeSet all = {kSelect, kInsert, kUpdate, kDelete, kTruncate, kReferences, kTrigger};
      if (version.major() >= kMaintainMajor) all.add(kMaintain);
      return all;
    }
    case ObjectClass::kColumn:
      return {kSelect, kInsert, kUpdate, kReferences};
    case ObjectClass::kSequence:
      return {kSelect, kUpdate, kUsage};
    case ObjectClass::kRoutine:
      return {kExecute};
    case ObjectClass::kType:
      return {kUsage};
    case ObjectClass::kLargeObject:
      return {kSelect, kUpdate};
  }
  return {};
}

PrivilegeSet public_privileges_of(ObjectClass object_class) {
  switch (object_class) {
    case ObjectClass::kDatabase:
      return {kConnect, kTemporary};
    case ObjectClass::kRoutine:
      return {kExecute};
    case ObjectClass::kType:
      return {kUsage};
    default:
      return {};
  }
}

std::string_view keyword(Privilege privilege) {
  return kKeywords[static_cast<std::size_t>(privilege)];
}

std::optional<Privilege> privilege_named(std::string_view word) {
  const std::string wanted = lower(word);
  if (wanted == "temp") return kTemporary;
  for (int number = 0; number < kPrivilegeCount; ++number) {
    const auto privilege = static_cast<Privilege>(number);
    if (lower(keyword(privilege)) == wanted) return privilege;
  }
  return std::nullopt;
}

std::string text_of(PrivilegeSet privileges) {
  std::vector<std::string_view> keywords;
  for (const Privilege privilege : privileges.list()) keywords.push_back(keyword(privilege));
  return fmt::format("{}", fmt::join(keywords, ", "));
}

std::string_view noun(ObjectClass object_class) {
  return kClassWords[static_cast<std::size_t>(object_class)].noun;
}

std::string_view plural(ObjectClass object_class) {
  return kClassWords[static_cast<std::size_t>(object_class)].plural;
}

ReadPrivileges read_privileges(std::span<const std::string> words, ObjectClass object_class,
                               ServerVersion version) {
  const PrivilegeSet known = privileges_of(object_class, version);
  ReadPrivileges result;
  for (const std::string& word : words) {
    const std::string plain = lower(word);
    if (plain == "none") {
      if (words.size() > 1) result.problem = "none stands alone: nothing is left beside it";
      continue;
    }
    if (plain == "all") {
      result.privileges |= known;
      continue;
    }
    const auto privilege = privilege_named(word);
    if (privilege && known.has(*privilege)) {
      result.privileges.add(*privilege);
    } else if (privilege == kMaintain && object_class == ObjectClass::kTable) {
      result.problem =
          fmt::format("maintain came with PostgreSQL 17, and this is {}", version.major());
    } else {
      result.problem = fmt::format("there is no privilege {} on {}: {}", word, plural(object_class),
                                   suggestion(word, known));
    }
  }
  return result;
}

std::vector<std::string> words_of(PrivilegeSet privileges) {
  std::vector<std::string> words;
  for (const Privilege privilege : privileges.list()) words.push_back(lower(keyword(privilege)));
  return words;
}

}  // namespace weir::sql
