// The inside of one database, or of a branch's roles, while it is read.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "manifest/declaring.h"
#include "manifest/inside.h"
#include "manifest/inside/aliases.h"
#include "manifest/inside/forms.h"
#include "manifest/inside/profiles.h"
#include "manifest/inside/written_words.h"

namespace weir::inside {

/// A part of the manifest that wishes come from: its mistakes have its address, and its wishes tags
/// below it.
struct Part {
  Address address;
  Subject subject;
};

class Reading {
 public:
  /// `wishes_left` is what the whole manifest may still wish for.
  Reading(const Declaring& declaring, const Aliases& aliases, const Profiles& profiles,
          sql::ServerVersion version, std::size_t& wishes_left)
      : declaring_(declaring),
        aliases_(aliases),
        profiles_(profiles),
        version_(version),
        wishes_left_(wishes_left) {}

  Inside inside = {};
  Address branch = {};        ///< whose roles may be named
  std::string database = {};  ///< its name inside PostgreSQL

  const Profiles& profiles() const { return profiles_; }
  sql::ServerVersion version() const { return version_; }
  Part part_at(Address address) const;

  /// The tag of what stands at an address, with its place.
  sql::Tag tag(const Address& address, const Place& place);
  /// A role by its alias; what nobody declares is reported. `what` begins the message.
  std::optional<std::string> role(std::string_view alias, const Place& place, std::string_view what,
                                  const Subject& subject);
  /// The same, or PUBLIC.
  std::optional<sql::Grantee> grantee(std::string_view alias, const Place& place,
                                      std::string_view what, const Subject& subject);

  /// Adds a wish, as long as there are not too many.
  template <typename Wish>
  void wish(std::vector<Wish>& wishes, Wish wish) {
    if (spend(inside.places.at(wish.tag))) wishes.push_back(std::move(wish));
  }

  /// Puts everything into an order that does not depend on that of keys.
  Inside finish();

 private:
  bool spend(const Place& place);

  const Declaring& declaring_;
  const Aliases& aliases_;
  const Profiles& profiles_;
  sql::ServerVersion version_;
  std::size_t& wishes_left_;
};

}  // namespace weir::inside
