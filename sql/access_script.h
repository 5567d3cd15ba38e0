// Steps on many objects, gathered into few statements.
#pragma once

#include <compare>
#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "sql/acl_change.h"
#include "sql/draft.h"
#include "sql/wanted_access.h"

namespace weir::sql {

/// Steps over columns surround those over tables, as a REVOKE on a table reaches its columns.
enum class Round : std::uint8_t { kColumnsBefore, kMain, kColumnsAfter };

/// "app.t", of a column "app.t.a"; for sentences.
std::vector<std::string> full_names(const ObjectGroup& group,
                                    const std::vector<std::string>& names);

class AccessScript {
 public:
  explicit AccessScript(Draft& draft);

  /// Notes steps on the objects of a part; `as_role` is whom to be meanwhile, 0 the current user.
  void record(Round round, const ObjectGroup& group, const std::vector<AclStep>& steps,
              const WantedPart& part, RoleId as_role, bool is_passing = false);
  /// Adds the statements to the draft: by class and place, one for each kind of step.
  void write();
  /// What each of them is about, in place of the statements.
  std::vector<std::string> sentences();

 private:
  /// What one statement does, apart from the objects.
  struct Stroke {
    Round round = Round::kMain;
    ObjectClass object_class = ObjectClass::kTable;
    std::string schema = {};
    std::string table = {};
    RoleId as_role = 0;
    int step_round = kFirstRound;
    AclVerb verb = AclVerb::kGrant;
    bool cascades = false;
    PrivilegeSet privileges = {};
    std::vector<RoleId> grantees = {};
    bool is_passing = false;  ///< in the end the objects are as before

    auto operator<=>(const Stroke&) const = default;
  };
  struct Subjects {
    std::vector<std::string> names = {};
    std::vector<Tag> tags = {};
  };

  void become(RoleId role);
  void write(const Stroke& stroke, Subjects& subjects);
  void write_statement(const Stroke& stroke, const std::vector<std::string>& names,
                       const std::vector<Tag>& tags, bool is_whole_schema);
  ObjectName object(const Stroke& stroke, const std::string& name) const;
  std::size_t count_of(const Stroke& stroke) const;
  std::string sentence(const Stroke& stroke, const std::vector<std::string>& names) const;
  std::string objects_in_words(const Stroke& stroke, const std::vector<std::string>& names) const;

  Draft& draft_;
  std::map<std::tuple<ObjectClass, std::string, std::string>, std::size_t> counts_;
  std::map<Stroke, Subjects> strokes_;
  RoleId now_ = 0;  ///< whose statements are written
};

}  // namespace weir::sql
