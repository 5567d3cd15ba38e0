#include "manifest/manifest.h"

#include <algorithm>

#include <fmt/format.h>

namespace weir {

std::string Declaration::remote_name() const {
  if (kind == nullptr) return "";
  const bool is_at_top = kind->is_apart || kind->parent.empty();
  // What contains it may be known to the workspace alone.
  if (!is_at_top && remote_parent.empty()) return "";
  const std::string prefix = remote_parent.empty() ? "" : remote_parent + "/";
  if (kind->has_id()) return fmt::format("{}{}/{}", prefix, kind->name_key(), id);
  return kind->is_alone() ? prefix + std::string(kind->name_key()) : "";
}

const Place& Declaration::place_of(const std::string& field) const {
  const auto found = field_places.find(field);
  return found == field_places.end() ? place : found->second;
}

const Declaration* Manifest::find(const Address& address) const {
  const auto found = std::lower_bound(declarations.begin(), declarations.end(), address,
                                      [](const Declaration& declaration, const Address& wanted) {
                                        return declaration.address < wanted;
                                      });
  return found != declarations.end() && found->address == address ? &*found : nullptr;
}

const Origin* MergedTree::origin_of(const Node& node) const {
  return node.origin == 0 || node.origin > origins.size() ? nullptr : &origins[node.origin - 1];
}

}  // namespace weir
