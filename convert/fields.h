// Values as the service's API spells them, in the words of manifests: by the tables of the kinds.
#pragma once

#include <functional>
#include <set>
#include <string>
#include <string_view>

#include "convert/notes.h"
#include "core/kind.h"
#include "manifest/node.h"

namespace weir::convert {

/// A map of a source that remembers what was taken from it, so that the rest can be told.
class Body {
 public:
  explicit Body(const Node& node) : node_(node) {}

  const Node& node() const { return node_; }
  /// The value at a dotted path, with all that is in it; null when it is not there or is null.
  const Node* take(std::string_view path);
  /// The same without taking it.
  const Node* look(std::string_view path) const;
  /// The text of a scalar, or "".
  std::string take_text(std::string_view path);
  bool take_flag(std::string_view path);
  bool was_taken(const Node& node) const { return taken_.contains(&node); }

 private:
  const Node& node_;
  std::set<const Node*> taken_;
};

using Tell = std::function<void(const std::string& path, const Node& value, const Place& place)>;
/// Calls `tell` with each value that was not taken; maps in which nothing was taken are told as
/// one.
void for_each_rest(const Body& body, const Tell& tell);
/// Says of each value that was not taken that it does not come along.
void tell_rest(const Body& body, const std::string& address, Notes& notes);

struct Written {
  Document value = nullptr;  ///< as a manifest has it; null: nothing to say
  std::string problem = {};  ///< why it cannot be said
};
/// Translates one value of the API. Texts with "${…}" are what manifests have already.
Written written_field(const Field& field, const Node& value);
/// Takes a field from where requests have it, the members of oneofs among them. `root` is what all
/// paths of the kind begin with that this source leaves out: "spec." in bundles.
Written take_field(const Field& field, std::string_view root, Body& body);

/// Puts a value of a dotted field, such as "default_endpoint.cu", into a declaration.
void put_field(Document& fields, const Field& field, Document value);
/// min_cu and max_cu that are the same become cu.
void join_capacity(Document& fields);

}  // namespace weir::convert
