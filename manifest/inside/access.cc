#include "manifest/inside/access.h"

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "core/nearest.h"
#include "manifest/manifest_rules.h"

namespace weir::inside {
namespace {

using sql::ObjectClass;

/// What the words for one grantee come to, for one class.
struct Share {
  std::optional<sql::PrivilegeSet> existing = {};
  std::optional<sql::PrivilegeSet> future = {};

  /// Where later objects are to give less, that they do is no surprise.
  bool covers_future() const { return future && existing && future->contains(*existing); }

  static void add(std::optional<sql::PrivilegeSet>& to, sql::PrivilegeSet privileges) {
    to = to.value_or(sql::PrivilegeSet()) | privileges;
  }
};

/// Joins the words that a schema's access has for one grantee.
class SchemaShares {
 public:
  SchemaShares(const Reading& reading, const Subject& subject)
      : reading_(reading), subject_(subject) {}

  void take(const std::vector<const Node*>& words) {
    for (const Node* word : words) {
      if (says(*word, "none")) {
        take_none(*word, words.size());
      } else if (says(*word, "all") || is_privilege(word->text)) {
        take_privilege(*word);
      } else if (const AccessProfile* profile = reading_.profiles().find(word->text)) {
        take_profile(*profile, *word);
      } else {
        report_unknown(*word);
      }
    }
  }

  const std::map<ObjectClass, Share>& shares() const { return shares_; }

 private:
  static bool is_privilege(std::string_view word) {
    const auto privilege = sql::privilege_named(word);
    return privilege && privileges_of_schemas().has(*privilege);
  }

  /// They are the same in every version.
  static sql::PrivilegeSet privileges_of_schemas() {
    return sql::privileges_of(ObjectClass::kSchema, {});
  }

  void take_none(const Node& word, std::size_t count) {
    if (count > 1) {
      subject_.complain(rule::kPrivilege, word.place,
                        "none stands alone: nothing is left beside it",
                        "remove none, or the others");
      return;
    }
    Share::add(shares_[ObjectClass::kSchema].existing, {});
    for (const ObjectClass object_class : kClassesInSchema) {
      Share::add(shares_[object_class].existing, {});
      Share::add(shares_[object_class].future, {});
    }
  }

  void take_privilege(const Node& word) {
    Share::add(shares_[ObjectClass::kSchema].existing,
               read_privileges({&word}, ObjectClass::kSchema, reading_.version(), subject_));
  }

  void take_profile(const AccessProfile& profile, const Node& word) {
    for (const ProfilePart& part : profile.parts) {
      const sql::PrivilegeSet known = sql::privileges_of(part.object_class, reading_.version());
      const sql::PrivilegeSet privileges = part.privileges_in(reading_.version());
      if (!known.contains(privileges)) {
        subject_.complain(rule::kPrivilege, word.place,
                          fmt::format("{} has {}, which is not in PostgreSQL {}", word.text,
                                      sql::text_of(privileges - known), reading_.version().major()),
                          "write all, which means what there is");
      }
      Share& share = shares_[part.object_class];
      if (part.is_for_existing) Share::add(share.existing, privileges);
      const bool has_future = part.object_class != ObjectClass::kSchema;
      if (part.is_for_future && has_future) Share::add(share.future, privileges);
    }
  }

  void report_unknown(const Node& word) const {
    if (sql::privilege_named(word.text)) {
      subject_.complain(rule::kPrivilege, word.place,
                        fmt::format("{} is no privilege of schemas", word.text),
                        "name a profile, such as readonly, or write it under grants");
      return;
    }
    std::vector<std::string_view> known = {"usage", "create", "all", "none"};
    for (const std::string_view name : reading_.profiles().names()) known.push_back(name);
    // Among more, looking for similar ones again and again would take too long.
    constexpr std::size_t kMostProfiles = 100;
    std::string hint = known.size() <= kMostProfiles ? did_you_mean(word.text, known) : "";
    if (hint.empty()) hint = "declare it under access_profiles, or name one that there is";
    subject_.complain(rule::kProfile, word.place,
                      fmt::format("there is no access profile or privilege \"{}\"", word.text),
                      std::move(hint));
  }

  const Reading& reading_;
  const Subject& subject_;
  std::map<ObjectClass, Share> shares_;
};

sql::Target target_in(ObjectClass object_class, const std::string& schema) {
  return object_class == ObjectClass::kSchema ? sql::the_schema(schema)
                                              : sql::all_in_schema(object_class, schema);
}

/// Calls `read` with each entry whose grantee there is.
template <typename Read>
void each_grantee(const Node& access, const Part& part, Reading& reading, const Read& read) {
  for (const Entry& entry : access.entries) {
    const auto grantee = reading.grantee(entry.key, entry.place, "access", part.subject);
    const std::vector<const Node*> words = names_of(entry.value);
    if (!grantee || words.empty()) continue;
    read(reading.tag(part.address.child("access", entry.key), entry.place), *grantee, words);
  }
}

}  // namespace

void read_database_access(const Node& access, const Part& database, Reading& reading) {
  each_grantee(
      access, database, reading,
      [&](const sql::Tag& tag, const sql::Grantee& grantee, const std::vector<const Node*>& words) {
        sql::AccessWish wish{
            .tag = tag, .grantee = grantee, .target = sql::the_database(reading.database)};
        wish.privileges =
            read_privileges(words, ObjectClass::kDatabase, reading.version(), database.subject);
        reading.wish(reading.inside.wishes.access, std::move(wish));
      });
}

void read_schema_access(const Node& access, const SchemaAccess& about, const Part& schema,
                        Reading& reading) {
  each_grantee(
      access, schema, reading,
      [&](const sql::Tag& tag, const sql::Grantee& grantee, const std::vector<const Node*>& words) {
        SchemaShares joined(reading, schema.subject);
        joined.take(words);
        for (const auto& [object_class, share] : joined.shares()) {
          if (share.existing) {
            reading.wish(reading.inside.wishes.access,
                         sql::AccessWish{.tag = tag,
                                         .grantee = grantee,
                                         .target = target_in(object_class, about.schema),
                                         .privileges = *share.existing,
                                         .covers_future = share.covers_future()});
          }
          if (share.future) {
            reading.wish(reading.inside.wishes.future, sql::FutureWish{.tag = tag,
                                                                       .schema = about.schema,
                                                                       .object_class = object_class,
                                                                       .grantee = grantee,
                                                                       .privileges = *share.future,
                                                                       .creators = about.creators});
          }
        }
      });
}

void close_database(const Place& place, const Part& database, Reading& reading) {
  const sql::Tag tag = reading.tag(database.address.singleton("exclusive"), place);
  reading.wish(reading.inside.wishes.exclusive,
               sql::ExclusiveWish{.tag = tag, .target = sql::the_database(reading.database)});
}

void close_schema(const Place& place, const std::string& name, const Part& schema,
                  Reading& reading) {
  const sql::Tag tag = reading.tag(schema.address.singleton("exclusive"), place);
  std::vector<ObjectClass> classes = {ObjectClass::kSchema};
  classes.insert(classes.end(), kClassesInSchema.begin(), kClassesInSchema.end());
  for (const ObjectClass object_class : classes) {
    reading.wish(reading.inside.wishes.exclusive,
                 sql::ExclusiveWish{.tag = tag, .target = target_in(object_class, name)});
  }
}

}  // namespace weir::inside
