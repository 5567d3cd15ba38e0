#include "manifest/inside/grants.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "manifest/inside/object_name.h"
#include "manifest/leftover.h"
#include "manifest/manifest_rules.h"

namespace weir::inside {
namespace {

using sql::ObjectClass;

/// How a word below `on` names what a grant is about.
enum class Naming { kObject, kRoutine, kSchema, kDatabase, kNumber, kAllInSchema };

struct TargetWord {
  std::string_view word;
  ObjectClass object_class;
  Naming naming;
};
constexpr std::array kTargetWords = {
    TargetWord{"table", ObjectClass::kTable, Naming::kObject},
    TargetWord{"sequence", ObjectClass::kSequence, Naming::kObject},
    TargetWord{"function", ObjectClass::kRoutine, Naming::kRoutine},
    TargetWord{"type", ObjectClass::kType, Naming::kObject},
    TargetWord{"schema", ObjectClass::kSchema, Naming::kSchema},
    TargetWord{"database", ObjectClass::kDatabase, Naming::kDatabase},
    TargetWord{"large_object", ObjectClass::kLargeObject, Naming::kNumber},
    TargetWord{"tables_in", ObjectClass::kTable, Naming::kAllInSchema},
    TargetWord{"sequences_in", ObjectClass::kSequence, Naming::kAllInSchema},
    TargetWord{"functions_in", ObjectClass::kRoutine, Naming::kAllInSchema},
    TargetWord{"types_in", ObjectClass::kType, Naming::kAllInSchema}};

struct DefaultClass {
  std::string_view word;
  ObjectClass object_class;
};
constexpr std::array kDefaultClasses = {
    DefaultClass{"tables", ObjectClass::kTable}, DefaultClass{"sequences", ObjectClass::kSequence},
    DefaultClass{"functions", ObjectClass::kRoutine}, DefaultClass{"types", ObjectClass::kType},
    DefaultClass{"schemas", ObjectClass::kSchema}};

bool is_number(const std::string& text) {
  constexpr std::size_t kMostDigits = 10;  // of an unsigned number of 32 bits
  return !text.empty() && text.size() <= kMostDigits &&
         text.find_first_not_of("0123456789") == std::string::npos;
}

/// One item of `grants`.
class GrantReader {
 public:
  GrantReader(const Part& database, Reading& reading) : database_(database), reading_(reading) {}

  void read(const Node& item, std::size_t number) {
    const WrittenWords words = read_words("database.grants", item, database_.subject);
    const Entry* to = words.find("to");
    std::optional<sql::Grantee> grantee;
    if (to != nullptr) {
      grantee = reading_.grantee(to->value.text, to->value.place, "grants.to", database_.subject);
    }
    const std::vector<sql::Target> targets =
        words.find("on") == nullptr ? std::vector<sql::Target>() : targets_of(*words.value("on"));
    if (targets.empty() || words.find("privileges") == nullptr) return;
    const sql::PrivilegeSet privileges =
        read_privileges(names_of(*words.value("privileges")), targets.front().object_class,
                        reading_.version(), database_.subject);
    if (!grantee) return;
    const sql::Tag tag =
        reading_.tag(database_.address.child("grants", std::to_string(number)), item.place);
    for (const sql::Target& target : targets) {
      reading_.wish(reading_.inside.wishes.access,
                    sql::AccessWish{.tag = tag,
                                    .grantee = *grantee,
                                    .target = target,
                                    .privileges = privileges,
                                    .is_grantable = words.flag("grant_option"),
                                    .covers_future = false});
    }
  }

 private:
  /// Several when columns are meant, none after a mistake.
  std::vector<sql::Target> targets_of(const Node& on) const {
    const WrittenWords words = read_words("database.grants.on", on, database_.subject);
    for (const TargetWord& target : kTargetWords) {
      const Node* value = words.value(target.word);
      if (value == nullptr) continue;
      const auto read = target_of(target, *value);
      if (!read) return {};
      const Node* columns = words.value("columns");
      return columns == nullptr ? std::vector{*read} : columns_of(*read, *columns);
    }
    return {};
  }

