// Access profiles: those that weir knows and those of the manifest, in one form.
#pragma once

#include <array>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "manifest/declaring.h"
#include "manifest/inside/forms.h"
#include "sql/privilege.h"

namespace weir::inside {

/// The classes of objects that a schema contains.
inline constexpr std::array kClassesInSchema = {
    sql::ObjectClass::kTable, sql::ObjectClass::kSequence, sql::ObjectClass::kRoutine,
    sql::ObjectClass::kType};

/// What a profile says of one class.
struct ProfilePart {
  sql::ObjectClass object_class = sql::ObjectClass::kSchema;
  sql::PrivilegeSet privileges = {};
  bool is_all = false;  ///< all that there are in whichever version
  bool is_for_existing = true;
  bool is_for_future = true;

  sql::PrivilegeSet privileges_in(sql::ServerVersion version) const;
};

/// The classes that it names; others it leaves alone.
struct AccessProfile {
  std::vector<ProfilePart> parts = {};
};

class Profiles {
 public:
  /// Reads `access_profiles:` and reports what is wrong with them.
  explicit Profiles(const Declaring& declaring);

  /// Null when there is none of that name.
  const AccessProfile* find(std::string_view name) const;
  std::vector<std::string_view> names() const;

 private:
  void read(const Entry& entry, const Declaring& declaring);

  std::map<std::string, AccessProfile, std::less<>> profiles_;
};

/// The privileges that some words name; those that do not exist for the class are reported. `all`
/// is what there is in `version`.
sql::PrivilegeSet read_privileges(const std::vector<const Node*>& words,
                                  sql::ObjectClass object_class, sql::ServerVersion version,
                                  const Subject& subject);

}  // namespace weir::inside
