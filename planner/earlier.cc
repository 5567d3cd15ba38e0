#include "planner/earlier.h"

#include <fmt/format.h>

namespace weir {
std::string said_of_removal(const Manifest& manifest, const Address& address) {
  for (const Removed& removed : manifest.removed) {
    if (address.is_within(removed.address)) return removed.is_abandoned ? "keep" : "delete";
  }
  return "";
}

void check_moves(Draft& draft) {
  for (const Moved& moved : draft.manifest.moved) {
    const auto record = draft.records.find(moved.from);
    const Wish* wish = draft.wishes.find(moved.to);
    if (record == draft.records.end() || wish == nullptr || wish->remote_name.empty()) continue;
    if (record->second.remote_name == wish->remote_name) continue;
    draft.refuse(
        "P019", moved.to, moved.place,
        fmt::format("is not what was declared at {}: that is {} in the workspace, and this "
                    "is {}",
                    moved.from.text(), record->second.remote_name, wish->remote_name),
        fmt::format("write id: {}, or take the move away: the service renames nothing",
                    record->second.remote_name.substr(record->second.remote_name.rfind('/') + 1)));
  }
}

}  // namespace weir
