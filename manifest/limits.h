// The service's limits as data: the sources disagree about some, so a manifest can override them.
#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>

#include "core/document.h"

namespace weir {

struct LimitText {
  std::string_view name;     ///< "branch_ttl_maximum"
  std::string_view value;    ///< as a manifest would have it: "30d", "10", "true"
  std::string_view doc;      ///< one sentence
  std::string_view source;   ///< sheet and rule
  bool is_disputed = false;  ///< the sources disagree
};

/// All limits, of the version of the service that the reference describes.
std::span<const LimitText> all_limits();

/// The limits in force: the table, and over it what the manifest says.
class Limits {
 public:
  explicit Limits(const std::map<std::string, Document>& overrides = {});
  double number(std::string_view name) const;
  /// A duration in canonical form, "2592000s".
  std::string duration(std::string_view name) const;
  bool flag(std::string_view name) const;

 private:
  const Document& find(std::string_view name) const;

  std::map<std::string, Document, std::less<>> values_;
};

}  // namespace weir
