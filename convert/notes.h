// Other tools' declarations become a manifest. Here: what is said of what does not come along.
#pragma once

#include <set>
#include <string>
#include <tuple>

#include "core/diagnostic.h"

namespace weir::convert {

/// What is spoken of: where it is written, or in JSON, which has no lines worth naming, its
/// address.
struct Spot {
  Place place = {};
  std::string address = {};
};

/// The same is said once, however many environments have it. Messages never have values of a
/// source, as any of them may be a secret: only keys and names.
class Notes {
 public:
  explicit Notes(Diagnostics& diagnostics) : diagnostics_(diagnostics) {}

  /// Something of the source is not in the manifest.
  void lost(const Spot& spot, std::string message, std::string hint) {
    add(Severity::kWarning, spot, std::move(message), std::move(hint));
  }
  /// The manifest says something that the source does not, or in another way.
  void remark(const Spot& spot, std::string message, std::string hint = {}) {
    add(Severity::kNote, spot, std::move(message), std::move(hint));
  }

 private:
  static constexpr std::size_t kMost = 10'000;

  void add(Severity severity, const Spot& spot, std::string message, std::string hint) {
    if (said_.size() > kMost || !said_.emplace(spot.place, spot.address, message).second) return;
    if (said_.size() > kMost) {
      message = "there is more to say than anybody reads";
      hint = "convert smaller parts, one by one";
    }
    diagnostics_.add({.severity = severity,
                      .address = spot.address,
                      .message = std::move(message),
                      .hint = std::move(hint),
                      .place = spot.place});
  }

  Diagnostics& diagnostics_;
  std::set<std::tuple<Place, std::string, std::string>> said_;
};

}  // namespace weir::convert
