// From what exists and what is wanted to the statements that lead there.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sql/catalogue.h"
#include "sql/wishes.h"

namespace weir::sql {

struct Statement {
  std::string text = {};
  std::vector<Tag> tags = {};  ///< of all wishes that it serves, ordered
  /// What and why, in a sentence: "2 of 312 tables lack SELECT for ana: app.a, app.b".
  std::string why = {};
  bool takes_away = false;
  /// Others need it, and no wish does: the database is the same before and after.
  bool is_auxiliary = false;
  /// Where in the text the literal goes that is not shown; see with_secret.
  std::optional<std::size_t> secret_at = {};

  bool operator==(const Statement&) const = default;
};

enum class FindingKind : std::uint8_t {
  kInvalidWish,    ///< it cannot be carried out anywhere
  kMissingRole,    ///< it names a role that neither exists nor is wished
  kMissingObject,  ///< it names an object that neither exists nor is wished
  kNotAllowed,     ///< the current user may not, and may not help itself either
  kCircular,       ///< grantees gave it to each other, so that the owner cannot take it back
  kUnsupported,    ///< this server's version cannot
  kNotForFuture,   ///< objects that come later will be closed to the grantee
  kPublicDefault,  ///< the wish does not reach what PUBLIC gets by itself
  kOpenLater,      ///< later objects will be open to somebody whom nothing declares
  kAwaitsTable,    ///< it is for a table that nobody has made yet
  kStillOpen,      ///< who is to have nothing on an object gets at it in another way
  kUnknown,        ///< the server showed what this version of weir does not know
};

/// What no statement of the list does or can do.
struct Finding {
  FindingKind kind = FindingKind::kInvalidWish;
  std::vector<Tag> tags = {};
  std::string text = {};

  /// Something that is wanted will not be so.
  bool is_error() const;
  bool operator==(const Finding&) const = default;
};

/// The statements belong into one transaction, in their order.
struct Difference {
  std::vector<Statement> statements = {};
  std::vector<Finding> findings = {};
  /// What whom no wish names has on objects that wishes do name, in sentences: it is left alone.
  std::vector<std::string> strangers = {};
};

/// The same for the same catalogue and wishes, in whatever order the wishes stand. After the
/// statements were executed by the catalogue's reader there are none the next time.
Difference difference(const Catalogue& catalogue, const Wishes& wishes);

/// The catalogue as it is once the wishes for roles and memberships are carried out.
Catalogue with_roles(const Catalogue& catalogue, const Wishes& wishes);

}  // namespace weir::sql