  static std::vector<sql::Target> columns_of(const sql::Target& table, const Node& columns) {
    std::vector<sql::Target> targets;
    for (const Node* column : names_of(columns)) {
      targets.push_back(sql::one_column(table.schema, table.name, column->text));
    }
    std::sort(targets.begin(), targets.end());
    targets.erase(std::unique(targets.begin(), targets.end()), targets.end());
    return targets;
  }

  std::optional<sql::Target> target_of(const TargetWord& target, const Node& value) const {
    switch (target.naming) {
      case Naming::kObject:
        return named(target, read_object_name(value.text), value);
      case Naming::kRoutine:
        return named(target, read_routine_name(value.text), value);
      case Naming::kSchema:
        return sql::the_schema(value.text);
      case Naming::kAllInSchema:
        return sql::all_in_schema(target.object_class, value.text);
      case Naming::kDatabase:
        if (value.text == reading_.database) return sql::the_database(value.text);
        complain(target, value, fmt::format("this is the database {}", reading_.database),
                 "write it under the database that it is about");
        return std::nullopt;
      case Naming::kNumber:
        if (is_number(value.text)) return sql::one_object(target.object_class, "", value.text);
        complain(target, value, fmt::format("expected a number; not {}", describe(value)),
                 "large objects have no names");
        return std::nullopt;
    }
    return std::nullopt;
  }

  std::optional<sql::Target> named(const TargetWord& target, const ObjectName& name,
                                   const Node& value) const {
    if (name.problem.empty()) return sql::one_object(target.object_class, name.schema, name.name);
    complain(target, value, name.problem, "");
    return std::nullopt;
  }

  void complain(const TargetWord& target, const Node& value, const std::string& message,
                std::string hint) const {
    database_.subject.complain(rule::kObjectName, value.place,
                               fmt::format("grants.on.{}: {}", target.word, message),
                               std::move(hint));
  }

  const Part& database_;
  Reading& reading_;
};

void read_default(const Node& item, std::size_t number, const Part& database, Reading& reading) {
  const Subject& subject = database.subject;
  const WrittenWords words = read_words("database.default_privileges", item, subject);
  std::optional<std::string> creator;
  std::optional<sql::Grantee> grantee;
  if (const Node* value = words.value("for")) {
    creator = reading.role(value->text, value->place, "default_privileges.for", subject);
  }
  if (const Node* value = words.value("to")) {
    grantee = reading.grantee(value->text, value->place, "default_privileges.to", subject);
  }
  const Node* privileges = words.value("privileges");
  const auto found =
      std::find_if(kDefaultClasses.begin(), kDefaultClasses.end(),
                   [&](const DefaultClass& each) { return each.word == words.text("on"); });
  if (found == kDefaultClasses.end() || privileges == nullptr) return;
  sql::DefaultWish wish{.object_class = found->object_class,
                        .is_grantable = words.flag("grant_option")};
  wish.privileges =
      read_privileges(names_of(*privileges), wish.object_class, reading.version(), subject);
  if (const Node* schema = words.value("in")) {
    wish.schema = schema->text;
    if (wish.object_class == ObjectClass::kSchema) {
      return subject.complain(rule::kExcludes, schema->place,
                              "default_privileges: schemas are not in a schema",
                              "remove in, or say which objects in it are meant");
    }
  }
  if (!creator || !grantee) return;
  wish.tag =
      reading.tag(database.address.child("default_privileges", std::to_string(number)), item.place);
  wish.creator = *creator;
  wish.grantee = *grantee;
  reading.wish(reading.inside.wishes.defaults, std::move(wish));
}

}  // namespace

void read_grants(const Node& grants, const Part& database, Reading& reading) {
  GrantReader reader(database, reading);
  for (std::size_t i = 0; i < grants.items.size(); ++i) {
    if (grants.items[i].is_map()) reader.read(grants.items[i], i + 1);
  }
}

void read_default_privileges(const Node& defaults, const Part& database, Reading& reading) {
  for (std::size_t i = 0; i < defaults.items.size(); ++i) {
    if (defaults.items[i].is_map()) read_default(defaults.items[i], i + 1, database, reading);
  }
}

}  // namespace weir::inside
