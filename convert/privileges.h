// Grants one by one, as other tools have them, become access by profiles where they say the same.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "convert/notes.h"
#include "core/document.h"
#include "sql/privilege.h"

namespace weir::convert {

/// What somebody has now. Without objects it is on the schema or the database itself, or on all
/// objects of the class that the schema has.
struct Grant {
  Spot spot = {};
  std::string to = {};  ///< a key of the manifest
  sql::ObjectClass object_class = sql::ObjectClass::kTable;
  std::string schema = {};
  std::vector<std::string> objects = {};
  std::vector<std::string> columns = {};
  sql::PrivilegeSet privileges = {};  ///< none of them: what is there is taken away
  bool is_grantable = false;
};

/// What somebody gets on what `creator` makes later; everywhere, when there is no schema.
struct DefaultGrant {
  Spot spot = {};
  std::string creator = {};
  std::string schema = {};
  std::string to = {};
  sql::ObjectClass object_class = sql::ObjectClass::kTable;
  sql::PrivilegeSet privileges = {};
  bool is_grantable = false;
};

struct DatabaseGrants {
  std::vector<Grant> grants = {};
  std::vector<DefaultGrant> defaults = {};
};

/// `access_profiles` of the manifest; one for each content.
class AccessProfiles {
 public:
  /// The name under which a profile with this content shall be made.
  void suggest(const std::string& name, const Document& content);
  /// The name of the profile with this content, which is made when there is none.
  std::string name_of(const Document& content);
  const Document& made() const { return made_; }

 private:
  std::vector<std::pair<Document, std::string>> suggested_;
  Document made_ = Document::object();
};

/// What a profile says that gives these privileges on a schema's objects, now and later.
Document profile_content(const std::map<sql::ObjectClass, sql::PrivilegeSet>& existing,
                         const std::map<sql::ObjectClass, sql::PrivilegeSet>& future);

/// Writes `access` of a database and its schemas, and the rest as grants and default privileges.
void write_privileges(const DatabaseGrants& all, Document& database, AccessProfiles& profiles);

/// The class that a word of another tool names: "table", "materialized_view", "procedure".
std::optional<sql::ObjectClass> class_named(std::string_view word);

}  // namespace weir::convert
