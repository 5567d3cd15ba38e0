// What is remembered, by its name in the workspace.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/store.h"

namespace weir {

class KnownNames {
 public:
  void remember(const Record& record) {
    addresses_[record.remote_name] = record.address;
    names_[record.address] = record.remote_name;
  }
  void forget(const Address& address) {
    const auto known = names_.find(address);
    if (known == names_.end()) return;
    // It may be remembered under another address by now.
    const auto of = addresses_.find(known->second);
    if (of != addresses_.end() && of->second == address) addresses_.erase(of);
    names_.erase(known);
  }
  /// Of all whose names begin so, in their order.
  std::vector<Address> beginning_with(std::string_view prefix) const {
    std::vector<Address> found;
    for (auto at = addresses_.lower_bound(prefix);
         at != addresses_.end() && at->first.starts_with(prefix); ++at) {
      found.push_back(at->second);
    }
    return found;
  }

 private:
  std::map<std::string, Address, std::less<>> addresses_;  ///< by remote name
  std::map<Address, std::string> names_;
};

}  // namespace weir
